"""Synthetic values in the private attributes that TCIA's knowledge base knows, by VR and disposition."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from pydicom.datadict import private_dictionary_VR
from pydicom.uid import UID

from tests.bench.answer_key.rules import creators
from tests.bench.answer_key.templates import Filled, fill

if TYPE_CHECKING:
    from random import Random

    from pydicom.dataset import Dataset

    from tests.bench.answer_key.people import Patient

_TEXTS = frozenset({"LO", "SH", "LT", "ST", "UT"})
_NUMBERS = {"SL": "<i", "UL": "<I", "SS": "<h", "US": "<H", "FL": "<f", "FD": "<d"}
_VENDOR = ("STANDARD", "HEAD_FIRST", "FFE", "tfl3d1_16ns", "AXIAL", "LIGHTSPEED", "ON", "SPC", "C:1-4", "B31s", "26.0")
_CODES = ("YES", "NO", "AXIAL", "ORIGINAL", "UNI", "M")
_BLOCK = 0x10
_MOST_ROWS = 60
UNKNOWN_CREATOR = "LOCAL HOSPITAL SYSTEM 3"


def inject_private(
    dataset: Dataset, prefix: str, patient: Patient, random: Random, number: int, *, as_un: bool
) -> dict[str, Filled]:
    """Fill one block of the knowledge base, and one that nobody knows; returns the texts by path."""
    group, creator, rows = creators()[number % len(creators())]
    texts: dict[str, Filled] = {}
    _clear(dataset, group)
    _clear(dataset, 0x0099)
    dataset.add_new((group, _BLOCK), "LO", creator)
    for row in rows.split()[:_MOST_ROWS]:
        low, disposition, *vr = row.split(":")
        value = _value(disposition, "".join(vr), patient, random)
        if value is None or _read_otherwise(group, creator, int(low, 16), vr[0]):
            continue
        path = f'{prefix}({group:04X},"{creator}",{low})'
        if isinstance(value, Filled):
            texts[path], value = value, value.text
        tag = group << 16 | _BLOCK << 8 | int(low, 16)
        dataset.add_new(tag, "UN" if as_un else vr[0], _encoded(vr[0], value) if as_un else value)
    dataset.add_new((0x0099, _BLOCK), "LO", UNKNOWN_CREATOR)
    dataset.add_new((0x0099, _BLOCK << 8 | 1), "LO", patient.person.name)
    return texts


def _clear(dataset: Dataset, group: int) -> None:
    for tag in [tag for tag in dataset.keys() if tag.group == group]:  # noqa: SIM118 - a data set yields elements
        del dataset[tag]


def _read_otherwise(group: int, creator: str, low: int, vr: str) -> bool:
    """Whether pydicom, which the scorer reads with, knows the attribute by another VR."""
    try:
        return private_dictionary_VR((group, _BLOCK << 8 | low), creator) != vr
    except KeyError:
        return False


def _value(disposition: str, vr: str, patient: Patient, random: Random) -> Any:
    """A value for the row, None for rows that nothing is put into: sequences, bulk data, VRs that are not known."""
    if disposition == "k":
        return _kept(vr, patient, random)
    seconds = 1_425_463_200 + random.randrange(10**7)
    uid = UID(f"{patient.uid_root}.88.{random.randrange(10**6)}")
    others: dict[tuple[str, str], Any] = {
        ("oi", "SL"): seconds,
        ("oi", "FD"): float(seconds),
        ("o", "DA"): patient.study_date,
        ("o", "DT"): f"{patient.study_date}101512",
        ("o", "LO"): f"{patient.study_date}101512",
        ("h", "UI"): uid,
        ("h", "LO"): uid,
    }
    return others.get((disposition, vr)) or _dropped(vr, patient)


def _kept(vr: str, patient: Patient, random: Random) -> Any:
    if vr in _TEXTS:
        if random.random() < 0.4:
            return fill(random, patient, vr)
        text = random.choice(_VENDOR)
        return Filled(text, (text,), ())
    if vr in _NUMBERS:
        return random.randrange(1, 3000)
    simple: dict[str, Any] = {"CS": random.choice(_CODES), "IS": random.randrange(1, 999), "TM": "101512"}
    simple |= {"DS": f"{random.randrange(1, 9999) / 100}", "DA": patient.study_date, "DT": f"{patient.study_date}1015"}
    return simple.get(vr)


def _dropped(vr: str, patient: Patient) -> Any:
    values: dict[str, Any] = {"PN": patient.person.dicom, "DA": patient.birth_date, "DT": f"{patient.study_date}101512"}
    values |= {"LO": patient.person.name, "LT": f"for {patient.person.name}", "ST": patient.address}
    values |= {"SH": patient.person.last[:16], "UI": UID(f"{patient.uid_root}.99"), "UT": patient.hospital.name}
    return values.get(vr)


def _encoded(vr: str, value: Any) -> bytes:
    if vr in _NUMBERS:
        return struct.pack(_NUMBERS[vr], value)
    data = str(value).encode("latin-1")
    return data + (b"\0" if vr == "UI" else b" ") * (len(data) % 2)
