"""Dates moved by the subject's offset: in DA and DT, in texts and numbers that hold a date, and in Unix times.

What can't be moved is taken away as the attribute's type allows; the original date never stays. One bad value among
several is emptied, so that the others keep their places. So are days that clocks begin with: whoever knows that
`19700101` stood there could tell the offset. A date of birth may be such a day.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

from pydicom.dataelem import RawDataElement

from deid.attributes.vrs import BULK_VRS, STRING_VRS
from deid.header.situation import Outcome
from deid.header.values import joined
from deid.identity.dates import SECONDS_A_DAY, holds_clock_origin, is_plausible_date, shift_date
from deid.plan import Keep, Replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.header.situation import Situation

_BIRTH_DATE = 0x00100030
_FIRST_PLAUSIBLE_TIME = 365 * SECONDS_A_DAY
"""Seconds: in 1970 nobody wrote such files, but clocks that nobody set begin then."""
_MOVED = "moved by this patient's offset"
_NUMBERS = {"SL": "i", "UL": "I", "SV": "q", "UV": "Q", "FD": "d"}
_BULK_NUMBERS = {4: "i", 8: "d"}
"""What a Unix time in bulk data is taken for, by its length: GE writes signed seconds, or a double."""


def shifted_dates(situation: Situation, reason: str, action: str) -> Outcome:
    """The dates of a DA or DT, or of a text that holds nothing else, moved."""
    if situation.attribute.is_empty:
        return Outcome(action, Keep(), reason)
    if situation.vr in BULK_VRS:
        return _bulk_text(situation, reason, action)
    texts = situation.texts
    if texts is None:
        return situation.taken_away(f"{reason}; not readable as a date")
    if not any(text.strip() for text in texts):
        return Outcome(action, Keep(), reason)
    moved = [_moved_date(text, situation) if text.strip() else "" for text in texts]
    return _replaced(situation, moved, reason, action)


def moved_date_numbers(situation: Situation, reason: str, action: str) -> Outcome:
    """Numbers stay, but for those that are a day, such as a Series Number of 20181228: they move with the dates."""
    texts = situation.texts
    if texts is None:
        return situation.taken_away(f"{reason}; not readable as a number")
    if not any(map(is_plausible_date, texts)):
        return Outcome(action, Keep(), f"{reason}; no date")
    moved = [_moved_date(text, situation) if is_plausible_date(text) else text for text in texts]
    return _replaced(situation, moved, f"{reason}; a date", action)


def shifted_unix_time(situation: Situation, reason: str, action: str) -> Outcome:
    """Seconds since 1970, in a number, a text or bulk data, moved by days of 86,400 seconds; 0 means no time."""
    if situation.attribute.is_empty:
        return Outcome(action, Keep(), reason)
    seconds = situation.setting.subject.date_offset_days * SECONDS_A_DAY
    if situation.vr in STRING_VRS:
        moved = [_moved_text(text, seconds) for text in situation.texts or ()]
        return _replaced(situation, moved, reason, action)
    data = situation.attribute.data or b""
    code = _BULK_NUMBERS.get(len(data)) if situation.vr in BULK_VRS else _NUMBERS.get(situation.vr)
    order = _byte_order(situation)
    numbers = _moved_numbers(data, code, seconds, order) if code else None
    if numbers is None:
        return situation.taken_away(f"{reason}; not a time that can be moved")
    if situation.vr in BULK_VRS:
        return Outcome(action, Replace(struct.pack(f"{order}{code}", *numbers)), f"{reason}; {_MOVED}")
    return Outcome(action, Replace(numbers if len(numbers) > 1 else numbers[0]), f"{reason}; {_MOVED}")


def _moved_date(text: str, situation: Situation) -> str | None:
    if situation.attribute.tag != _BIRTH_DATE and holds_clock_origin(text):
        return None
    vr = "DA" if situation.vr == "IS" else situation.vr
    return shift_date(text, vr, situation.setting.subject.date_offset_days)


def _replaced(situation: Situation, moved: Sequence[str | None], reason: str, action: str) -> Outcome:
    if not any(moved):
        return situation.taken_away(f"{reason}; not a valid full date, so it can't be moved")
    return Outcome(action, Replace(joined([text or "" for text in moved])), f"{reason}; {_MOVED}")


def _bulk_text(situation: Situation, reason: str, action: str) -> Outcome:
    try:
        text = (situation.attribute.data or b"").decode("ascii")
    except UnicodeDecodeError:
        return situation.taken_away(f"{reason}; not readable as a date")
    moved = _moved_date(text, situation)
    if moved is None:
        return situation.taken_away(f"{reason}; not a valid full date, so it can't be moved")
    data = moved.encode("ascii")
    return Outcome(action, Replace(data + b" " * (len(data) % 2)), f"{reason}; {_MOVED}")


def _moved_text(text: str, seconds: int) -> str | None:
    whole, point, fraction = text.strip(" \0").partition(".")
    if not whole.isascii() or not whole.isdigit() or (fraction and not (fraction.isascii() and fraction.isdigit())):
        return None
    number = int(whole)
    if number == 0:
        return whole
    plausible = number >= _FIRST_PLAUSIBLE_TIME and number + seconds > 0
    return f"{number + seconds}{point}{fraction}" if plausible else None


def _byte_order(situation: Situation) -> str:
    element = situation.attribute.element
    # UN is little endian in any file (PS3.5 6.2.2).
    big = isinstance(element, RawDataElement) and not element.is_little_endian and element.VR != "UN"
    return ">" if big else "<"


def _moved_numbers(data: bytes, code: str, seconds: int, order: str) -> list[int] | list[float] | None:
    size = struct.calcsize(code)
    if not data or len(data) % size:
        return None
    numbers = struct.unpack(f"{order}{len(data) // size}{code}", data)
    if not all(number == 0 or (math.isfinite(number) and number >= _FIRST_PLAUSIBLE_TIME) for number in numbers):
        return None
    moved = [number + seconds if number else number for number in numbers]
    try:
        struct.pack(f"<{len(moved)}{code}", *moved)
    except (struct.error, OverflowError):
        return None
    return moved
