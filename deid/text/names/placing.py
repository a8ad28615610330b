"""Where names are put in a text: at an end of it or of a part of it, beside a date."""

from __future__ import annotations

import re

_LOOK_BACK = 14
_DATE = r"[0-9]{6,8}|[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{2,4}"
_OPENED = re.compile(r"""(?:\A|[\n(\[{<"';:,/|_]|[ ]-)[ ]{0,3}\Z""")
_CLOSED = re.compile(r"""[ ]{0,3}(?:\Z|[\n()\[\]{}<>"';:,/|_]|-[ ]|\.(?:[ ]|\Z))""")
_DATE_BEFORE = re.compile(rf"(?:{_DATE}|(?<![0-9])(?:19|20)[0-9]{{2}})[ _]\Z")
_DATE_AFTER = re.compile(rf"[ _](?:(?:{_DATE})(?![0-9])|[0-3]?[0-9](?:[ -]|\. ?)[a-z]{{3}})")


def begins_part(text: str, start: int) -> bool:
    """Whether a text, or a part of it after a separator, begins at a place."""
    return _OPENED.search(text[max(0, start - _LOOK_BACK) : start]) is not None


def ends_part(text: str, end: int) -> bool:
    """Whether a text, or a part of it before a separator, ends at a place."""
    return _CLOSED.match(text, end) is not None


def is_after_date(text: str, start: int) -> bool:
    """Whether a date or a year stands right before a place."""
    return _DATE_BEFORE.search(text[max(0, start - _LOOK_BACK) : start]) is not None


def is_before_date(text: str, end: int) -> bool:
    """Whether a date stands right after a place."""
    return _DATE_AFTER.match(text, end) is not None
