"""Loading profiles and options: find the file, check it against the schema, follow `extends`.

Layers, of which a later one overrides an earlier: the profile it extends; the options that the file names; the file's
own rules; the options of the command line.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from deid.errors import ProfileError
from deid.profile.builtin import option_paths, profile_paths
from deid.profile.compiling import OptionLayer, ProfileLayer, compile_layers
from deid.profile.dictionary import nearest
from deid.profile.model import OptionInfo, Profile, ProfileInfo
from deid.profile.rules import check_rules
from deid.profile.schema import ConditionEntry, OptionFile, PixelEntry, ProfileFile, RuleEntry, TextEntry
from deid.profile.source import Location, Source, read_source
from deid.profile.text_policy import text_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

_YAML_SUFFIXES = {".yaml", ".yml"}
_INNER_MODELS: dict[str, type[BaseModel]] = {"rules": RuleEntry, "pixels": PixelEntry, "text": TextEntry}
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class _Loaded:
    file: ProfileFile
    source: Source
    name: str
    builtin: bool


def load_profile(name_or_path: str, options: Sequence[str] = ()) -> Profile:
    """The compiled profile of that name, or of that YAML file, with the named options on top.

    Args:
        name_or_path: A built-in's name such as `basic`, or a path to a file ending in .yaml or .yml.
        options: Names of options such as `retain-uids`; neither order nor repetition matters.

    Raises:
        ProfileError: Unknown name, or a file that is not a valid profile; names file and line, and says the remedy.
        EnvironmentFault: The built-in profiles are missing from this installation.
    """
    return compile_layers(load_layers(name_or_path, options))


def load_layers(name_or_path: str, options: Sequence[str] = ()) -> list[ProfileLayer | OptionLayer]:
    """The layers that `load_profile` compiles, the most basic first."""
    layers: list[ProfileLayer | OptionLayer] = []
    for loaded in reversed(_chain(name_or_path)):
        options_place: Location = ("options",)
        layers.extend(
            _option_layer(option, loaded.source, (*options_place, index))
            for index, option in enumerate(loaded.file.options)
        )
        layers.append(_profile_layer(loaded))
    layers.extend(_option_layer(option) for option in options)
    return layers


def list_profiles() -> list[ProfileInfo]:
    """The profiles that ship with deid, by name."""
    infos = []
    for name, path in profile_paths().items():
        file = _validate(read_source(path), ProfileFile)
        infos.append(ProfileInfo(name, file.title or name, file.description or ""))
    return infos


def list_options() -> list[OptionInfo]:
    """The options that `--option` and `options:` take, by name."""
    return [_option_info(name, _validate(read_source(path), OptionFile)) for name, path in option_paths().items()]


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
    file = _validate(source, ProfileFile)
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
    return ProfileLayer(loaded.name, loaded.file, check_rules(loaded.file.rules, loaded.source), origin, folder)


def _option_layer(name: str, source: Source | None = None, place: Location = ()) -> OptionLayer:
    path = option_paths().get(name)
    if path is None:
        message, remedy = f"unknown option `{name}`", nearest(name, list(option_paths()))
        raise source.error(place, message, remedy) if source is not None else ProfileError(message, remedy=remedy)
    option_source = read_source(path)
    file = _validate(option_source, OptionFile)
    return OptionLayer(_option_info(name, file), check_rules(file.rules, option_source))


def _option_info(name: str, file: OptionFile) -> OptionInfo:
    code, meaning = file.method_code or "", file.code_meaning or ""
    return OptionInfo(name, file.title, file.description, code, meaning, file.repair == "yes")


def _validate(source: Source, model: type[_Model]) -> _Model:
    if not isinstance(source.content, dict):
        raise source.error((), "not a profile: a mapping of `key: value` is wanted", "start with `extends: basic`")
    try:
        return model.model_validate(source.content)
    except ValidationError as error:
        raise schema_errors(error, source, model)[0] from error


def schema_errors(error: ValidationError, source: Source, model: type[BaseModel]) -> list[ProfileError]:
    """What is wrong with a file, one error a place, the most telling first."""
    found: dict[Location, ProfileError] = {}
    for problem in sorted(error.errors(), key=_how_telling):
        place = _written(tuple(problem["loc"]), source, missing=problem["type"] == "missing")
        found.setdefault(place, _schema_error(source, problem, model))
    return list(found.values())


def _how_telling(problem: ErrorDetails) -> tuple[bool, bool, int]:
    # A misspelt key first: that another one is missing is often just its consequence. Of the alternatives of a value
    # the one that it came nearest to: not of another type, and wrong in the inside.
    return problem["type"] != "extra_forbidden", problem["type"].endswith("_type"), -len(problem["loc"])


def _schema_error(source: Source, problem: ErrorDetails, model: type[BaseModel]) -> ProfileError:
    location = _written(tuple(problem["loc"]), source, missing=problem["type"] == "missing")
    key = location[-1] if location else ""
    if problem["type"] == "extra_forbidden":
        return source.error(location, f"unknown key `{key}`", nearest(str(key), _keys_at(location, model)))
    if problem["type"] == "missing":
        return source.error(location[:-1], f"`{key}:` is missing", f"add `{key}:`")
    if problem["type"] == "literal_error" and isinstance(problem["input"], str):
        expected = str(problem["ctx"]["expected"])
        name = next((str(part) for part in reversed(location) if isinstance(part, str)), "value")
        return source.error(
            location, f"`{problem['input']}` is no value of `{name}:`", _use(problem["input"], expected)
        )
    return source.error(location, f"`{key}`: {problem['msg']}", "correct the value")


def _use(given: str, expected: str) -> str:
    """The remedy for a value that is none of those expected, `'a', 'b' or 'c'`."""
    names = re.findall(r"'([^']*)'", expected)
    close = difflib.get_close_matches(given, names, n=2, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else f"use {expected}"


def _written(location: Location, source: Source, *, missing: bool) -> Location:
    """The place without what pydantic adds to it: the names of the alternatives of a value."""
    end = location[-1:] if missing else ()
    place = location[:-1] if missing else location
    written: Location = ()
    for part in place:
        written = (*written, part) if (*written, part) in source.lines else written
    return (*written, *end)


def _keys_at(location: Location, model: type[BaseModel]) -> list[str]:
    inner = _INNER_MODELS.get(str(location[0]), model) if len(location) > 1 else model
    if "when" in location[2:-1]:
        inner = ConditionEntry
    return [field.alias or name for name, field in inner.model_fields.items()]
