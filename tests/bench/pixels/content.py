"""What stands in overlays: name blocks, technologists' marks beside side markers, and clinical labels."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import datetime as dt
    from random import Random

    from tests.bench.pixels.people import Patient

Role = Literal["identifying", "label", "field"]
"""What has to go, what has to stay, and what may do either: a field's name beside its value, a time, "HOSPITAL"."""

_LABELS = {
    "CT": (
        "kVp 120", "mA 240", "W 400 L 40", "W:1500 L:-600", "Im: 12/48", "Se: 3", "SL 5.0 mm", "FOV 350mm", "AXIAL",
        "Zoom 1.2", "GT -12.0", "Kernel B30f", "512 x 512", "LUNG", "+C", "Thk 2.5", "R", "L", "A", "P", "HFS", "10 cm",
    ),
    "MR": (
        "TR 500", "TE 12.4", "T2 FSE", "FLAIR", "FA 90", "NEX 2", "SAG", "COR", "ETL 16", "FOV 240mm", "Se: 5",
        "Im: 7/20", "W 800 L 400", "256 x 256", "DWI b1000", "R", "L", "H", "F", "5 cm", "FS", "GAD",
    ),
    "DX": (
        "PORTABLE", "SEMI-ERECT", "SUPINE", "AP", "PA", "ERECT", "LATERAL", "CHEST", "kVp 85", "mAs 2.5", "INSP",
        "UPRIGHT", "DECUB", "72 IN", "EXP", "WEIGHT BEARING", "STANDING", "W 4096 L 2048", "KNEE", "CROSS TABLE",
    ),
    "US": (
        "MI 0.8", "TIS 0.3", "TIB 1.1", "FR 46Hz", "Depth 15 cm", "Gain 62", "DR 60", "LIVER", "LEFT KIDNEY", "SAG",
        "C5-1", "15 cm", "HR 72 bpm", "2D", "Dyn R 55", "PRF 3.5 kHz", "WF 120Hz", "GALLBLADDER", "RT LOBE",
        "LYMPH NODE", "Cine 12", "60%", "Pwr 100", "EDV 12.3 cm/s", "LV", "RV", "PLAX", "Dist 1.06 cm",
    ),
}  # fmt: skip
"""By modality."""
_SIDES = ("L", "R", "L", "R", "LT", "RT", "LEFT", "RIGHT")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line that goes or stays as a whole."""

    text: str
    role: Role
    kind: str


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that stand together, each of one or more pieces."""

    lines: tuple[tuple[Piece, ...], ...]
    place: Literal["corner", "edge", "anywhere"]
    ruler: bool = False


def groups_for(patient: Patient, modality: str, random: Random) -> list[Group]:
    """The overlay of one image."""
    labels = list(_LABELS[modality])
    random.shuffle(labels)
    groups = [_block(patient, labels, random)]
    if random.random() < 0.5:
        groups.append(_block(patient, labels, random))
    if modality == "DX" or random.random() < 0.25:
        groups.append(_marker(random, marked=random.random() < 0.7))
    for _ in range(random.randint(1, 3)):
        taken = tuple((Piece(labels.pop(), "label", "label"),) for _ in range(random.randint(1, 3)))
        groups.append(Group(taken, random.choice(("corner", "edge", "edge", "anywhere"))))
    if random.random() < 0.3:
        groups.append(
            Group(((Piece(random.choice(("5 cm", "10 cm", "1 cm")), "label", "scale"),),), "edge", ruler=True)
        )
    return groups


def transient_line(patient: Patient, random: Random) -> Group:
    """What stands in a few frames of a cine only."""
    return Group((random.choice((_name, _identifier, _study_date))(patient, random),), "edge")


def _block(patient: Patient, labels: list[str], random: Random) -> Group:
    makers = [_name, _birth, _identifier, _accession, _study_date, _hospital, _physician, _phone]
    weights = [6, 3, 4, 2, 3, 2, 2, 0.5]
    chosen = sorted({random.choices(range(len(makers)), weights)[0] for _ in range(random.randint(1, 5))})
    lines = [makers[index](patient, random) for index in chosen]
    if random.random() < 0.4:
        lines.insert(random.randint(0, len(lines)), (Piece(labels.pop(), "label", "label in block"),))
    return Group(tuple(lines), "corner")


def _marker(random: Random, *, marked: bool) -> Group:
    side = Piece(random.choice(_SIDES), "label", "side marker")
    if not marked:
        return Group(((side,),), "edge")
    length = random.choice((2, 2, 2, 3, 3, 4, 5))
    mark = Piece("".join(random.choices(string.ascii_uppercase, k=length)), "identifying", "technologist")
    return Group(((side, mark),) if random.random() < 0.5 else ((side,), (mark,)), "edge")


def _fielded(random: Random, fields: tuple[str, ...], value: str, kind: str) -> tuple[Piece, ...]:
    name = random.choice(fields)
    value_piece = Piece(value, "identifying", kind)
    return (Piece(name, "field", "field name"), value_piece) if name else (value_piece,)


def _name(patient: Patient, random: Random) -> tuple[Piece, ...]:
    form = random.choice(("{l}^{f}", "{l}, {f}", "{l},{f} {m}", "{l} {f}", "{f} {l}", "{l}^{f}^{m}", "{f} {m}. {l}"))
    text = form.format(l=patient.last, f=patient.first, m=patient.middle)
    return _fielded(random, ("", "", "", "Name:", "Pt:"), text.upper() if random.random() < 0.75 else text, "name")


def _birth(patient: Patient, random: Random) -> tuple[Piece, ...]:
    return _fielded(random, ("DOB:", "DOB", "Born:", "*", ""), dated(patient.birth, random), "birth date")


def _identifier(patient: Patient, random: Random) -> tuple[Piece, ...]:
    return _fielded(random, ("", "MRN:", "ID:", "PID", "MR#"), patient.mrn, "patient ID")


def _accession(patient: Patient, random: Random) -> tuple[Piece, ...]:
    return _fielded(random, ("", "Acc:", "ACC#", "Accession"), patient.accession, "accession")


def _study_date(patient: Patient, random: Random) -> tuple[Piece, ...]:
    clock = f"{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}"
    pieces = _fielded(random, ("", "", "Date:", "Study:"), dated(patient.study, random), "study date")
    return (*pieces, Piece(clock, "field", "time of day")) if random.random() < 0.5 else pieces


def _hospital(patient: Patient, random: Random) -> tuple[Piece, ...]:
    change = str.upper if random.random() < 0.6 else str.title
    return (
        Piece(change(patient.place), "identifying", "hospital"),
        Piece(change(patient.kind_of_hospital), "field", "kind of hospital"),
    )


def _physician(patient: Patient, random: Random) -> tuple[Piece, ...]:
    title, form = random.choice(
        (("Dr.", "{l}"), ("Dr", "{f} {l}"), ("Ref:", "{l}"), ("Ref. Phys:", "{l}, {f}"), ("", "{l} MD"))
    )
    text = form.format(l=patient.physician_last, f=patient.physician_first)
    return _fielded(random, (title,), text.upper() if random.random() < 0.5 else text, "physician")


def _phone(patient: Patient, random: Random) -> tuple[Piece, ...]:
    return _fielded(random, ("", "Tel:"), patient.phone, "phone")


def dated(day: dt.date, random: Random) -> str:
    """A date as machines print it."""
    form = random.choice(("%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%d-%b-%Y", "%Y%m%d", "%m/%d/%y", "%b %d %Y"))
    return day.strftime(form)
