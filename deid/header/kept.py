"""The last look at what a rule keeps: nothing stays that can't be read, and nothing that holds a known value.

Texts and codes go through the text room, numbers and UIDs are compared with the subject's identifiers, binary data is
searched for names and identifiers. What is not known to hold numbers or samples, and can't be read, is taken away; so
is what PS3.6 does not know and no rule names, and a text where PS3.6 has a number, a date or samples. In prose that no
rule names, forms and cues count as well (`passed_over.py`).

Bulk data (OB, OW, OF …) of attributes that PS3.6 knows is kept when nothing known stands in it: look-up tables,
colour profiles, waveforms, spectra.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydicom._uid_dict import UID_dictionary

from deid.attributes.attribute import SPECIFIC_CHARACTER_SET, dictionary_vr, is_private
from deid.attributes.charset import meant_term
from deid.attributes.vrs import BINARY_SIZES, BULK_VRS, CODE_VRS, NUMBER_STRING_VRS, STRING_VRS, TEXT_VRS
from deid.header.actions import holds_across_values, holds_known, replaced_texts
from deid.header.codes import CODE_VALUE, CODING_SCHEME_DESIGNATOR
from deid.header.passed_over import TYPES, is_prose, is_typed, passed_over
from deid.header.situation import Outcome
from deid.header.uids import uids_replaced
from deid.header.values import base_vr, is_well_formed, is_whole, joined
from deid.plan import Keep, Replace
from deid.text.recoded import holds_recoded

if TYPE_CHECKING:
    from deid.attributes.attribute import Attribute
    from deid.header.evidence import Evidence
    from deid.header.situation import Situation

KNOWN_VALUES = "known-values"
UNREADABLE = "unreadable"
PASSED_OVER = "passed-over"
CHARACTER_SET = "character-set"
_UNKNOWN = "of unknown meaning, so it can't be checked"
_HOLDS_KNOWN = "an identifying value of this patient was in it"
_HOLDS_RECODED = "an identifying value of this patient was in it, in another character set"
_HOLDS_UID = "a UID stood in it"
_NAMES_SOMEBODY = "no rule names it, but by its form or the words beside it something in it identifies"


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """Checks kept values against one subject's evidence."""

    evidence: Evidence
    keeps_uids: bool
    """Whether instances keep their UIDs, so that texts may name them, too."""

    def __call__(self, situation: Situation, outcome: Outcome, *, named: bool) -> Outcome:
        """`outcome` (a Keep), or what must happen instead; `named` when a rule names the attribute."""
        attribute = situation.attribute
        if attribute.is_empty:
            return outcome
        unnamed = not (named or is_private(attribute.tag))
        why = passed_over(attribute.tag, situation.vr) if unnamed else None
        if why is not None:
            known = replace(situation, type=TYPES.get(attribute.tag))
            return known.taken_away(f"no rule names it, but {why}", rule=PASSED_OVER)
        if attribute.items is not None:
            return outcome
        if unnamed and not dictionary_vr(attribute.tag):
            return situation.taken_away(_UNKNOWN, rule=UNREADABLE)
        return self._value(situation, outcome, unnamed=unnamed)

    def _value(self, situation: Situation, outcome: Outcome, *, unnamed: bool) -> Outcome:
        attribute = situation.attribute
        if attribute.is_sequence:
            return situation.taken_away("the sequence can't be read", rule=UNREADABLE)
        if situation.vr in STRING_VRS:
            return self._string(situation, outcome, unnamed=unnamed)
        return self._binary(situation, outcome)

    def _string(self, situation: Situation, outcome: Outcome, *, unnamed: bool) -> Outcome:
        texts, vr = situation.texts, situation.vr
        if texts is None:
            return situation.taken_away("the text can't be decoded, so it can't be checked", rule=UNREADABLE)
        if not is_well_formed(texts, vr) or not _fits(situation.attribute, texts):
            return situation.taken_away(f"not a {vr} value, so it can't be checked", rule=UNREADABLE)
        if situation.attribute.tag == SPECIFIC_CHARACTER_SET:
            return _character_set(situation, texts, outcome)
        if vr in TEXT_VRS | CODE_VRS:
            prose = unnamed and is_prose(situation.attribute.tag, vr)
            outcome = _scrubbed(situation, texts, outcome, prose=prose)
            if isinstance(outcome.change, Keep) and _holds_recoded(situation, texts):
                return situation.taken_away(_HOLDS_RECODED, rule=KNOWN_VALUES)
            checks_uids = unnamed and not self.keeps_uids
            return _with_new_uids(situation, texts, outcome) if checks_uids else outcome
        return self._identifiers(situation, texts, outcome)

    def _identifiers(self, situation: Situation, texts: tuple[str, ...], outcome: Outcome) -> Outcome:
        evidence, vr = self.evidence, situation.vr
        if vr in NUMBER_STRING_VRS | {"TM", "AS"} and any(map(evidence.in_number, texts)):
            return situation.taken_away("the number is one of this patient's identifiers", rule=KNOWN_VALUES)
        if vr in {"DA", "DT"} and any(map(evidence.in_date, texts)):
            return situation.taken_away("the date is one that identifies this patient", rule=KNOWN_VALUES)
        if vr == "UI" and any(evidence.in_uid(text) for text in texts if text.strip() not in UID_dictionary):
            why = "an identifier of this patient is part of the UID"
            return Outcome("U", situation.dummy(), why, rule=KNOWN_VALUES)
        return outcome

    def _binary(self, situation: Situation, outcome: Outcome) -> Outcome:
        attribute, data = situation.attribute, situation.attribute.data
        expected = dictionary_vr(attribute.tag, None) if not is_private(attribute.tag) else attribute.vr
        if data is None or not is_whole(data, attribute.vr):
            return situation.taken_away("the value can't be read, so it can't be checked", rule=UNREADABLE)
        if expected is None or attribute.vr == "UN":
            return situation.taken_away(_UNKNOWN, rule=UNREADABLE)
        if expected in STRING_VRS:
            return situation.taken_away(f"stored as {attribute.vr}, so it can't be checked", rule=UNREADABLE)
        if situation.vr not in BINARY_SIZES and situation.vr not in BULK_VRS:
            return situation.taken_away("of unknown VR, so it can't be checked", rule=UNREADABLE)
        if self.evidence.in_bytes(data):
            return situation.taken_away(_HOLDS_KNOWN, rule=KNOWN_VALUES)
        return outcome


def _holds_recoded(situation: Situation, texts: tuple[str, ...]) -> bool:
    known = situation.setting.subject.known_values
    return holds_recoded(situation.attribute.data or b"", "\\".join(texts), known)


def _with_new_uids(situation: Situation, texts: tuple[str, ...], outcome: Outcome) -> Outcome:
    """What stays of a text that holds UIDs: they become the key's, as they do wherever else they stand."""
    if isinstance(outcome.change, Replace):
        value = outcome.change.value
        texts = tuple(value) if isinstance(value, list) else (value,)
    elif not isinstance(outcome.change, Keep):
        return outcome
    new = [uids_replaced(text, situation.setting.key) for text in texts]
    if new == list(texts):
        return outcome
    if not all(map(situation.can_hold, new)):
        return situation.taken_away(_HOLDS_UID, rule=KNOWN_VALUES)
    return Outcome("U", Replace(joined(new)), _HOLDS_UID, rule=KNOWN_VALUES)


def _character_set(situation: Situation, texts: tuple[str, ...], outcome: Outcome) -> Outcome:
    terms = [text.strip() for text in texts]
    meant = [term for term in map(meant_term, terms) if term is not None]
    if len(meant) < len(terms):
        return situation.taken_away("not a defined term", rule=UNREADABLE)
    if meant == terms:
        return outcome
    return Outcome("C", Replace(joined(meant)), "not a defined term, but it means one", rule=CHARACTER_SET)


def _fits(attribute: Attribute, texts: tuple[str, ...]) -> bool:
    """Whether texts stored for an attribute of PS3.6 could be its values, though its VR be another than the stored."""
    expected = None if is_private(attribute.tag) else dictionary_vr(attribute.tag)
    if expected is None or expected in STRING_VRS:
        return expected is None or is_well_formed(texts, expected)
    # Numbers are written out where binary ones should be; samples and sequences can't be.
    return base_vr(expected) in BINARY_SIZES and is_well_formed(texts, "DS")


def _scrubbed(situation: Situation, texts: tuple[str, ...], outcome: Outcome, *, prose: bool) -> Outcome:
    scrub, known = situation.setting.scrub, situation.setting.subject.known_values
    tag = situation.attribute.tag
    if prose:
        cut = scrub.scrub_typed if is_typed(tag) else scrub.scrub_evident
    else:
        cut = scrub.scrub_code if tag in {CODE_VALUE, CODING_SCHEME_DESIGNATOR} else scrub.scrub
    scrubbed = [cut(text, known) if text.strip() else None for text in texts]
    new = [text if one is None else one.text for text, one in zip(texts, scrubbed, strict=True)]
    if new == list(texts) and not holds_across_values(situation, texts):
        return outcome
    if prose and not holds_known(situation, texts):
        return replaced_texts(situation, texts, new, _NAMES_SOMEBODY, "C").because(_NAMES_SOMEBODY, rule=PASSED_OVER)
    return replaced_texts(situation, texts, new, _HOLDS_KNOWN, "C").because(_HOLDS_KNOWN, rule=KNOWN_VALUES)
