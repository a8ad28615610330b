"""Where in nested sequences a rule holds: `RequestAttributesSequence > AccessionNumber`.

Written from the outside in, with `>` between the levels. A level is a sequence's keyword or tag, `*` for any one
sequence, `**` for any number of them. A path holds at any depth; one that begins with `>` begins at the top level.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.datadict import dictionary_VR, tag_for_keyword

from deid.attributes.attribute import is_private
from deid.plan import tag_text
from deid.profile.lookup.tags import TagSyntaxError, parse_tag

ONE_LEVEL = -1
ANY_LEVELS = -2
_MAX_LEVELS = 16
_WILDCARDS = {"*": ONE_LEVEL, "**": ANY_LEVELS}


class PathSyntaxError(ValueError):
    """The text is no path; the message says what is wrong and is for the profile's author."""

    def __init__(self, message: str, *, unknown: str = "") -> None:
        super().__init__(message)
        self.unknown = unknown
        """The word that is no keyword."""


@dataclass(frozen=True, slots=True, order=True)
class SequencePath:
    """The sequences around an attribute: tags, `ONE_LEVEL` and `ANY_LEVELS`, outermost first."""

    levels: tuple[int, ...]
    from_top: bool = False

    @property
    def specificity(self) -> tuple[int, int]:
        """How much it says: named sequences, then levels counted one by one."""
        counted = sum(level == ONE_LEVEL for level in self.levels) + self.from_top
        return sum(level >= 0 for level in self.levels), counted

    @property
    def sequences(self) -> tuple[int, ...]:
        """The tags of the sequences it names."""
        return tuple(level for level in self.levels if level >= 0)

    def matches(self, parents: tuple[int, ...]) -> bool:
        """Whether it holds for an attribute inside the sequences `parents`, outermost first; () is the top level."""
        # reached[i]: the levels so far can end before parents[i].
        reached = [self.from_top is False or index == 0 for index in range(len(parents) + 1)]
        for level in self.levels:
            if level == ANY_LEVELS:
                first = next((index for index, here in enumerate(reached) if here), len(reached))
                reached = [index >= first for index in range(len(reached))]
            else:
                fits = [level in (ONE_LEVEL, parent) for parent in parents]
                reached = [False, *(here and fit for here, fit in zip(reached, fits, strict=False))]
        return reached[-1]

    def __str__(self) -> str:
        names = {ONE_LEVEL: "*", ANY_LEVELS: "**"}
        texts = [names[level] if level < 0 else tag_text(level) for level in self.levels]
        return ("> " if self.from_top else "") + " > ".join(texts)


def split_path(text: str) -> tuple[SequencePath, str]:
    """The path of the sequences, and the attribute that stands last; `X > **` is any attribute anywhere inside X.

    Raises:
        PathSyntaxError: A level is missing, unknown or no sequence, or there are too many.
    """
    parts = [part.strip() for part in text.split(">")]
    from_top = parts[0] == ""
    if from_top:
        parts = parts[1:]
    if not all(parts) or not parts:
        raise PathSyntaxError("a level is missing beside `>`")
    if len(parts) > _MAX_LEVELS:
        raise PathSyntaxError(f"more than {_MAX_LEVELS} levels")
    *outer, last = parts
    if last == "**":
        outer, last = [*outer, "**"], "*"
    if not outer and not from_top:
        raise PathSyntaxError("a path names a sequence and an attribute, as `RequestAttributesSequence > StudyID`")
    return SequencePath(tuple(_level(part) for part in outer), from_top), last


def _level(text: str) -> int:
    if text in _WILDCARDS:
        return _WILDCARDS[text]
    tag = tag_for_keyword(text) or _tag(text)
    try:
        vr = dictionary_VR(tag)
    except KeyError:
        raise PathSyntaxError(f"{text} is not in the DICOM dictionary") from None
    if vr != "SQ":
        raise PathSyntaxError(f"{text} is no sequence: its VR is {vr}")
    return tag


def _tag(text: str) -> int:
    try:
        pattern = parse_tag(text)
    except TagSyntaxError:
        raise PathSyntaxError(f"`{text}` is no keyword and no tag of a sequence", unknown=text) from None
    if not pattern.exact or is_private(pattern.value):
        raise PathSyntaxError(f"{text} is no single sequence; write `*` for any")
    return pattern.value
