"""From the content of a profile's file to its model, and from what is wrong with it to errors with file and line."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from deid.profile.reading.dictionary import nearest
from deid.profile.reading.schema import ConditionEntry, DeviceEntry, DeviceFile, PixelEntry, RuleEntry, TextEntry

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from deid.errors import ProfileError
    from deid.profile.reading.source import Location, Source

_INNER_MODELS: dict[str, type[BaseModel]] = {"rules": RuleEntry, "pixels": PixelEntry, "text": TextEntry}
_Model = TypeVar("_Model", bound=BaseModel)

_MAPPING = ("a mapping", "write `key: value`, or several as `{key: value, key: value}`")
_WANTED = {
    "tuple_type": ("a list", "write `[first, second]`, or each entry on a line of its own that begins with `- `"),
    "string_type": ("a text", "write one value"),
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dict_type": _MAPPING,
}
"""What a value of another kind should have been, by pydantic's type of error, and how that is written."""
_FORMS = {
    "frames": 'write all, first, or numbers from 1 such as "1-10, 20"',
    "name": "use at most 64 letters, digits and . _ -, the first a letter or digit",
    "method_code": "use at most 16 letters, digits and . _ -",
}
"""How values of a certain form are written, by key."""


def validate(source: Source, model: type[_Model]) -> _Model:
    """The content of a file as its model.

    Raises:
        ProfileError: The most telling of its faults, with file, line and remedy.
    """
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
        # Where something inside is wrong, that the whole is none of the alternatives says nothing more.
        if not (problem["type"] in _WANTED and any(place == other[: len(place)] for other in found)):
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
    what, remedy = _WANTED.get(problem["type"], ("", ""))
    if what:
        where = f"`{key}:` wants" if isinstance(key, str) else "each entry is"
        return source.error(location, f"{where} {what}", remedy)
    if problem["type"] == "string_pattern_mismatch":
        return source.error(location, f"`{problem['input']}` is no value of `{key}:`", _FORMS[str(key)])
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
    if model is DeviceFile and location[0] == "devices":
        inner = DeviceEntry
    if "when" in location[2:-1]:
        inner = ConditionEntry
    return [field.alias or name for name, field in inner.model_fields.items()]
