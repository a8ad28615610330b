"""Texts with PHI in the forms that MIDI-B used, and which part of each has to go and which to stay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

    from tests.bench.answer_key.people import Patient

BASES = (
    "CT CHEST W/O CONTRAST", "CHEST PA & LATERAL", "AX T2 FLAIR", "MRI BRAIN W/WO", "XR KNEE 3 VIEWS LEFT",
    "PET WB W/CT ATTN", "Mammo screening digital bilateral", "US ABDOMEN LIMITED", "ABD/PELVIS 5mm", "Localizer",
    "t1_mprage_sag_p2_iso", "ROUTINE BRAIN", "SAG T1 SE", "HIP RT 2V", "Follow up of known left upper lobe nodule",
    "History of breast cancer, rule out metastasis", "THORAX 1.0 B70f", "ep2d_diff_3scan_trace", "CTA HEAD AND NECK",
    "Portable chest", "R CC", "L MLO", "PRONE",
    "Ax T2 FSE fat sat", "BRAIN W/O CONTRAST", "Cervical spine flexion/extension", "ADC (10^-6 mm²/s)",
    "Nodule in right upper lobe, follow up in 3 months", "CTA CIRCLE OF WILLIS", "Perfusion rCBV", "DWI b0 b1000",
    "DYNAMIC 3D T1 VIBE", "Scout", "Spine, lumbar, 2-3 views", "FDG dose 12.4 mCi",
)  # fmt: skip
SHORT_BASES = ("Chest", "AX T2", "Scout", "R CC", "Head", "Pelvis", "T1 SAG", "WB PET")

TEMPLATES = (
    ("{base} for {name}", ()),
    ("{base} for {patient_id}", ()),
    ("{base} {study_date}", ()),
    ("{base} for {name} on {study_date}", ()),
    ("{base} Ordered for {name} by Dr. {doctor_last}", ("Ordered",)),
    ("{base} Ordered by Dr. {doctor}", ("Ordered",)),
    ("{base} Performed at {hospital}", ("Performed",)),
    ("{base} SSN: {ssn}", ()),
    ("{base} {ssn}", ()),
    ("{base} {phone}", ()),
    ("{base} Call {phone} with results", ("Call", "results")),
    ("{base} Performed at {initials}", ("Performed",)),
    ("{base} {initials}", ()),
    ("{dicom_name} {base}", ()),
    ("{base} Patient lives at {address}", ("lives",)),
    ("{base} DOB {slashed_birth_date}", ()),
    ("{base} seen by Dr. {other_doctor_last} at {hospital}", ("seen",)),
    ("{base} {dicom_name}", ()),
    ("{base} - {name}", ()),
    ("{base} (Dr. {doctor})", ()),
    ("{base}, read by {doctor}", ("read",)),
    ("Ordered by {doctor}, MD: {base}", ("Ordered",)),
    ("Patient {name} {base}", ()),
    ("{hospital} {base}", ()),
    ("{initials} {base}", ()),
    ("{base} at {initials}", ()),
    ("{base} {address}", ()),
    ("{base} on {study_date} for {patient_id}", ()),
)
SHORT_TEMPLATES = (
    ("{base} {study_date}", ()),
    ("{base} {last}", ()),
    ("{base} {initials}", ()),
)
_LENGTHS = {"SH": 16, "LO": 64}
_SPLIT = re.compile(r"[\s^,;=\\]+")
_TRIES = 200


@dataclass(frozen=True, slots=True)
class Filled:
    """A text, the parts of it that must stay, and the values that must go."""

    text: str
    kept: tuple[str, ...]
    removed: tuple[str, ...]


def tokens_of(text: str) -> list[str]:
    """The tokens of a listed text, as the scorer compares them."""
    return [token for token in _SPLIT.split(text.strip(" \0").casefold()) if token]


def fill(random: Random, patient: Patient, vr: str, index: int | None = None) -> Filled:
    """A template filled for the patient, short enough for the VR; nothing in what stays repeats what goes."""
    values = _values(patient)
    longest = _LENGTHS.get(vr, 1024)
    templates, bases = (SHORT_TEMPLATES, SHORT_BASES) if vr == "SH" else (TEMPLATES, BASES)
    for attempt in range(_TRIES):
        first = index is not None and attempt < _TRIES // 2
        template, words = templates[(index or 0) % len(templates)] if first else random.choice(templates)
        base = random.choice(bases)
        text = template.format(base=base, **values)
        removed = tuple(value for name, value in values.items() if f"{{{name}}}" in template)
        kept = (base, *words)
        if len(text) <= longest and not _overlap(kept, removed):
            return Filled(text, kept, removed)
    raise LookupError(vr)


def plain(random: Random, vr: str) -> Filled:
    """A text without PHI."""
    text = random.choice(SHORT_BASES if vr == "SH" else BASES)
    return Filled(text, (text,), ())


def _overlap(kept: tuple[str, ...], removed: tuple[str, ...]) -> bool:
    stays = " ".join(kept).casefold()
    return any(token in stays for value in removed for token in tokens_of(value))


def _values(patient: Patient) -> dict[str, str]:
    birth = patient.birth_date
    return {
        "name": patient.person.name,
        "last": patient.person.last,
        "dicom_name": patient.person.dicom,
        "patient_id": patient.patient_id,
        "study_date": patient.study_date,
        "slashed_birth_date": f"{birth[4:6]}/{birth[6:]}/{birth[:4]}",
        "doctor": patient.doctor.name,
        "doctor_last": patient.doctor.last,
        "other_doctor_last": patient.other_doctor.last,
        "hospital": " ".join(word for word in patient.hospital.name.split()),
        "initials": patient.hospital.initials,
        "ssn": patient.ssn,
        "phone": patient.phone,
        "address": patient.address,
    }
