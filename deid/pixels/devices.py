"""The regions of known devices that an instance's header matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.attributes.charset import DEFAULT
from deid.attributes.tree import item_encodings
from deid.errors import InstanceError
from deid.plan import Region
from deid.profile.lookup.scope import Scope

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from deid.pixels.codecs.format import PixelFormat
    from deid.profile.lookup.conditions import Condition
    from deid.profile.lookup.pixel_policy import PixelPolicy


def device_regions(dataset: Dataset, fmt: PixelFormat, policy: PixelPolicy) -> tuple[Region, ...]:
    """The regions, inside the picture and in all frames, of every device whose conditions the instance meets.

    Raises:
        InstanceError: MALFORMED, if an attribute that a condition asks can't be read, and nobody looks for text.
    """
    if not policy.devices:
        return ()
    scope = Scope(dataset, item_encodings(dataset, DEFAULT))
    frames = range(fmt.frames)
    regions = [
        Region(box.clipped(fmt.columns, fmt.rows), frames, (f"a known place of text: {device.name}",))
        for device in policy.devices
        if all(_meets(scope, condition, policy) for condition in device.conditions)
        for box in device.regions
    ]
    return tuple(region for region in regions if not region.box.empty)


def _meets(scope: Scope, condition: Condition, policy: PixelPolicy) -> bool:
    try:
        return scope.meets(condition)
    except InstanceError:
        if policy.looks_for_text:
            return False
        raise
