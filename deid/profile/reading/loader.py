"""Loading profiles and options: find the file, check it against the schema, follow `extends`.

Layers, of which a later one overrides an earlier: the profile it extends; the options that the file names; the file's
own rules; the options of the command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deid.errors import ProfileError
from deid.profile.builtin import option_paths, profile_paths
from deid.profile.lookup.model import OptionInfo, Profile, ProfileInfo
from deid.profile.reading.compiling import DeviceLayer, OptionLayer, ProfileLayer, compile_layers
from deid.profile.reading.devices import load_devices
from deid.profile.reading.dictionary import nearest
from deid.profile.reading.rules import check_rules
from deid.profile.reading.schema import OptionFile, ProfileFile
from deid.profile.reading.source import Location, Source, read_source
from deid.profile.reading.text_policy import text_problems
from deid.profile.reading.validating import validate

if TYPE_CHECKING:
    from collections.abc import Sequence

_YAML_SUFFIXES = {".yaml", ".yml"}


@dataclass(frozen=True)
class _Loaded:
    file: ProfileFile
    source: Source
    name: str
    builtin: bool


def compiled(name_or_path: str, options: Sequence[str] = (), devices: Sequence[str] = ()) -> Profile:
    """As `deid.profile.load_profile`, from the YAML."""
    return compile_layers(load_layers(name_or_path, options, devices))


def load_layers(
    name_or_path: str, options: Sequence[str] = (), devices: Sequence[str] = ()
) -> list[ProfileLayer | OptionLayer | DeviceLayer]:
    """The layers that `compiled` puts together, the most basic first."""
    layers: list[ProfileLayer | OptionLayer | DeviceLayer] = []
    for loaded in reversed(_chain(name_or_path)):
        options_place: Location = ("options",)
        layers.extend(
            _option_layer(option, loaded.source, (*options_place, index))
            for index, option in enumerate(loaded.file.options)
        )
        layers.append(_profile_layer(loaded))
    layers.extend(_option_layer(option) for option in options)
    layers.extend(DeviceLayer(load_devices(name)) for name in devices)
    return layers


def list_profiles() -> list[ProfileInfo]:
    """The profiles that ship with deid, by name."""
    infos = []
    for name, path in profile_paths().items():
        file = validate(read_source(path), ProfileFile)
        infos.append(ProfileInfo(name, file.title or name, file.description or ""))
    return infos


def list_options() -> list[OptionInfo]:
    """The options that `--option` and `options:` take, by name."""
    return [_option_info(name, validate(read_source(path), OptionFile)) for name, path in option_paths().items()]


def _chain(name_or_path: str) -> list[_Loaded]:
    """The profile and those it extends, the outermost last."""
    path = _find(name_or_path)
    if path is None:
        raise ProfileError(f"unknown profile `{name_or_path}`", remedy=_profile_remedy(name_or_path))
    chain: list[_Loaded] = []
    seen: set[Path] = set()
    while True:
        loaded = _load(path)
        chain.append(loaded)
        seen.add(path.resolve())
        parent = loaded.file.extends
        if parent is None:
            _require_defaults(loaded)
            return chain
        found = _find(parent, path.resolve().parent)
        if found is None:
            raise loaded.source.error(("extends",), f"unknown profile `{parent}`", _profile_remedy(parent))
        if found.resolve() in seen:
            raise loaded.source.error(
                ("extends",), f"`extends: {parent}` closes a circle", "extend a built-in profile, such as basic"
            )
        path = found


def _find(name_or_path: str, folder: Path = Path()) -> Path | None:
    """The file of a name, or of a path that may be relative to `folder`; None for an unknown name."""
    if Path(name_or_path).suffix.lower() in _YAML_SUFFIXES:
        return folder / name_or_path
    return profile_paths().get(name_or_path)


def _profile_remedy(name: str) -> str:
    return f"{nearest(name, list(profile_paths()))} (a file of your own ends in .yaml)"


def _load(path: Path) -> _Loaded:
    source = read_source(path)
    file = validate(source, ProfileFile)
    name = file.name or path.stem
    builtin = path in profile_paths().values()
    if not builtin and name in profile_paths().keys() | option_paths().keys():
        raise source.error(("name",), f"`{name}` is the name of a built-in", "give it another name with `name:`")
    return _Loaded(file, source, name, builtin)


def _require_defaults(loaded: _Loaded) -> None:
    """A profile on its own must say what it does to attributes without a rule: silence must not keep a name."""
    for key in ("unlisted", "method_code", "code_meaning"):
        if getattr(loaded.file, key) is None:
            remedy = f"add `extends: basic`, or `{key}:` if it really stands alone"
            raise loaded.source.error((), f"the profile extends nothing and has no `{key}:`", remedy)


def _profile_layer(loaded: _Loaded) -> ProfileLayer:
    for problem in text_problems(loaded.file.text, loaded.source):
        raise problem
    origin = loaded.file.title if loaded.builtin and loaded.file.title else f"profile {loaded.name}"
    folder = Path(loaded.source.origin).parent
    devices = [
        device
        for index, name in enumerate(loaded.file.devices)
        for device in load_devices(name, loaded.source, ("devices", index))
    ]
    rules = check_rules(loaded.file.rules, loaded.source)
    return ProfileLayer(loaded.name, loaded.file, rules, origin, folder, tuple(devices))


def _option_layer(name: str, source: Source | None = None, place: Location = ()) -> OptionLayer:
    path = option_paths().get(name)
    if path is None:
        message, remedy = f"unknown option `{name}`", nearest(name, list(option_paths()))
        raise source.error(place, message, remedy) if source is not None else ProfileError(message, remedy=remedy)
    option_source = read_source(path)
    file = validate(option_source, OptionFile)
    return OptionLayer(_option_info(name, file), check_rules(file.rules, option_source))


def _option_info(name: str, file: OptionFile) -> OptionInfo:
    code, meaning = file.method_code or "", file.code_meaning or ""
    return OptionInfo(name, file.title, file.description, code, meaning, file.repair == "yes")
