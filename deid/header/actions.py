"""The actions of PS3.15 Table E.1-1a and those on dates, one class each.

An action that doesn't fit the VR of what it meets never leaves the original: it falls back to another action, and the
decision names the one that was carried out.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from deid.attributes.attribute import is_private
from deid.attributes.charset import DEFAULT, encode
from deid.attributes.vrs import BINARY_SIZES, BULK_VRS, CODE_VRS, NUMBER_STRING_VRS, TEXT_VRS
from deid.header.situation import Outcome, Walk
from deid.header.temporal import moved_date_numbers, shifted_dates, shifted_unix_time
from deid.header.uids import new_uids, uids_replaced
from deid.header.values import joined, printed_text
from deid.plan import Empty, Keep, Remove, Replace
from deid.text.fold import fold_word
from deid.text.words.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from deid.header.situation import Situation
    from deid.text.spans import Span


class Action(ABC):
    """Turns an attribute into a `Change` and the reason for it."""

    code: ClassVar[str]

    @abstractmethod
    def decide(self, situation: Situation, reason: str) -> Outcome:
        """What becomes of the attribute; `reason` is the rule's own clause."""


class KeepAction(Action):
    """`K`: the value stays, once it is checked for identifying values of this patient; items are walked."""

    code = "K"

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Keep; `kept.py` checks the value afterwards."""
        return situation.kept(reason)


class RemoveAction(Action):
    """`X`: the attribute goes, a sequence with all its items."""

    code = "X"

    def decide(self, situation: Situation, reason: str) -> Outcome:  # noqa: ARG002 - one signature for all actions
        """Remove, whatever it holds."""
        return Outcome(self.code, Remove(), reason)


class EmptyAction(Action):
    """`Z`: zero length; or a dummy, where the rule gives one or the IOD needs a value."""

    code = "Z"

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Empty it, or put in the value that the rule names, such as the pseudonym."""
        filled = situation.filled_template()
        return Outcome(self.code, Empty() if filled is None else Replace(filled), reason)


class DummyAction(Action):
    """`D`: a dummy of the same VR, derived from the key, so that equal values stay equal.

    In a sequence every value of every item becomes a dummy, except codes of public coding schemes.
    """

    code = "D"

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Replace by a dummy; walk the items of a sequence; remove a sequence that can't be read."""
        if situation.attribute.is_sequence:
            if situation.attribute.items is None:
                return Outcome("X", Remove(), f"{reason}; the sequence can't be read")
            return situation.kept(reason, Walk.DUMMIES, self.code)
        return Outcome(self.code, situation.dummy(), reason)


class UidAction(Action):
    """`U`: a UID derived from the key: the same for the same original over all files and runs.

    In a sequence the UIDs of the items are replaced, the rest goes by its own rules.
    """

    code = "U"

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Replace every UID of the value; what is no UID gets a dummy."""
        if situation.attribute.is_sequence:
            if situation.attribute.items is None:
                return Outcome("X", Remove(), f"{reason}; the sequence can't be read")
            return situation.kept(reason, Walk.UIDS, self.code)
        change = new_uids(situation)
        if change is None:
            return Outcome("D", situation.dummy(), f"{reason}; stored as {situation.vr}, not as a UID")
        return Outcome(self.code, change, reason)


class CleanAction(Action):
    """`C`: what identifies someone is cut out of a text, the rest stays byte for byte.

    In a sequence the texts of all items are cleaned. Dates move by this patient's offset of whole days, so that times
    of day stay; an integer string that is a date moves with them. What can't be cleaned (other numbers, bulk data) is
    taken away, except in private attributes that a rule names: there it stays when no identifying value stands in it.
    """

    code = "C"

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Clean texts, move dates, walk sequences, take everything else away."""
        if situation.attribute.items is not None:
            return situation.kept(reason, Walk.CLEAN, self.code)
        if situation.vr == "UI":
            return UID.decide(situation, reason)
        temporal = _CLEANED_OTHERWISE.get(situation.vr)
        if temporal is not None:
            return temporal(situation, reason, self.code)
        if is_private(situation.attribute.tag) and situation.vr in BINARY_SIZES.keys() | BULK_VRS | NUMBER_STRING_VRS:
            return _private_numbers(situation, reason, self.code)
        return _cleaned_texts(situation, reason, self.code)


class ShiftDateAction(Action):
    """`shift-date`: the date, date-time or range moves by this patient's offset of whole days, so that intervals stay.

    So does one in a text that holds nothing else. What is no valid full date is taken away.
    """

    code = "shift-date"

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Move it; walk a sequence."""
        if situation.attribute.items is not None:
            return situation.kept(reason, action=self.code)
        return shifted_dates(situation, reason, self.code)


class ShiftUnixTimeAction(Action):
    """`shift-unix-time`: seconds since 1970 move by this patient's offset, in days of 86,400 seconds; 0 stays."""

    code = "shift-unix-time"

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Move it; walk a sequence."""
        if situation.attribute.items is not None:
            return situation.kept(reason, action=self.code)
        return shifted_unix_time(situation, reason, self.code)


def _times_of_day(situation: Situation, reason: str, action: str) -> Outcome:
    """Whole days leave the clock alone (PS3.15 E.3.6 asks for dates that are shifted, not for other times)."""
    return situation.kept(f"{reason}; dates move by whole days", action=action)


_CLEANED_OTHERWISE: dict[str, Callable[[Situation, str, str], Outcome]] = {
    "DA": shifted_dates,
    "DT": shifted_dates,
    "TM": _times_of_day,
    "IS": moved_date_numbers,
}
"""What C means for a VR that is no text."""


def _cleaned_texts(situation: Situation, reason: str, action: str) -> Outcome:
    if situation.vr not in TEXT_VRS | CODE_VRS:
        return situation.taken_away(f"{reason}; a {situation.vr} value can't be cleaned")
    texts = situation.texts
    if texts is None:
        return situation.taken_away(f"{reason}; the text can't be decoded")
    setting = situation.setting
    cleaned = [setting.scrub.clean(text, setting.subject.known_values) if text.strip() else None for text in texts]
    spans = [span for scrubbed in cleaned if scrubbed is not None for span in scrubbed.spans]
    technical = situation.vendors and all(
        _is_technical(span, text) for text, one in zip(texts, cleaned, strict=True) if one for span in one.spans
    )
    if (technical or not spans) and not holds_known(situation, texts):
        return Outcome(action, Keep(), f"{reason}; nothing identifying found")
    new = [text if scrubbed is None else scrubbed.text for text, scrubbed in zip(texts, cleaned, strict=True)]
    return replaced_texts(situation, texts, new, f"{reason}; identifying parts cut", action)


def _private_numbers(situation: Situation, reason: str, action: str) -> Outcome:
    """Numbers and bytes of a private element stay, unless they are a text in which something identifies."""
    text = printed_text(situation.attribute.data) if situation.vr not in NUMBER_STRING_VRS else None
    if text is None:
        return situation.kept(f"{reason}; no text to clean", action=action)
    if _names_somebody(text, situation):
        return situation.taken_away(f"{reason}; its bytes are a text in which something identifies")
    return situation.kept(f"{reason}; nothing identifying found", action=action)


def _names_somebody(text: str, situation: Situation) -> bool:
    """Whether what identifies stands in a text out of the bytes of a private element: a UID does, too."""
    setting = situation.setting
    if len(text) > _LONGEST_PRINTED or uids_replaced(text, setting.key) != text:
        return True
    spans = setting.scrub.clean(text, setting.subject.known_values).spans
    return not all(situation.vendors and _is_technical(span, text) for span in spans)


def _is_technical(span: Span, text: str) -> bool:
    """Whether what would be cut from a private element that a rule names is a number, or a code that is no known one.

    Vendors write serial numbers, versions and addresses of parts there, and names of coils (`HEA;HEP`) that a model
    takes for people's; people's numbers are known from elsewhere.
    """
    return span.reason in _TECHNICAL_REASONS or (span.is_inferred and _is_code(text))


def _is_code(text: str) -> bool:
    """Whether a text is written without blanks, and none of its words stands on a list of names."""
    words = _WORD.findall(fold_word(text))
    return not _PROSE.search(text.strip()) and not any(map(load_vocabulary().may_be_name, words))


def holds_known(situation: Situation, texts: Sequence[str]) -> bool:
    """Whether a value holds a known one, or several do together."""
    setting = situation.setting
    alone = any(setting.scrub.scrub(text, setting.subject.known_values).text != text for text in texts)
    return alone or holds_across_values(situation, texts)


def replaced_texts(situation: Situation, old: Sequence[str], new: Sequence[str], reason: str, action: str) -> Outcome:
    """The outcome when the values `old` become `new`: codes that changed are dropped, nothing left is taken away."""
    if situation.vr in CODE_VRS:
        # Half a code is no code: a changed value goes as a whole, the others keep their places.
        new = [after if after == before else "" for before, after in zip(old, new, strict=True)]
    if not any(text.strip(" ^=\\") for text in new):
        return situation.taken_away(f"{reason}, and nothing else was in it")
    if holds_across_values(situation, new):
        return situation.taken_away(f"{reason}; its values together still named someone")
    text = "\\".join(new)
    # pydicom writes codes in the default repertoire, whatever the character set.
    if encode(text, DEFAULT if situation.vr in CODE_VRS else situation.attribute.encodings, situation.vr) is None:
        return situation.taken_away(f"{reason}; the rest has no place in its character set")
    return Outcome(action, Replace(joined(new)), reason)


def holds_across_values(situation: Situation, texts: Sequence[str]) -> bool:
    """Whether several values, each clean, hold a known value together: surname and given name side by side."""
    if len(texts) < 2:  # noqa: PLR2004 - one value has been looked at
        return False
    text, setting = "\\".join(texts), situation.setting
    return setting.scrub.scrub(text, setting.subject.known_values).text != text


_LONGEST_PRINTED = 1 << 16
"""Characters: a longer text in the bytes of a private element is not judged, and goes."""
_WORD = re.compile(r"[^\W\d_]+")
_PROSE = re.compile(r"[\s^,]")
_TECHNICAL_REASONS = frozenset({"long number", "number with letters", "network address"})
KEEP, REMOVE, EMPTY, DUMMY, UID, CLEAN, SHIFT_DATE, SHIFT_UNIX_TIME = (
    KeepAction(),
    RemoveAction(),
    EmptyAction(),
    DummyAction(),
    UidAction(),
    CleanAction(),
    ShiftDateAction(),
    ShiftUnixTimeAction(),
)
ACTIONS: dict[str, Action] = {
    action.code: action for action in (KEEP, REMOVE, EMPTY, DUMMY, UID, CLEAN, SHIFT_DATE, SHIFT_UNIX_TIME)
}
"""The actions by code, in the order in which documentation shows them."""
