"""Known devices: files that say where the overlays of some source of images stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydicom.datadict import tag_for_keyword

from deid.errors import ProfileError
from deid.plan import Box
from deid.profile.builtin import device_paths
from deid.profile.lookup.pixel_policy import Device
from deid.profile.reading.dictionary import nearest
from deid.profile.reading.matcher_entries import conditions_of
from deid.profile.reading.schema import DeviceEntry, DeviceFile
from deid.profile.reading.source import Location, Source, read_source
from deid.profile.reading.validating import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.profile.lookup.conditions import Condition

_YAML_SUFFIXES = {".yaml", ".yml"}
_ROWS, _COLUMNS = (tag_for_keyword(keyword) for keyword in ("Rows", "Columns"))


def load_devices(name_or_path: str, source: Source | None = None, place: Location = ()) -> tuple[Device, ...]:
    """The devices of a file.

    Args:
        name_or_path: The name of a file that ships with deid, or a path; relative to the profile that names it.
        source: The profile that names it, if one does.
        place: Where in that profile.

    Raises:
        ProfileError: An unknown name, or a file that is not valid; with file, line and remedy.
    """
    if Path(name_or_path).suffix.lower() not in _YAML_SUFFIXES:
        path = device_paths().get(name_or_path)
        if path is None:
            message = f"unknown devices `{name_or_path}`"
            remedy = f"{nearest(name_or_path, list(device_paths()))} (a file of your own ends in .yaml)"
            raise source.error(place, message, remedy) if source is not None else ProfileError(message, remedy=remedy)
    else:
        path = (Path(source.origin).parent if source is not None else Path()) / name_or_path
    return check_devices(read_source(path))


def is_device_file(path: str) -> bool:
    """Whether a file is one of known devices, not a profile that names such files.

    Raises:
        ProfileError: It can't be read.
    """
    if Path(path).suffix.lower() not in _YAML_SUFFIXES:
        return False
    content = read_source(Path(path)).content
    listed = content.get("devices") if isinstance(content, dict) else None
    return isinstance(listed, list) and any(isinstance(one, dict) for one in listed)


def check_devices(source: Source) -> tuple[Device, ...]:
    """The devices of a file that was read.

    Raises:
        ProfileError: The first thing that is wrong with it; with file, line and remedy.
    """
    devices = []
    for device in checked_devices(validate(source, DeviceFile), source):
        if isinstance(device, ProfileError):
            raise device
        devices.append(device)
    return tuple(devices)


def checked_devices(file: DeviceFile, source: Source) -> Iterator[Device | ProfileError]:
    """Each device of a file, or what is wrong with it."""
    seen: dict[str, int] = {}
    for index, entry in enumerate(file.devices):
        location: Location = ("devices", index)
        line = source.line_of(location)
        try:
            conditions = conditions_of(entry.when, source, location)
            regions = tuple(_regions(entry, source, location))
            if entry.name in seen:
                message = f"a second device of this name; the first is on line {seen[entry.name]}"
                raise source.error((*location, "name"), message, "name them apart")
        except ProfileError as error:
            yield error
        else:
            seen[entry.name] = line
            yield Device(entry.name, conditions, regions, source.origin, line)


def outside_of_picture(device: Device) -> Box | None:
    """A region that lies outside the picture, if the conditions tell its size."""
    columns, rows = _size(device.conditions, _COLUMNS), _size(device.conditions, _ROWS)
    for box in device.regions:
        if (columns is not None and box.x0 >= columns) or (rows is not None and box.y0 >= rows):
            return box
    return None


def _regions(entry: DeviceEntry, source: Source, location: Location) -> Iterator[Box]:
    for index, region in enumerate(entry.regions):
        box = Box(*region)
        if box.empty:
            message = f"the region {list(region)} holds no pixel"
            raise source.error((*location, "regions", index), message, "write [left, top, right, bottom]")
        yield box


def _size(conditions: tuple[Condition, ...], tag: int | None) -> int | None:
    """The largest value of an attribute that the conditions let pass, if they name values."""
    texts = [text for one in conditions if one.tag == tag and one.test == "equals" for text in one.texts]
    return max(map(int, texts)) if texts and all(text.isdecimal() for text in texts) else None
