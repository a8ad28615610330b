"""Planning the header: every attribute at any depth gets exactly one decision. Pure; the data set stays as it is.

What stands inside a removed, emptied or replaced sequence is covered by that sequence's decision. An attribute goes
through: own rules of this room (`ROOM_RULES`), else the profile's rule; its compound code solved by IOD type; the
action; and, if that keeps it, the check in `kept.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deid.attributes.attribute import (
    SPECIFIC_CHARACTER_SET,
    Attribute,
    attribute_of,
    element_of,
    is_private,
    is_private_creator,
    private_creator_tag,
    read_attribute,
    tags_of,
)
from deid.attributes.charset import DEFAULT
from deid.attributes.tree import check_count, check_depth, item_encodings
from deid.header.actions import DUMMY
from deid.header.codes import CODING_SCHEME_DESIGNATOR
from deid.header.content_items import is_value
from deid.header.evidence import Evidence
from deid.header.iod import AttributeTypes, assumed_type, attribute_types
from deid.header.kept import KeptCheck
from deid.header.marks import MARKS
from deid.header.repair import ASKED_TAGS, repairs
from deid.header.resolve import Resolved, resolve
from deid.header.room_rules import OWN_MARKS, ROOM_RULES, Place, room_rule
from deid.header.sequences import code_in_sequence
from deid.header.situation import Outcome, Setting, Situation, Walk
from deid.header.unchecked import ENCAPSULATED_DOCUMENT, WAVEFORM_SEQUENCE, refuse_unchecked_content
from deid.header.user_actions import ALL_ACTIONS
from deid.header.values import values_of
from deid.header.vouched import OTHERWISE_STORED, code_of_vouched
from deid.plan import AttributePath, Decision, Empty, Keep, Remove, Replace
from deid.profile.lookup.followed import FOLLOWED
from deid.profile.lookup.model import PrivateElement
from deid.profile.lookup.private_tables import is_vendors, private_vr
from deid.profile.lookup.scope import Scope
from deid.profile.lookup.tags import normalised_creator
from deid.quiet import quiet_pydicom

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydicom.dataelem import DataElement, RawDataElement
    from pydicom.dataset import Dataset

    from deid.header.scrubber import TextScrubber
    from deid.identity.key import Key
    from deid.identity.subject import Subject
    from deid.profile import Profile, Rule

_SOP_CLASS, _SOP_INSTANCE = 0x00080016, 0x00080018
_ASKED = ASKED_TAGS | {
    SPECIFIC_CHARACTER_SET,
    _SOP_CLASS,
    CODING_SCHEME_DESIGNATOR,
    ENCAPSULATED_DOCUMENT,
    WAVEFORM_SEQUENCE,
}
_NO_RULE = "no rule names it: it goes with the sequence it stands in, or with the other dates"


def plan_header(
    dataset: Dataset, profile: Profile, subject: Subject, key: Key, scrub: TextScrubber
) -> tuple[Decision, ...]:
    """Decide on every attribute of a top-level data set.

    Args:
        dataset: As pydicom read it; values may still be raw, and stay so.
        profile: The compiled profile.
        subject: The patient: pseudonym and known values, taken from this header before.
        key: The key from which dummies and UIDs are derived.
        scrub: Cuts identifying parts out of texts.

    Returns:
        The decisions in the order of the attributes, a sequence before its items; then, with option `repair`, those
        on attributes that are added.

    Raises:
        InstanceError: MALFORMED or TOO_LARGE when sequences nest deeper than 64 levels or there are more than two
            million attributes; UNCHECKED_CONTENT when the instance's main content can't be checked at all.
    """
    with quiet_pydicom():
        planner = HeaderPlanner(dataset, profile, Setting(subject, key, scrub))
        return (*planner.decide(dataset), *planner.added)


class HeaderPlanner:
    """Decides on the top-level attributes of one data set, or of others that agree with it in what decisions ask.

    The decision on an attribute of the top level, and on what it holds, depends on: profile, key, subject; which tags
    there are; the encoding; the attributes `asked_tags` names; and, in a profile that has rules with a path or a
    condition, all others. Nothing else may come in: the splicer keeps what was decided on equal bytes.
    """

    def __init__(self, dataset: Dataset, profile: Profile, setting: Setting) -> None:
        """Look at what is asked of the whole data set.

        Raises:
            InstanceError: UNCHECKED_CONTENT when the instance's main content can't be checked at all.
        """
        sop_class = _sop_class(dataset)
        refuse_unchecked_content(dataset, sop_class)
        tags = tags_of(dataset)
        encodings = item_encodings(dataset, DEFAULT)
        self._profile = profile
        self._setting = setting
        self._types = attribute_types(sop_class, frozenset(tags))
        keeps_uids = profile.rule_for(_SOP_INSTANCE).code == "K"
        self._check_kept = KeptCheck(Evidence.of(setting.subject.known_values), keeps_uids=keeps_uids)
        self.encodings = encodings
        """The character sets of the data set."""
        self._level = _Level((), encodings, Walk.RULES, _scope_of(profile, dataset, encodings))
        planner = self._planner()
        self._surroundings = planner.surroundings(dataset, tags, self._level)
        self.added = tuple(repairs(dataset, sop_class, profile, setting.subject)) if profile.repairs else ()
        """Decisions on attributes that the data set lacks."""

    def decide(self, dataset: Dataset) -> tuple[Decision, ...]:
        """The decisions on every attribute of `dataset`, in order, a sequence before its items."""
        planner = self._planner()
        planner.decide(dataset, tags_of(dataset), self._surroundings, self._level)
        return tuple(planner.decisions)

    def decide_on(self, element: RawDataElement) -> tuple[Decision, ...]:
        """The decisions on one attribute of the top level and on what it holds."""
        planner = self._planner()
        planner.decide_on(element, self._surroundings, self._level)
        return tuple(planner.decisions)

    def is_blind(self, decision: Decision) -> bool:
        """Whether a decision on an attribute of the top level that is no sequence holds whatever its value is.

        It is so where the rule removes it, or empties it and has nothing to put in; or replaces a UID by the key's.
        """
        tag = decision.path.tag
        resolved = resolve(decision.code, self._types.of((), tag))
        if isinstance(decision.change, Replace):
            return resolved == Resolved("U") and decision.action == "U" and decision.vr == "UI"
        if isinstance(decision.change, Remove):
            return resolved == Resolved("X")
        if not isinstance(decision.change, Empty) or is_private(tag):
            return False
        return resolved == Resolved("Z") and self._profile.rule_for(tag, vr=decision.vr).value is None

    def _planner(self) -> _Planner:
        return _Planner(self._profile, self._setting, self._types, self._check_kept)


def load_tables() -> None:
    """Read the tables of IODs and of private elements now; they are read once a process."""
    attribute_types("", ())
    private_vr(0, "of nobody")


def asked_tags(tags: Iterable[int]) -> frozenset[int]:
    """Of the tags of a data set, those whose values the decisions on other attributes may depend on."""
    return frozenset(tag for tag in tags if tag in _ASKED or is_private_creator(tag))


@dataclass(frozen=True, slots=True)
class _Level:
    """Where the walk is: the enclosing (sequence, item) pairs, the character sets, and how values are treated.

    `scope` is what rules with a path or a condition ask; None for a profile that has no such rules.
    """

    parents: tuple[tuple[int, int], ...]
    encodings: tuple[str, ...]
    walk: Walk
    scope: Scope | None


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What the attributes of one data set or item have in common: private creators by tag, and the place."""

    creators: Mapping[int, str]
    place: Place


@dataclass(slots=True)
class _Planner:
    profile: Profile
    setting: Setting
    types: AttributeTypes
    check_kept: KeptCheck
    decisions: list[Decision] = field(default_factory=list)

    def surroundings(self, dataset: Dataset, tags: list[int], level: _Level) -> _Surroundings:
        """What the attributes of a data set or item have in common."""
        place = Place.of(tags, self.profile, level.scope, parents=level.parents, dataset=dataset)
        return _Surroundings(self._creators(dataset, tags, level.encodings), place)

    def decide(self, dataset: Dataset, tags: list[int], around: _Surroundings, level: _Level) -> None:
        """Decide on attributes of `dataset`, a data set or an item, and on what they hold."""
        check_depth(len(level.parents))
        for tag in tags:
            self.decide_on(element_of(dataset, tag), around, level)

    def decide_on(self, element: DataElement | RawDataElement, around: _Surroundings, level: _Level) -> None:
        """Decide on one attribute and on what it holds."""
        tag = int(element.tag)
        creator = around.creators.get(tag if is_private_creator(tag) else private_creator_tag(tag))
        creator_of_data = creator if is_private(tag) and not is_private_creator(tag) else None
        attribute = attribute_of(element, level.encodings, creator_of_data, private_vr(tag, creator_of_data))
        self._decide(attribute, creator, around.place, level)

    def _decide(self, attribute: Attribute, creator: str | None, place: Place, level: _Level) -> None:
        tag = attribute.tag
        rule = self.profile.rule_for(
            tag, private_creator=creator if is_private(tag) else None, vr=attribute.vr, scope=level.scope
        )
        outcome = room_rule(attribute, creator, place)
        if outcome is None and place.concept is not None and is_value(tag):
            rule, outcome = place.concept, self._as_attribute(attribute, place.concept, level)
        if outcome is None:
            outcome = self._by_rule(attribute, rule, creator, place, level)
        if tag in MARKS and not level.parents and isinstance(outcome.change, Keep):
            outcome = outcome.because(ROOM_RULES[OWN_MARKS].rstrip("."), rule=OWN_MARKS)
        self._record(attribute, rule.id, rule.code, outcome, level)
        if isinstance(outcome.change, Keep) and attribute.items is not None:
            self._walk_items(attribute, outcome, level)

    def _by_rule(self, attribute: Attribute, rule: Rule, creator: str | None, place: Place, level: _Level) -> Outcome:
        if creator is not None and rule == self._vendor_rule(attribute.tag, creator):
            code, vendors = code_of_vouched(attribute, creator, rule)
            reason = rule.reason if code == rule.code else f"{rule.reason}; {OTHERWISE_STORED}"
            return self._outcome(attribute, code, rule, level, reason, vendors=vendors)
        code = code_in_sequence(attribute, rule, level.walk, unlisted=rule == self.profile.unlisted, place=place)
        return self._outcome(attribute, code, rule, level, rule.reason if code == rule.code else _NO_RULE)

    def _vendor_rule(self, tag: int, creator: str | None) -> Rule | None:
        """The rule that names just this private element of this vendor."""
        if creator is None or not is_private(tag) or is_private_creator(tag):
            return None
        element = PrivateElement(tag >> 16, tag & 0xFF, normalised_creator(creator))
        return self.profile.private_elements.get(element)

    def _as_attribute(self, attribute: Attribute, rule: Rule, level: _Level) -> Outcome:
        """The value of a content item that stands for an attribute whose rule takes it away (PS3.15 E.3.4)."""
        attribute_type = self.types.of(tuple(tag for tag, _ in level.parents), attribute.tag)
        situation = Situation(attribute, attribute_type, rule.value, self.setting)
        return situation.settled(situation.taken_away(f"its concept is that of {rule.name}: {rule.reason}"))

    def _outcome(
        self, attribute: Attribute, code: str, rule: Rule, level: _Level, reason: str, *, vendors: bool = False
    ) -> Outcome:
        attribute_type = self.types.of(tuple(tag for tag, _ in level.parents), attribute.tag)
        of_table = rule != self.profile.unlisted and attribute.tag not in FOLLOWED
        if attribute_type is None and not of_table and not is_private(attribute.tag):
            attribute_type = assumed_type(attribute.vr)
        situation = Situation(attribute, attribute_type, rule.value, self.setting, rule.value_map, vendors)
        resolved = resolve(code, attribute_type)
        outcome = _carried_out(resolved, situation, reason)
        if isinstance(outcome.change, Keep):
            outcome = self.check_kept(situation, outcome, named=rule != self.profile.unlisted)
        return situation.settled(outcome)

    def _record(self, attribute: Attribute, rule: str, code: str, outcome: Outcome, level: _Level) -> None:
        check_count(len(self.decisions) + 1)
        path = AttributePath(attribute.tag, level.parents)
        self.decisions.append(
            Decision(path, attribute.vr, outcome.rule or rule, code, outcome.action, outcome.change, outcome.reason)
        )

    def _walk_items(self, attribute: Attribute, outcome: Outcome, level: _Level) -> None:
        walk = outcome.walk if outcome.walk is not Walk.RULES else level.walk
        for index, item in enumerate(attribute.items or ()):
            parents = (*level.parents, (attribute.tag, index))
            encodings = item_encodings(item, level.encodings)
            scope = _scope_of(self.profile, item, encodings, (attribute.tag, level.scope))
            inner = _Level(parents, encodings, walk, scope)
            tags = tags_of(item)
            self.decide(item, tags, self.surroundings(item, tags, inner), inner)

    def _creators(self, dataset: Dataset, tags: list[int], encodings: tuple[str, ...]) -> dict[int, str]:
        """The private creators by tag; one that holds an identifying value reserves nothing."""
        creators = {}
        for tag in filter(is_private_creator, tags):
            data = read_attribute(dataset, tag, encodings).data
            text = "\\".join(values_of(data, "LO", encodings) or ()).strip()
            if text and not self._names_somebody(tag, text):
                creators[tag] = text
        return creators

    def _names_somebody(self, tag: int, creator: str) -> bool:
        """Whether a private creator holds a known value; or anything that identifies, if it is kept for its own sake.

        Names of vendors look like people's: those that a table knows are not asked about, and guesses count only if it
        is written as a name is, `Smith^Mary`.
        """
        profile, scrub, known = self.profile, self.setting.scrub, self.setting.subject.known_values
        if scrub.scrub(creator, known).text != creator:
            return True
        for_its_own_sake = profile.rule_for(tag, private_creator=creator) is profile.any_creator
        if not for_its_own_sake or profile.private.code == "K" or is_vendors(creator):
            return False
        return any("^" in creator or not span.is_inferred for span in scrub.clean(creator, known).spans)


def _scope_of(
    profile: Profile, dataset: Dataset, encodings: tuple[str, ...], outer: tuple[int, Scope | None] | None = None
) -> Scope | None:
    """What rules may ask of a data set; of an item, with the tag of its sequence and the scope around."""
    if not profile.special.candidates:
        return None
    tag, around = outer or (0, None)
    return Scope(dataset, encodings, (tag, around) if around is not None else None)


def _carried_out(resolved: Resolved, situation: Situation, reason: str) -> Outcome:
    if resolved.with_dummy:
        outcome = DUMMY.decide(situation, f"{reason}; the IOD needs a value")
        return Outcome(resolved.code, outcome.change, outcome.reason, outcome.walk)
    return ALL_ACTIONS[resolved.code].decide(situation, reason)


def _sop_class(dataset: Dataset) -> str:
    if _SOP_CLASS not in dataset:
        return ""
    values = values_of(read_attribute(dataset, _SOP_CLASS, DEFAULT).data, "UI", DEFAULT)
    return values[0].strip() if values else ""
