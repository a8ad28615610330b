"""The marks that a de-identified instance carries (PS3.15 E.1.1 step 6 and E.3, PS3.3 C.7.1.1 and C.12.1).

Patient Identity Removed is YES only when the pixels were checked for burned-in text, or there are none, and no overlay
or curve was kept, in which a name may be drawn: that is what PS3.3 C.7.1.1 means by "patient identity … removed from
the Attributes and the Pixel Data". Otherwise it is NO. Where nobody looked at the pixels, Burned In Annotation stays as
the original had it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as ItemSequence

from deid import __version__
from deid.attributes.attribute import read_attribute, tags_of
from deid.attributes.charset import DEFAULT
from deid.attributes.vrs import DATE_VRS
from deid.header.room_rules import RETAIN_FULL_DATES, RETAIN_MODIFIED_DATES
from deid.plan import Decision, Keep, Replace
from deid.profile.lookup.reserved import is_drawing
from deid.quiet import quiet_pydicom

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from deid.profile import OptionInfo, Profile

MARKS = frozenset({0x00120062, 0x00120063, 0x00120064, 0x00280301, 0x00280303})
CLEAN_PIXEL_DATA = ("113101", "Clean Pixel Data Option")
EDITION = "2026d"
SHIFTS = frozenset({"shift-date", "shift-unix-time"})
_CODING_SCHEME = "DCM"
_LONGEST = 64
_PIXELS = (0x7FE00008, 0x7FE00009, 0x7FE00010)


def add_marks(dataset: Dataset, profile: Profile, *, pixels_checked: bool, decisions: Sequence[Decision] = ()) -> None:
    """Set (0012,0062), (0012,0063), (0012,0064), (0028,0301) and (0028,0303) in a de-identified data set.

    Args:
        dataset: The new data set; changed in place. Methods and codes that it has already are appended to.
        profile: Whose method code and options are named.
        pixels_checked: Whether all frames were looked at for burned-in text.
        decisions: What was decided on the attributes: (0028,0303) says what became of the dates.
    """
    dates = dates_of(dataset, decisions)
    mark(dataset, profile, shown=Shown.by(tags_of(dataset)), pixels_checked=pixels_checked, dates=dates)


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to look at in a data set."""

    pixels: bool
    """Pixel data of any sort."""
    drawings: bool
    """Overlays or curves."""

    @classmethod
    def by(cls, tags: Collection[int]) -> Self:
        """By the tags at the top level."""
        return cls(any(tag in tags for tag in _PIXELS), any(map(is_drawing, tags)))


@dataclass(frozen=True, slots=True)
class Dates:
    """What became of dates in a data set or a part of it."""

    shifted: bool = False
    kept: bool = False

    def __or__(self, other: Dates) -> Dates:
        return Dates(self.shifted or other.shifted, self.kept or other.kept)


def dates_of(dataset: Dataset, decisions: Sequence[Decision]) -> Dates:
    """What `decisions` made of the dates that are now in `dataset`."""
    with quiet_pydicom():
        return Dates(any(map(shifts, decisions)), any(_keeps_date(dataset, decision) for decision in decisions))


def mark(dataset: Dataset, profile: Profile, *, shown: Shown, pixels_checked: bool, dates: Dates) -> None:
    """Set the marks; as `add_marks`, for a data set of which only the marks it had need to be there."""
    with quiet_pydicom():
        cleaned = shown.pixels and pixels_checked
        all_seen = (cleaned or not shown.pixels) and not shown.drawings
        dataset.add_new(0x00120062, "CS", "YES" if all_seen else "NO")
        _append_methods(dataset, _methods(profile, cleaned=cleaned))
        _append_codes(dataset, _codes(profile, cleaned=cleaned))
        if cleaned:
            dataset.add_new(0x00280301, "CS", "NO")
        dataset.add_new(0x00280303, "CS", _temporal(profile, dates))


def _methods(profile: Profile, *, cleaned: bool) -> list[str]:
    meanings = [option.code_meaning for option in _options(profile)]
    if cleaned:
        meanings.append(CLEAN_PIXEL_DATA[1])
    first = f"deid {__version__}, PS3.15 {EDITION}"
    return [text[:_LONGEST] for text in (first, profile.code_meaning, *meanings)]


def _options(profile: Profile) -> list[OptionInfo]:
    """The options that the marks name: not full dates, where another one moves them all."""
    named = [option for option in profile.options if option.method_code]
    moves = any(option.method_code == RETAIN_MODIFIED_DATES for option in named)
    return [option for option in named if not (moves and option.method_code == RETAIN_FULL_DATES)]


def _codes(profile: Profile, *, cleaned: bool) -> list[tuple[str, str]]:
    codes = [(profile.method_code, profile.code_meaning)]
    codes += [(option.method_code, option.code_meaning) for option in _options(profile)]
    return codes + ([CLEAN_PIXEL_DATA] if cleaned else [])


def _temporal(profile: Profile, dates: Dates) -> str:
    """Longitudinal Temporal Information Modified (PS3.3 C.12.1.1): by what the options ask for and what was done.

    Where dates were kept that no option asks to keep, they are neither removed nor all unmodified: MODIFIED.
    """
    codes = {option.method_code for option in profile.options}
    if RETAIN_MODIFIED_DATES in codes or dates.shifted:
        return "MODIFIED"
    if RETAIN_FULL_DATES in codes:
        return "UNMODIFIED"
    return "MODIFIED" if dates.kept else "REMOVED"


def shifts(decision: Decision) -> bool:
    """Whether the decision moves a date."""
    moves = decision.action in SHIFTS or (decision.action == "C" and decision.vr in DATE_VRS)
    return moves and isinstance(decision.change, Replace)


def _keeps_date(dataset: Dataset, decision: Decision) -> bool:
    if decision.vr not in DATE_VRS or not isinstance(decision.change, Keep):
        return False
    holder = dataset
    for tag, index in decision.path.parents:
        items = read_attribute(holder, tag, DEFAULT).items if tag in holder else None
        if items is None or index >= len(items):
            return False
        holder = items[index]
    # Looked at without converting it: what is kept is written byte for byte.
    return decision.path.tag in holder and not read_attribute(holder, decision.path.tag, DEFAULT).is_empty


def _append_methods(dataset: Dataset, methods: Sequence[str]) -> None:
    element = dataset.get(0x00120063)
    value = element.value if element is not None and element.VR == "LO" else None
    earlier = [value] if isinstance(value, str) else list(value or ())
    earlier = [str(text) for text in earlier if str(text).strip()]
    dataset.add_new(0x00120063, "LO", [*earlier, *(method for method in methods if method not in earlier)])


def _append_codes(dataset: Dataset, codes: Sequence[tuple[str, str]]) -> None:
    element = dataset.get(0x00120064)
    items = list(element.value or ()) if element is not None and element.VR == "SQ" else []
    there = {(str(item.get("CodeValue", "")), str(item.get("CodingSchemeDesignator", ""))) for item in items}
    items += [_code_item(dataset, value, meaning) for value, meaning in codes if (value, _CODING_SCHEME) not in there]
    dataset.add_new(0x00120064, "SQ", ItemSequence(items))


def _code_item(dataset: Dataset, value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.add_new(0x00080100, "SH", value)
    item.add_new(0x00080102, "SH", _CODING_SCHEME)
    item.add_new(0x00080104, "LO", meaning)
    implicit, little = dataset.original_encoding
    item.set_original_encoding(implicit, little, dataset.original_character_set)
    return item
