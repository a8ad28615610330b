"""Where the profiles that ship with deid are, and which there are."""

from __future__ import annotations

from pathlib import Path

import deid
from deid.errors import EnvironmentFault


def profiles_directory() -> Path:
    """The folder of the built-in YAML: inside an installed wheel, or beside the package in a source checkout.

    Raises:
        EnvironmentFault: It is in neither place.
    """
    package = Path(deid.__file__).resolve().parent
    for folder in (package / "profiles", package.parent / "profiles"):
        if (folder / "basic.yaml").is_file():
            return folder
    raise EnvironmentFault("the built-in profiles are missing", remedy="install deid again")


def profile_paths() -> dict[str, Path]:
    """The built-in profiles by name."""
    return _yaml_files(profiles_directory())


def option_paths() -> dict[str, Path]:
    """The options by name."""
    return _yaml_files(profiles_directory() / "options")


def device_paths() -> dict[str, Path]:
    """The files of known devices by name."""
    return _yaml_files(profiles_directory() / "devices")


def _yaml_files(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}
