"""The pairs of original and new identifiers of one instance, for the vault. They are PHI: never logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.attributes.attribute import read_attribute
from deid.attributes.charset import DEFAULT
from deid.attributes.tree import attributes, item_encodings
from deid.header.values import base_vr, values_of
from deid.identity.mapping import InstanceMapping, Kind, Pair
from deid.identity.pseudonym import is_valid_uid
from deid.plan import AttributePath, Change, Decision, Keep, Replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydicom.dataset import Dataset

    from deid.attributes.attribute import Attribute
    from deid.instance import Deidentified

_PATIENT_ID = 0x00100020
_ACCESSION_NUMBER = 0x00080050
_PADDING = " \0"
_MADE_ROOT = "2.25."
"""What every UID made from the key begins with (PS3.5 B.2)."""


def mapping_of(done: Deidentified) -> InstanceMapping:
    """What the vault is to remember of a de-identified instance.

    That is every UID that was replaced, at any depth and in private attributes too; every accession number that was
    changed; every Patient ID, and the top-level one even where it was kept or is new.
    """
    patient = _patient(done.original, done.released)
    pairs = dict.fromkeys([patient, *_changed(done.original, done.plan.decisions)])
    # A value that is replaced here and taken away there has one row: its replacement.
    replaced = {(pair.kind, pair.old) for pair in pairs if pair.new}
    known = tuple(pair for pair in pairs if pair.new or (pair.kind, pair.old) not in replaced)
    return InstanceMapping(done.subject.pseudonym, done.subject.date_offset_days, known)


def _patient(original: Dataset, released: Dataset) -> Pair:
    return Pair(Kind.PATIENT, _top_level(original, _PATIENT_ID), _top_level(released, _PATIENT_ID))


def _top_level(dataset: Dataset, tag: int) -> str:
    if tag not in dataset:
        return ""
    return "\\".join(_texts(read_attribute(dataset, tag, item_encodings(dataset, DEFAULT)), "LO"))


def _changed(original: Dataset, decisions: Sequence[Decision]) -> Iterator[Pair]:
    changed = {decision.path: decision for decision in decisions if _kind(decision) is not None}
    for path, attribute in attributes(original):
        decision = changed.get(path)
        if decision is not None and not attribute.is_empty:
            yield from _pairs(attribute, decision)


def _kind(decision: Decision) -> Kind | None:
    """What a decision maps, None when nothing: it keeps the value, or the value is no identifier."""
    if isinstance(decision.change, Keep):
        return None
    if decision.path.tag == _ACCESSION_NUMBER:
        return Kind.ACCESSION
    if decision.path.tag == _PATIENT_ID and decision.path != AttributePath(_PATIENT_ID):
        return Kind.PATIENT
    return Kind.UID if isinstance(decision.change, Replace) and _is_uid(decision) else None


def _is_uid(decision: Decision) -> bool:
    """Whether UIDs were replaced; private attributes hold them as text or bytes, too."""
    new = [value for value in _new_texts(decision.change) if value]
    return base_vr(decision.vr) == "UI" or (bool(new) and all(map(_is_made_uid, new)))


def _is_made_uid(value: str) -> bool:
    return value.startswith(_MADE_ROOT) and is_valid_uid(value)


def _pairs(attribute: Attribute, decision: Decision) -> Iterator[Pair]:
    kind = _kind(decision)
    if kind is None:
        return
    old, new = _texts(attribute, base_vr(decision.vr)), _new_texts(decision.change)
    if kind is Kind.UID:
        old = [value.strip(_PADDING) for value in old]
    if kind is not Kind.UID or len(old) != len(new):
        old, new = ["\\".join(old)], ["\\".join(new)]
    yield from (Pair(kind, before, after) for before, after in zip(old, new, strict=True) if before not in ("", after))


def _texts(attribute: Attribute, vr: str) -> list[str]:
    """The values as text; one that can't be decoded by its character set, byte by byte."""
    data = attribute.data
    values = values_of(data, vr, attribute.encodings)
    if values is None:
        values = tuple((data or b"").decode("latin-1").rstrip(_PADDING).split("\\"))
    return [value.rstrip(_PADDING) for value in values]


def _new_texts(change: Change) -> list[str]:
    if not isinstance(change, Replace):
        return [""]
    value = change.value
    if isinstance(value, bytes):
        value = value.decode("latin-1").rstrip(_PADDING)
    return [str(one) for one in (value if isinstance(value, list | tuple) else str(value).split("\\"))]
