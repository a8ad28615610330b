"""Where a value begins and ends in a line: the name of its field stays, and of the value itself no remainder."""

from __future__ import annotations

import re

_ENDS_OF_LABELS = ":;=#"
_ENDS_IN_LABEL = re.compile(r"(?:name|date|id|dob|age|sex|mrn)[.,]\Z", re.IGNORECASE)
"""A colon that was read as another dot."""
_FIELD_OF_DATE = re.compile(r"(?:date|dob)[\s:.]*(?=\d)", re.IGNORECASE)
_ENDS_AS_FIELD = re.compile(r"(?:date|dob)\Z", re.IGNORECASE)
"""A colon that was not read: `Study Date2037`."""
_GOES_ON = "-/.^"
_NUMBER = re.compile(r"([0-9]{1,4})(?:[-/.][0-9]{1,4})*")
_GROUP = re.compile(r" ([0-9]{1,4})(?![^ ])")
"""A group of digits, the hyphen in front of which was not read: `81-09 57`."""

_LETTERS_OF_NUMBER = re.compile(r"(?<![^ ])(?!ID|MR|NO|NR|PT)[A-Z]{1,2}\Z")
"""Letters with which a number begins, that were taken for the end of its field's name: `Accsion CT365326`."""
_AREA = re.compile(r"\([0-9 ]{3,5}\) ?\Z")
"""An area code in which a blank was read: `(1 75) 247-0348`."""


def behind_field(text: str, first: int, label: int) -> int:
    """Where a value begins that was found with the end of its field's name in front: `Date: 1957` of a study date."""
    field = _FIELD_OF_DATE.match(text, max(first, 0))
    return max(first, 0) if field is None or field.end() < label else field.end()


def whole_run(text: str, first: int, end: int, label: int) -> tuple[int, int]:
    """A range widened to the blanks around it, in front only to a label: what is left of a value is a remainder.

    So is what stands behind a blank, or in front of one, when the value can't end there: `2014-05- 22`.
    """
    letters = _LETTERS_OF_NUMBER.search(text, 0, label)
    if letters is not None and text[label : label + 1].isdigit():
        label = letters.start()
    first = _start_of_run(text, first, label)
    area = _AREA.search(text, label, first)
    if area is not None:
        first = area.start()
    before = first - 1
    if before > label and text[before].isspace() and text[before - 1] in _GOES_ON:
        first = _start_of_run(text, before, label)
    end = _end_of_run(text, end)
    after = end + 1
    if after < len(text) and (text[end - 1] in _GOES_ON or text[after] in _GOES_ON):
        end = _end_of_run(text, after)
    return first, _end_of_groups(text, first, end)


def _end_of_groups(text: str, first: int, end: int) -> int:
    """Where a number in groups ends of which the last stands behind a blank, and is as long as that before it."""
    number = _NUMBER.fullmatch(text, first, end)
    if number is None or number.end(1) == end:
        return end
    groups = [len(group) for group in re.split("[-/.]", number.group())]
    rest = _GROUP.match(text, end)
    return rest.end() if rest and len(rest[1]) == groups[-1] else end


def _start_of_run(text: str, end: int, label: int) -> int:
    start = end
    while start > label and not text[start - 1].isspace() and text[start - 1] not in _ENDS_OF_LABELS:
        if _ENDS_IN_LABEL.search(text, 0, start):
            break
        if text[start : start + 1].isdigit() and _ENDS_AS_FIELD.search(text, 0, start):
            break
        start -= 1
    return start


def _end_of_run(text: str, start: int) -> int:
    return next((at for at in range(start, len(text)) if text[at].isspace()), len(text))
