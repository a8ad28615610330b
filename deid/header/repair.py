"""Option `repair`: attributes that the IOD demands and the original lacks are added, as far as that is honest.

An attribute of type 2 in a mandatory module is added empty, as one of unknown value (PS3.5 7.4.3); one that the profile
replaces by the pseudonym, such as Patient ID, gets that. Of type 1 only what follows from the rest of the instance is
added:

- Presentation LUT Shape (PS3.3 C.8.11.3): IDENTITY for MONOCHROME2, INVERSE for MONOCHROME1;
- Presentation Intent Type (PS3.3 C.8.11.1): what the SOP Class says, for presentation or for processing.

Burned In Annotation is among the marks, which say what was looked at. Attributes that the original has, or that a rule
took away, are not added; conditional and user-optional modules and items of sequences are left alone.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pydicom._uid_dict import UID_dictionary
from pydicom.dataelem import DataElement
from pydicom.tag import BaseTag

from deid.attributes.attribute import dictionary_vr, read_attribute
from deid.attributes.charset import DEFAULT
from deid.attributes.vrs import STRING_VRS
from deid.header.iod import mandatory_modules
from deid.header.values import base_vr, values_of
from deid.plan import AttributePath, Decision, Empty, Replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydicom.dataset import Dataset

    from deid.identity.subject import Subject
    from deid.profile import Profile

REPAIR = "repair"
PRESENTATION_LUT_SHAPE = 0x20500020
PRESENTATION_INTENT_TYPE = 0x00080068
_PHOTOMETRIC = 0x00280004
_KNOWN_FROM = {0x00082218: 0x00180015}
"""An empty Anatomic Region Sequence would say that the region is unknown: not where Body Part Examined names it."""
ASKED_TAGS = frozenset({_PHOTOMETRIC, *_KNOWN_FROM.values()})
"""Attributes whose values decide what is added."""
_SHAPES = {"MONOCHROME2": "IDENTITY", "MONOCHROME1": "INVERSE"}
_INTENTS = ("For Presentation", "For Processing")
_PSEUDONYM = "{pseudonym}"


def repairs(dataset: Dataset, sop_class: str, profile: Profile, subject: Subject) -> Iterator[Decision]:
    """The decisions on attributes that a top-level data set lacks; none where the IOD isn't known."""
    for tag, attribute_type in sorted(_required(sop_class).items()):
        if tag in dataset or (tag in _KNOWN_FROM and _text(dataset, _KNOWN_FROM[tag])):
            continue
        if attribute_type == "2":
            yield _empty_or_pseudonym(tag, profile, subject)
        elif attribute_type == "1":
            value = _derived(tag, dataset, sop_class)
            if value is not None:
                yield _added(tag, Replace(value), "required by the IOD, and what it is follows from the instance")


def added_element(decision: Decision) -> DataElement:
    """The element that a decision of this module adds."""
    value = decision.change.value if isinstance(decision.change, Replace) else None
    vr = base_vr(decision.vr)
    return DataElement(BaseTag(decision.path.tag), vr, [] if vr == "SQ" else value)


def _empty_or_pseudonym(tag: int, profile: Profile, subject: Subject) -> Decision:
    rule = profile.rule_for(tag)
    if rule.value is not None and _PSEUDONYM in rule.value and base_vr(dictionary_vr(tag) or "") in STRING_VRS:
        value = rule.value.replace(_PSEUDONYM, subject.pseudonym)
        return _added(tag, Replace(value), "required by the IOD")
    return _added(tag, Empty(), "required by the IOD, which allows it to be empty")


def _added(tag: int, change: Empty | Replace, reason: str) -> Decision:
    vr = base_vr(dictionary_vr(tag) or "UN")
    return Decision(AttributePath(tag), vr, REPAIR, REPAIR, REPAIR, change, f"{reason}; the original lacks it")


def _derived(tag: int, dataset: Dataset, sop_class: str) -> str | None:
    if tag == PRESENTATION_LUT_SHAPE:
        return _SHAPES.get(_text(dataset, _PHOTOMETRIC))
    if tag == PRESENTATION_INTENT_TYPE:
        name = UID_dictionary.get(sop_class, ("",))[0]
        return next((intent.upper() for intent in _INTENTS if name.endswith(intent)), None)
    return None


def _text(dataset: Dataset, tag: int) -> str:
    if tag not in dataset:
        return ""
    return (values_of(read_attribute(dataset, tag, DEFAULT).data, "CS", DEFAULT) or ("",))[0].strip()


@lru_cache(maxsize=256)
def _required(sop_class: str) -> Mapping[int, str]:
    """What the mandatory modules list, by tag; the strictest type where several do."""
    found: dict[int, str] = {}
    for module in mandatory_modules(sop_class):
        for tag, attribute_type in _table().get(module, ()):
            found[tag] = min(found.get(tag, attribute_type), attribute_type)
    return found


@lru_cache(maxsize=1)
def _table() -> Mapping[str, tuple[tuple[int, str], ...]]:
    text = files("deid.header.tables").joinpath("iod_required.json").read_text("utf-8")
    entries = {
        name: [entry.split(":") for entry in types.split()] for name, types in json.loads(text)["modules"].items()
    }
    return {name: tuple((int(tag, 16), kind) for tag, kind in types) for name, types in entries.items()}
