"""The profiles that ship with deid as they were compiled by `deid.profile.generate`.

To read and check their YAML takes as long as the rest of what a run does before its first file. What is stored holds
for that YAML alone: where a byte of it differs, it is compiled anew.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import zlib
from typing import TYPE_CHECKING, Any

from deid.profile.builtin import profiles_directory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from deid.profile.lookup.model import Profile

_DIGEST_BYTES = hashlib.sha256().digest_size
_BUILTINS = frozenset({("builtins", "frozenset"), ("builtins", "range")})


def load_profile(name_or_path: str, options: Sequence[str] = (), devices: Sequence[str] = ()) -> Profile:
    """The compiled profile of that name, or of that YAML file, with the named options on top.

    Args:
        name_or_path: A built-in's name such as `basic`, or a path to a file ending in .yaml or .yml.
        options: Names of options such as `retain-uids`; neither order nor repetition matters.
        devices: Files of known devices, or names of those that ship with deid, besides those of the profile.

    Raises:
        ProfileError: Unknown name, or a file that is not a valid profile; names file and line, and says the remedy.
        EnvironmentFault: The built-in profiles are missing from this installation.
    """
    stored = stored_profile(name_or_path) if not options and not devices else None
    if stored is not None:
        return stored
    from deid.profile.reading.loader import compiled

    return compiled(name_or_path, options, devices)


def stored_path(folder: Path, name: str) -> Path:
    """Where the built-in profile of that name is stored, in the folder of the built-in YAML."""
    return folder / "compiled" / f"{name}.pickle"


def stored_profile(name: str) -> Profile | None:
    """The built-in profile of that name; None where it is not stored whole, or was made by other YAML or code.

    Raises:
        EnvironmentFault: The built-in profiles are missing from this installation.
    """
    folder = profiles_directory()
    path = stored_path(folder, name)
    # A name, no path: only what is in that folder is ours.
    if path.parent.parent != folder or not path.is_file():
        return None
    data = path.read_bytes()
    if data[:_DIGEST_BYTES] != _digest(folder):
        return None
    try:
        packed = zlib.decompress(data[_DIGEST_BYTES:])
    except zlib.error:
        return None
    try:
        profile: Profile = _Unpacking(io.BytesIO(packed), folder).load()
    except (ImportError, AttributeError, TypeError):
        return None  # a class in it has moved, or takes other fields now
    return profile


def store(profile: Profile, folder: Path) -> bytes:
    """What is to be stored of a profile that was compiled from the YAML in `folder`."""
    stream = io.BytesIO()
    _Packing(stream, folder).dump(profile)
    return _digest(folder) + zlib.compress(stream.getvalue(), 9)


def _digest(folder: Path) -> bytes:
    """That of all built-in YAML: which of it a profile is made from, only reading it could tell."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.digest()


class _Packing(pickle.Pickler):
    """Leaves out where the built-in YAML is: rules name their file."""

    def __init__(self, stream: io.BytesIO, folder: Path) -> None:
        super().__init__(stream, protocol=5)
        self._folder = f"{folder}/"

    def persistent_id(self, obj: Any) -> str | None:  # noqa: ANN401 - whatever a profile holds
        """The path below the folder, of one in it."""
        return obj.removeprefix(self._folder) if isinstance(obj, str) and obj.startswith(self._folder) else None


class _Unpacking(pickle.Unpickler):
    """Puts it in again, and makes nothing but what profiles are made of."""

    def __init__(self, stream: io.BytesIO, folder: Path) -> None:
        super().__init__(stream)
        self._folder = folder

    def persistent_load(self, pid: Any) -> str:  # noqa: ANN401 - as the base class has it
        """The whole path."""
        return f"{self._folder}/{pid}"

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - a class
        """A class of deid's, or a built-in type."""
        if not module.startswith("deid.") and (module, name) not in _BUILTINS:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return super().find_class(module, name)
