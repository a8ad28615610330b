"""The actions of PS3.15 Table E.1-1a, one class each, self-describing: `inspect`, `--help` and docs read that.

An action that doesn't fit the VR of what it meets never leaves the original: it falls back to another action, and the
decision names the one that was carried out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from deid.attributes.charset import DEFAULT, encode
from deid.header.situation import Outcome, Walk
from deid.header.values import CODE_VRS, STRING_VRS, TEXT_VRS, joined
from deid.plan import Empty, Keep, Remove, Replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.header.situation import Situation


class Action(ABC):
    """Turns an attribute into a `Change` and the reason for it."""

    code: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]

    @abstractmethod
    def decide(self, situation: Situation, reason: str) -> Outcome:
        """What becomes of the attribute; `reason` is the rule's own clause."""


class KeepAction(Action):
    """K."""

    code = "K"
    title = "keep"
    description = "The value stays, once it is checked for identifying values of this patient; items are walked."

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Keep; `kept.py` checks the value afterwards."""
        return situation.kept(reason)


class RemoveAction(Action):
    """X."""

    code = "X"
    title = "remove"
    description = "The attribute goes, a sequence with all its items."

    def decide(self, situation: Situation, reason: str) -> Outcome:  # noqa: ARG002 - one signature for all actions
        """Remove, whatever it holds."""
        return Outcome(self.code, Remove(), reason)


class EmptyAction(Action):
    """Z."""

    code = "Z"
    title = "empty"
    description = "Zero length; or a dummy, where the rule gives one or the IOD needs a value."

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Empty it, or put in the value that the rule names, such as the pseudonym."""
        if situation.template is not None and situation.vr in STRING_VRS:
            return Outcome(self.code, Replace(situation.filled_template()), reason)
        return Outcome(self.code, Empty(), reason)


class DummyAction(Action):
    """D."""

    code = "D"
    title = "dummy"
    description = (
        "A dummy of the same VR, derived from the key, so that equal values stay equal. "
        "In a sequence every value of every item becomes a dummy, except codes of public coding schemes."
    )

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Replace by a dummy; walk the items of a sequence; remove a sequence that can't be read."""
        if situation.attribute.is_sequence:
            if situation.attribute.items is None:
                return Outcome("X", Remove(), f"{reason}; the sequence can't be read")
            return situation.kept(reason, Walk.DUMMIES, self.code)
        return Outcome(self.code, situation.dummy(), reason)


class UidAction(Action):
    """U."""

    code = "U"
    title = "new UID"
    description = (
        "A UID derived from the key: the same for the same original over all files and runs. "
        "In a sequence the UIDs of the items are replaced, the rest goes by its own rules."
    )

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Replace every UID of the value; what is no UID gets a dummy."""
        if situation.attribute.is_sequence:
            if situation.attribute.items is None:
                return Outcome("X", Remove(), f"{reason}; the sequence can't be read")
            return situation.kept(reason, Walk.UIDS, self.code)
        if situation.vr != "UI":
            return Outcome("D", situation.dummy(), f"{reason}; stored as {situation.vr}, not as a UID")
        uids = situation.new_uids()
        return Outcome(self.code, Empty() if uids is None else Replace(uids), reason)


class CleanAction(Action):
    """C."""

    code = "C"
    title = "clean"
    description = (
        "What identifies someone is cut out of a text, the rest stays byte for byte; in a sequence the texts of all "
        "items are cleaned. What can't be cleaned (dates, numbers, bulk data) is taken away."
    )

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Clean texts, walk sequences, take everything else away."""
        if situation.attribute.items is not None:
            return situation.kept(reason, Walk.CLEAN, self.code)
        if situation.vr == "UI":
            return UID.decide(situation, reason)
        if situation.vr not in TEXT_VRS | CODE_VRS:
            return situation.taken_away(f"{reason}; a {situation.vr} value can't be cleaned")
        texts = situation.texts
        if texts is None:
            return situation.taken_away(f"{reason}; the text can't be decoded")
        setting = situation.setting
        cleaned = [setting.scrub.clean(text, setting.subject.known_values) if text.strip() else None for text in texts]
        found = any(scrubbed is not None and scrubbed.spans for scrubbed in cleaned)
        if not found and not holds_across_values(situation, texts):
            return Outcome(self.code, Keep(), f"{reason}; nothing identifying found")
        new = [text if scrubbed is None else scrubbed.text for text, scrubbed in zip(texts, cleaned, strict=True)]
        return replaced_texts(situation, texts, new, f"{reason}; identifying parts cut", self.code)


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
    if encode(text, DEFAULT if situation.vr in CODE_VRS else situation.attribute.encodings) is None:
        return situation.taken_away(f"{reason}; the rest has no place in its character set")
    return Outcome(action, Replace(joined(new)), reason)


def holds_across_values(situation: Situation, texts: Sequence[str]) -> bool:
    """Whether several values, each clean, hold a known value together: surname and given name side by side."""
    if len(texts) < 2:  # noqa: PLR2004 - one value has been looked at
        return False
    text, setting = "\\".join(texts), situation.setting
    return setting.scrub.scrub(text, setting.subject.known_values).text != text


KEEP, REMOVE, EMPTY, DUMMY, UID, CLEAN = (
    KeepAction(),
    RemoveAction(),
    EmptyAction(),
    DummyAction(),
    UidAction(),
    CleanAction(),
)
ACTIONS: dict[str, Action] = {action.code: action for action in (KEEP, REMOVE, EMPTY, DUMMY, UID, CLEAN)}
"""The actions by code, in the order in which documentation shows them."""
