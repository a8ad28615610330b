"""Which identifying values a profile withholds from the new header: all but those that it keeps on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom.datadict import tag_for_keyword

from deid.attributes.attribute import dictionary_vr
from deid.attributes.charset import DEFAULT
from deid.attributes.tree import item_encodings
from deid.identity.coarse import capped_age
from deid.identity.known_values import ValueKind
from deid.identity.texts import texts_of
from deid.profile.lookup.places import places
from deid.profile.lookup.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydicom.dataset import Dataset

    from deid.identity.known_values import KnownValue
    from deid.profile import Profile, Rule

_OF_PATIENT = frozenset({ValueKind.PATIENT_NAME, ValueKind.PATIENT_ID})


def withheld(known: Sequence[KnownValue], profile: Profile, dataset: Dataset) -> tuple[KnownValue, ...]:
    """The known values of a data set that may not be left anywhere in the new header.

    A value whose own attribute the profile keeps by rule (an institution's name under retain-institution-identity) is
    no secret of this release, wherever else it stands. One that stays only because no rule names its attribute is: a
    person's name in an attribute that should hold none must not make the name public. The patient's name and ID are
    secret, too, unless an attribute for them is kept: as a station's name or a serial number they are not let out.

    Raises:
        InstanceError: A rule depends on a value that can't be read.
    """
    scope = Scope(dataset, item_encodings(dataset, DEFAULT))
    tags = {value.keyword: tag_for_keyword(value.keyword) for value in known}
    rules = {
        keyword: profile.rule_for(tag, vr=dictionary_vr(tag), scope=scope)
        for keyword, tag in tags.items()
        if tag is not None
    }
    named = {keyword: rule for keyword, rule in rules.items() if rule != profile.unlisted}
    kept = [value for value in known if value.keyword in named and _keeps(named[value.keyword], value.text)]
    released = {of_patient: _texts(kept, of_patient=of_patient) for of_patient in (False, True)}
    inside = {
        of_patient: _kept_inside(
            profile, dataset, {tags[value.keyword] for value in _chosen(known, of_patient=of_patient)}
        )
        for of_patient in (False, True)
    }
    return tuple(
        value
        for value in known
        if value.text not in released[of_patient := value.kind in _OF_PATIENT]
        and not _is_inside(value.text, inside[of_patient])
    )


def _chosen(known: Iterable[KnownValue], *, of_patient: bool) -> Iterator[KnownValue]:
    """Those that can release a value of the patient, or any other: all can release another."""
    return (value for value in known if not of_patient or value.kind in _OF_PATIENT)


def _texts(known: Iterable[KnownValue], *, of_patient: bool) -> set[str]:
    return {value.text for value in _chosen(known, of_patient=of_patient)}


def _keeps(rule: Rule, text: str) -> bool:
    return rule.code == "K" or (rule.code == "age-cap" and capped_age(text) == text)


def _kept_inside(profile: Profile, dataset: Dataset, tags: set[int | None]) -> set[str]:
    """The texts of those attributes that a rule with a path keeps inside a sequence."""
    asked = {tag for tag in tags if tag is not None and _kept_by_path(profile, tag)}
    if not asked:
        return set()
    return {
        _normalised(text)
        for place in places(dataset)
        if place.path.tag in asked and place.path.parents
        if profile.rule_for(place.path.tag, vr=place.attribute.vr, scope=place.scope).code == "K"
        for text in texts_of(place.attribute)
    }


def _is_inside(text: str, inside: set[str]) -> bool:
    """Whether a value is one of the texts that are kept inside sequences, or the bare number of one."""
    normalised = _normalised(text)
    return normalised in inside or (normalised.isdigit() and any(normalised in kept for kept in inside))


def _kept_by_path(profile: Profile, tag: int) -> bool:
    if not profile.special.concern(tag):
        return False
    return any(one.matcher.path is not None and one.rule.code == "K" for one in profile.candidates(tag))


def _normalised(text: str) -> str:
    return " ".join(text.casefold().split())
