"""What an action gets to see of an attribute, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from deid.attributes.charset import DEFAULT, encode
from deid.attributes.vrs import BULK_VRS, CHARACTER_SET_VRS, CODE_VRS, STRING_VRS
from deid.header.values import base_vr, joined, value_count, values_of
from deid.identity.pseudonym import dummy_value, hashed_value
from deid.plan import Change, Empty, Keep, Remove, Replace
from deid.profile.lookup.values import HASH_FIELD, PSEUDONYM_FIELD, fits_vr

if TYPE_CHECKING:
    from deid.attributes.attribute import Attribute
    from deid.header.iod import AttributeType
    from deid.header.scrubber import TextScrubber
    from deid.identity.key import Key
    from deid.identity.subject import Subject
    from deid.profile.lookup.value_map import ValueMap

_NOTHING = b"\0\0"


class Walk(Enum):
    """How the items of a kept sequence are treated."""

    RULES = "by their own rules"
    UIDS = "by their own rules, and every UID replaced"
    CLEAN = "by their own rules, and every text cleaned"
    DUMMIES = "every value replaced by a dummy"


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for all attributes of an instance."""

    subject: Subject
    key: Key
    scrub: TextScrubber


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action makes of an attribute."""

    action: str
    """The single action code that was carried out; another than asked for where that one does not fit the VR."""
    change: Change
    reason: str
    walk: Walk = Walk.RULES
    rule: str | None = None
    """A rule of the header room itself that overruled the profile's."""

    def because(self, reason: str, *, rule: str | None = None) -> Outcome:
        """The same outcome for another reason."""
        return replace(self, reason=reason, rule=rule or self.rule)


@dataclass(frozen=True, slots=True)
class Situation:
    """An attribute, its type in this IOD, and the template or table that its rule has for a replacement."""

    attribute: Attribute
    type: AttributeType | None
    template: str | None
    setting: Setting
    value_map: ValueMap | None = None
    vendors: bool = False
    """Whether it is a private element that a rule names with its creator: what it holds is known, and technical."""

    @property
    def vr(self) -> str:
        """The VR its value is handled as."""
        return base_vr(self.attribute.vr)

    @property
    def texts(self) -> tuple[str, ...] | None:
        """Its values when they are strings that can be decoded, else None."""
        if self.vr not in STRING_VRS:
            return None
        return values_of(self.attribute.data, self.vr, self.attribute.encodings)

    def taken_away(self, reason: str, *, rule: str | None = None) -> Outcome:
        """The value goes in the way that the attribute's type allows: removed, emptied, or replaced by a dummy.

        This is the answer wherever an action can't be carried out: the original never stays for want of a way.
        """
        if self.type is not None and self.type.needs_value and not self.attribute.is_sequence:
            return Outcome("D", self.dummy(), reason, rule=rule)
        if self.type is not None and self.type.needs_presence:
            return Outcome("Z", Empty(), reason, rule=rule)
        return Outcome("X", Remove(), reason, rule=rule)

    def dummy(self) -> Change:
        """A value of the VR that says nothing: from the rule's template, else key-derived. Zero length stays so."""
        if self.attribute.is_empty:
            return Empty()
        filled = self.filled_template()
        return Replace(self._made_up() if filled is None else filled)

    def _made_up(self) -> Any:  # noqa: ANN401 - its type depends on the VR
        vr, key = self.vr, self.setting.key
        if vr in BULK_VRS:
            return _NOTHING
        if vr in STRING_VRS:
            # An undecodable original still gives every file of the run the same dummy.
            texts = self.texts or ((self.attribute.data or b"").hex(),)
            return joined(
                [str(dummy_value(key, vr, text)) for text in texts if text] or [str(dummy_value(key, vr, ""))]
            )
        if vr == "AT":
            return 0
        count = value_count(self.attribute.data, vr)
        number = dummy_value(key, vr, "")
        return number if count <= 1 else [number] * count

    def filled_template(self) -> str | None:
        """The rule's replacement with its fields filled in; None if there is none, or it does not fit here."""
        if self.template is None:
            return None
        text = self.template.replace(PSEUDONYM_FIELD, self.setting.subject.pseudonym)
        text = text.replace(HASH_FIELD, self.hashed()) if HASH_FIELD in text else text
        return text if self.can_hold(text) else None

    def can_hold(self, text: str) -> bool:
        """Whether one text is a valid value here, by VR and character set."""
        if self.vr not in STRING_VRS or not fits_vr(text, self.vr):
            return False
        encodings = self.attribute.encodings if self.vr in CHARACTER_SET_VRS - CODE_VRS else DEFAULT
        return encode(text, encodings, self.vr) is not None

    def hashed(self) -> str:
        """What stands for the whole value, made from it and the key: 16 letters and digits."""
        text = "\\".join(self.texts) if self.texts is not None else (self.attribute.data or b"").hex()
        return hashed_value(self.setting.key, text)

    def settled(self, outcome: Outcome) -> Outcome:
        """The outcome; a replacement that equals the value it replaces, such as a UID of the standard, is a Keep."""
        if isinstance(outcome.change, Replace) and self._is_already(outcome.change.value):
            return replace(outcome, change=Keep(), reason=f"{outcome.reason}; it is that already")
        return outcome

    def _is_already(self, value: object) -> bool:
        if self.vr in STRING_VRS:
            values = value if isinstance(value, list) else [value]
            return self.texts == tuple(str(one) for one in values)
        return self.attribute.data in (value, b"") or not (self.attribute.data or b"\1").strip(b"\0")

    def kept(self, reason: str, walk: Walk = Walk.RULES, action: str = "K") -> Outcome:
        """The attribute stays; a sequence's items are walked."""
        return Outcome(action, Keep(), reason, walk)
