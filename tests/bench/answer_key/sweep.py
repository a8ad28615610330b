"""The tables from end to end: over many instances, every attribute of a text VR that they name gets a value."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.uid import UID

from tests.bench.answer_key.rules import VERSIONS, public_rows
from tests.bench.answer_key.templates import Filled, fill, plain

if TYPE_CHECKING:
    from random import Random

    from pydicom.dataset import Dataset

    from tests.bench.answer_key.people import Patient

ROWS = 24
_TAG = re.compile(r"\(([0-9A-F]{4}),([0-9A-F]{4})\)")
_OTHER_GROUPS = frozenset({0x0000, 0x0002, 0x0004})
_STANDARD_DATE = "20020904"
_ISSUER = 0x00100021
_OTHERS = frozenset(
    {_ISSUER, 0x00120062, 0x00120063, 0x00120064, 0x00280301, 0x00280303, 0x00080005, 0x00080008, 0x0040A730}
)
"""Marks, structure, and the issuer of the patient ID: one in a single instance would make another patient of it."""
_TEXTS = frozenset({"LO", "SH", "LT", "ST", "UT", "UC"})


@cache
def _rows() -> tuple[tuple[int, str], ...]:
    found = []
    for name, action in public_rows().items():
        match = _TAG.fullmatch(name)
        tag = int(match[1] + match[2], 16) if match else 0
        if match and tag >> 16 not in _OTHER_GROUPS and tag not in _OTHERS and dictionary_has_tag(tag):
            found.append((tag, action))
    return tuple(found)


def sweep(dataset: Dataset, patient: Patient, random: Random, number: int) -> dict[str, Filled]:
    """Give the next rows of the tables a value, where the file has none; returns the texts by path."""
    texts: dict[str, Filled] = {}
    rows = _rows()
    for step in range(ROWS):
        tag, action = rows[(number * ROWS + step) % len(rows)]
        vr = dictionary_VR(tag)
        if tag in VERSIONS and tag not in dataset:
            dataset.add_new(tag, vr, _STANDARD_DATE)
        value = None if tag in dataset else _value(action, vr, patient, random)
        if value is None:
            continue
        if isinstance(value, Filled):
            texts[f"({tag >> 16:04X},{tag & 0xFFFF:04X})"], value = value, value.text
        dataset.add_new(tag, vr, value)
    return texts


def _value(action: str, vr: str, patient: Patient, random: Random) -> Any:
    """A value that fits the VR: a text with PHI to clean, one without to keep, a name or number to take away."""
    if vr in _TEXTS and action in {"clean", "keep"}:
        return fill(random, patient, vr) if action == "clean" else plain(random, vr)
    values: dict[str, Any] = dict.fromkeys(_TEXTS, patient.person.name[:16])
    values |= {"PN": patient.other_doctor.dicom, "AE": patient.station, "DA": patient.study_date, "TM": "101512"}
    values |= {"DT": f"{patient.study_date}101512", "UI": UID(f"{patient.uid_root}.66.{random.randrange(10**6)}")}
    values |= {"DS": "2.5", "IS": "317", "AS": patient.age}
    return values.get(vr)
