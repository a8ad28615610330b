"""Reading a profile's YAML as plain text values that know their line.

Profiles use a plain subset of YAML: mappings, lists and scalars. Every scalar is text, so that `off` is no boolean and
`113105` no number. Anchors, aliases and explicit tags are refused: they have no use here, and without them a small file
can't grow into a large value (a "YAML bomb") nor name a type to build.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from deid.errors import ProfileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAX_BYTES = 1 << 20
_MAX_DEPTH = 12
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Location = tuple[str | int, ...]
Value: TypeAlias = "str | dict[str, Value] | list[Value] | None"


@dataclass(frozen=True)
class Source:
    """The content of one profile file: nested dicts, lists and texts, and the line (from 1) of each place in it."""

    origin: str
    content: Value
    lines: dict[Location, int]

    def line_of(self, location: Location) -> int:
        """The line of the place, or of the nearest place around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)

    def error(self, location: Location, message: str, remedy: str) -> ProfileError:
        """The error that says `file:line: message`."""
        return ProfileError(f"{self.origin}:{self.line_of(location)}: {message}", remedy=remedy)


def read_source(path: Path) -> Source:
    """Read a profile file.

    Raises:
        ProfileError: The file can't be read, is no UTF-8, is too large, or is not in the plain subset of YAML.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise ProfileError(
            f"{path}: can't be read ({error.strerror})", remedy="check the path and its permissions"
        ) from error
    if len(data) > _MAX_BYTES:
        raise ProfileError(f"{path}: larger than 1 MiB", remedy="a profile is a small YAML file: check the path")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path}: not UTF-8 text", remedy="save the profile as UTF-8") from error
    return parse_source(text, str(path))


def parse_source(text: str, origin: str) -> Source:
    """Parses a profile's text; `origin` names it in errors.

    Raises:
        ProfileError: A syntax error, a duplicate key, or something outside the plain subset of YAML.
    """
    try:
        return _Builder(yaml.parse(text, Loader=_Loader), origin).build()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        problem = getattr(error, "problem", None) or "a character that YAML does not allow"
        raise ProfileError(
            f"{origin}:{line}: not valid YAML: {problem}", remedy="correct the syntax on that line"
        ) from error


class _Builder:
    """Builds the values from the parser's events, so that nothing is expanded before it has been looked at."""

    def __init__(self, events: Iterator[yaml.Event], origin: str) -> None:
        self._events = events
        self._origin = origin
        self._lines: dict[Location, int] = {}

    def build(self) -> Source:
        """The one document of the stream."""
        content: Value = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._error(event, "a second YAML document", "keep one document in the file")
                content = self._value(next(self._events), ())
        return Source(self._origin, content, self._lines)

    def _value(self, event: yaml.Event, location: Location) -> Value:
        self._refuse_extras(event)
        self._lines.setdefault(location, _line(event))
        if len(location) > _MAX_DEPTH:
            raise self._error(event, "nested too deep", "a profile nests no deeper than rules in a list")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(location)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(location)
        return _text(event)

    def _mapping(self, location: Location) -> dict[str, Value]:
        mapping: dict[str, Value] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._refuse_extras(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error(event, "a key is no plain text", "write `key: value`")
            if event.value in mapping:
                raise self._error(event, f"the key `{event.value}` stands twice", "keep one of the two")
            place = (*location, event.value)
            self._lines[place] = _line(event)
            mapping[event.value] = self._value(next(self._events), place)
        return mapping

    def _list(self, location: Location) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*location, len(items))))
        return items

    def _refuse_extras(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._error(
                event, "anchors (&) and aliases (*) are not used in profiles", "write the value out, or quote it"
            )
        if getattr(event, "tag", None) not in (None, "!"):
            raise self._error(event, "YAML tags (!) are not used in profiles", "remove the tag, or quote the value")

    def _error(self, event: yaml.Event, message: str, remedy: str) -> ProfileError:
        return ProfileError(f"{self._origin}:{_line(event)}: {message}", remedy=remedy)


def _text(event: yaml.Event) -> str | None:
    """The text of a scalar; None where nothing is written."""
    text = getattr(event, "value", "")
    return text if text or getattr(event, "style", None) in {"'", '"'} else None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1
