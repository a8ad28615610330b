"""Actions beyond those of PS3.15, for profiles that people write: one class each.

Like them they never leave an original for want of a way: what an action doesn't fit is taken away as the attribute's
type allows. Only a map is strict: a value that its table doesn't have keeps the whole instance back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.attributes.vrs import CODE_VRS, NUMBER_STRING_VRS, STRING_VRS, TEXT_VRS
from deid.errors import InstanceError, Reason
from deid.header.actions import ACTIONS, UID, Action
from deid.header.situation import Outcome
from deid.header.values import joined
from deid.identity.coarse import capped_age, first_of_year, postcode_area
from deid.identity.pseudonym import hashed_number, hashed_value
from deid.plan import Empty, Replace, tag_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from deid.header.situation import Situation


class ReplaceAction(Action):
    """`replace`: the rule's `value` is put in, its fields filled in: {pseudonym}, {hash}."""

    code = "replace"

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Put in the value, whether there was one or not; take away what can't hold it."""
        filled = situation.filled_template()
        if filled is None:
            return situation.taken_away(f"{reason}; the rule's value does not fit here")
        return Outcome(self.code, Replace(filled), reason)


class HashAction(Action):
    """`hash`: 16 letters and digits made from the key and the value, for a number another of up to 9 digits.

    Equal values stay equal, in whatever attribute. UIDs are replaced by UIDs.
    """

    code = "hash"

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Hash each value by itself; take away what is no text."""
        if situation.attribute.is_empty:
            return Outcome(self.code, Empty(), reason)
        if situation.vr == "UI":
            return UID.decide(situation, reason)
        texts = situation.texts
        if texts is None or situation.vr not in TEXT_VRS - {"UR"} | CODE_VRS | NUMBER_STRING_VRS:
            return situation.taken_away(f"{reason}; a {situation.vr} value can't hold a hash")
        hashed = hashed_number if situation.vr in NUMBER_STRING_VRS else hashed_value
        new = [hashed(situation.setting.key, text) if text.strip() else "" for text in texts]
        return Outcome(self.code, Replace(joined(new)) if any(new) else Empty(), reason)


class AgeCapAction(Action):
    """`age-cap`: an age above 89 years becomes `090Y`; others stay.

    What is no age is taken away.
    """

    code = "age-cap"

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Cap it; leave it when there is nothing to cap."""
        if situation.attribute.is_empty:
            return situation.kept(reason, action=self.code)
        texts = situation.texts if situation.vr == "AS" else None
        capped = [capped_age(text) for text in texts or ()]
        if texts is None or None in capped:
            return situation.taken_away(f"{reason}; not an age")
        new = [text for text in capped if text is not None]
        if new == [text.strip(" \0") for text in texts]:
            return situation.kept(f"{reason}; not above 89 years", action=self.code)
        return Outcome(self.code, Replace(joined(new)), f"{reason}; above 89 years")


class GeneraliseAction(Action):
    """`generalise`: a date becomes 1 January of its year, a text the first 3 digits of its postcode (45 CFR 164.514).

    Of areas of few people these are 000. What is neither is taken away.
    """

    code = "generalise"

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Make each value coarser; take away what can't be."""
        if situation.attribute.is_empty:
            return Outcome(self.code, Empty(), reason)
        coarser = self._coarser(situation.vr)
        texts = situation.texts
        if coarser is None or texts is None:
            return situation.taken_away(f"{reason}; a {situation.vr} value can't be generalised")
        new = [coarser(text) or "" for text in texts]
        if not any(new):
            return situation.taken_away(f"{reason}; no date or postcode in it")
        return Outcome(self.code, Replace(joined(new)), reason)

    @staticmethod
    def _coarser(vr: str) -> Callable[[str], str | None] | None:
        if vr in {"DA", "DT"}:
            return first_of_year
        return postcode_area if vr in TEXT_VRS - {"UR", "PN"} | CODE_VRS else None


class MapAction(Action):
    """`map`: each value is replaced by the one that the rule's CSV file has for it.

    One that the file does not have keeps the whole instance back (quarantined: not-in-map). Empty values stay empty.
    """

    code = "map"

    def decide(self, situation: Situation, reason: str) -> Outcome:
        """Look each value up.

        Raises:
            InstanceError: NOT_IN_MAP, for a value that the table does not have or that can't be read.
        """
        if situation.attribute.is_empty:
            return Outcome(self.code, Empty(), reason)
        texts = situation.texts if situation.vr in STRING_VRS else None
        if texts is None or situation.value_map is None:
            raise self._missing(situation)
        new = []
        for text in texts:
            replacement = situation.value_map.get(text) if text.strip(" \0") else ""
            if replacement is None:
                raise self._missing(situation)
            new.append(replacement)
        if not all(situation.can_hold(text) for text in new):
            return situation.taken_away(f"{reason}; the table's value does not fit here")
        return Outcome(self.code, Replace(joined(new)) if any(new) else Empty(), reason)

    @staticmethod
    def _missing(situation: Situation) -> InstanceError:
        return InstanceError(Reason.NOT_IN_MAP, f"a value of {tag_text(situation.attribute.tag)}")


USER_ACTIONS: dict[str, Action] = {
    action.code: action for action in (ReplaceAction(), HashAction(), AgeCapAction(), GeneraliseAction(), MapAction())
}
"""The actions of this module by code, in the order in which documentation shows them."""
ALL_ACTIONS: dict[str, Action] = ACTIONS | USER_ACTIONS
"""Every action a rule can name."""
