"""What becomes of an instance that nobody can or should look at: left out, or with black frames."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from pydicom.encaps import encapsulate
from pydicom.uid import RLELossless, VLWholeSlideMicroscopyImageStorage

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.fill import Fill
from deid.pixels.codecs.format import MAX_FRAME_BYTES, PIXEL_KEYWORDS, pixel_format, value_of
from deid.pixels.codecs.recoding import Patterns
from deid.pixels.codecs.registry import NATIVE
from deid.pixels.codecs.rle import RleCodec
from deid.pixels.codecs.samples import paint, pattern_of
from deid.pixels.redaction.redact import AttributeChange, Redaction
from deid.plan import Box, Region

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from deid.pixels.codecs.format import PixelFormat
    from deid.profile.lookup.pixel_policy import PixelPolicy

UNCHECKABLE: Final = frozenset({Reason.UNSUPPORTED_SYNTAX, Reason.UNDECODABLE_PIXELS, Reason.UNREDACTABLE_PIXELS})
"""Reasons that speak of the pixels alone: the rest of the instance is in order."""
_SLIDE_LABELS: Final = frozenset({"LABEL", "OVERVIEW"})
_STAYS: Final = frozenset({"MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "YBR_FULL"})
"""Photometric interpretations that RLE can have (PS3.5 8.2.2); black in any other is written as RGB."""
_MOST_BYTES: Final = 1 << 30


def refuse_slide_label(dataset: Dataset, policy: PixelPolicy) -> None:
    """Leave out label and overview images of slides (PS3.3 C.8.12.4.1.1): they show the label with the patient's name.

    Raises:
        InstanceError: LEFT_OUT.
    """
    if policy.slide_labels == "keep" or value_of(dataset, "SOPClassUID") != VLWholeSlideMicroscopyImageStorage:
        return
    kinds = value_of(dataset, "ImageType") or ()
    if not _SLIDE_LABELS.isdisjoint({kinds} if isinstance(kinds, str) else map(str, kinds)):
        raise InstanceError(Reason.LEFT_OUT, "a label or overview image of a slide")


def reason_to_blank(error: InstanceError, policy: PixelPolicy) -> Reason:
    """Why all frames go black: `error` told that they can't be looked at, and the profile has them blanked then.

    Raises:
        InstanceError: `error` itself, or LEFT_OUT where the profile leaves such instances out.
    """
    if error.reason not in UNCHECKABLE or policy.uncheckable == "quarantine":
        raise error
    if policy.uncheckable == "drop":
        raise InstanceError(Reason.LEFT_OUT, f"its pixels can't be checked: {error.reason}") from None
    return error.reason


def blanked(dataset: Dataset) -> Redaction:
    """All frames black, in RLE: video can't be coded here, and black takes no room so.

    Raises:
        InstanceError: The frames are not encapsulated, or their attributes make no sense, so that nobody knows what
            black is; or they are too many.
    """
    keyword = next((keyword for keyword in PIXEL_KEYWORDS if keyword in dataset), None)
    if keyword is None or str(dataset.file_meta.TransferSyntaxUID) in NATIVE:
        raise InstanceError(Reason.UNSUPPORTED_SYNTAX, "native pixel data that can't be understood can't be blanked")
    fmt = pixel_format(dataset, keyword)
    if fmt.photometric not in _STAYS:
        fmt = replace(fmt, photometric="RGB")
    if fmt.frame_bytes > MAX_FRAME_BYTES:
        raise InstanceError(Reason.TOO_LARGE, "a decoded frame would exceed the limit of a frame's memory")
    frame = _black_frame(dataset, fmt)
    if len(frame) * fmt.frames > _MOST_BYTES:
        raise InstanceError(Reason.TOO_LARGE, "black frames would take too much room")
    changes = [
        AttributeChange(keyword, "OB", encapsulate([frame] * fmt.frames), undefined_length=True),
        AttributeChange("PhotometricInterpretation", "CS", fmt.photometric),
    ]
    whole = Region(Box(0, 0, fmt.columns, fmt.rows), range(fmt.frames), ("its pixels can't be checked",))
    return Redaction((whole,), tuple(changes), RLELossless)


def _black_frame(dataset: Dataset, fmt: PixelFormat) -> bytes:
    black = Fill.of(dataset, fmt).values(None, fmt.photometric, fmt.bits_allocated)
    array = np.zeros(fmt.shape, f"u{max(1, fmt.bits_allocated // 8)}")
    paint(array, [Box(0, 0, fmt.columns, fmt.rows)], [pattern_of(int(v), fmt, fmt.bits_allocated) for v in black])
    return RleCodec().encode_patterns(Patterns(array, fmt.bits_allocated), b"", fmt)
