"""Every row of Table E.1-1 in one instance, at the top and nested: each option does to it what its column says.

The oracle reads the table itself, not the profiles made from it, and compares the instance before and after.
"""

from __future__ import annotations

import io
import json
import random
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from pydicom import dcmread
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from deid.identity.key import Key
from deid.instance import Deidentifier, Timings
from deid.profile import list_options, load_profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = json.loads(files("deid.profile").joinpath("tables/table_e1_1_2026d.json").read_text("utf-8"))["rows"]
FULL, MODIFIED = "retain-longitudinal-full-dates", "retain-longitudinal-modified-dates"
SECRET, CLINICAL = "Qzneumann", "axial soft tissue"  # a patient's name, and words that identify nobody
BESIDE = 0x00089215
"""Derivation Code Sequence: no row names it, so its items are decided on row by row."""
NAMING = {0x00401101, 0x0040A088, 0x00080082}
"""Sequences of codes for people and institutions: what stands in them goes from elsewhere, too."""
LEFT_OUT = {0x00080016, 0x00080018, 0x00080005, 0x00420011, 0x00321033}
"""What every instance has; Encapsulated Document, with which it is quarantined; and Requesting Service, whose value
names an institution, so that it is cut wherever it stands."""
BULK = {0x0016002B, 0x0016004B, 0x00340007, 0x04000310, 0x60003000, 0x60004000}
"""C in a column, but bulk data, or of an overlay whose data goes: the Basic Profile's code holds (docs/options.md)."""
BEYOND = {0x0040A124: {"retain-uids": "K"}, 0x00700006: {"clean-graphics": "C"}}
"""What options do beyond their column (docs/options.md)."""
DATES, TEXTS, BINARY = {"DA", "DT"}, {"LO", "ST", "LT", "UT", "UC"}, {"US", "UL", "SS", "FL", "FD"}
VR_BY_NAME = {"Sequence": "SQ", "DateTime": "DT", "URI": "UR", "Reference": "UR"}
ALLOWED = {"X": {"gone"}, "Z": {"empty", "changed"}, "D": {"changed"}, "U": {"changed"}, "K": {"same"}, "C": {"same"}}


def _tag(text: str) -> int:
    """The tag of a row that is about one attribute of a data set, else 0."""
    digits = text.strip("()").replace(",", "").replace("60xx", "6000")
    tag = int(digits, 16) if digits.isalnum() and not set(digits) & set("xge") else 0
    return tag if tag >> 16 > 4 and tag not in LEFT_OUT else 0


TABLE = {tag: row for row in ROWS if (tag := _tag(row[0]))}


def _vr(tag: int) -> str:
    """The VR; of rows that are newer than pydicom's dictionary, by the name."""
    vr = dictionary_VR(tag) if dictionary_has_tag(tag) else VR_BY_NAME.get(TABLE[tag][1].split()[-1], "LO")
    return "OB" if tag == 0x60003000 else vr[:2]


def _value(tag: int, vr: str, *, secret: str) -> Any:
    day = f"{1950 + tag % 53}{1 + tag % 11:02}{1 + tag % 27:02}"
    by_vr = {"DA": day, "TM": "072731.5", "DT": f"{day}072731", "UI": f"1.2.3.{tag}", "AS": "034Y", "IS": "12"}
    by_vr |= {"DS": "1.5", "UR": f"http://host{tag}.example/a", "CS": "VALUE", "PN": f"Qz{tag:x}^Xw"}
    if vr in {*BINARY, "OB", "UN"}:
        return 7 if vr in BINARY else b"\1\2\3\4"
    if vr == "SQ":
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator = "T-1", "99LOCAL"
        item.CodeMeaning = f"Wq{tag:08x}z" if tag in NAMING else CLINICAL
        item.ReferencedSOPInstanceUID = "1.2.3.99"
        return Sequence([item])
    if vr not in by_vr and "C" in TABLE[tag][4].values():
        return CLINICAL + secret if vr in TEXTS else "axial"
    return by_vr.get(vr, f"Wq{tag:08x}z")


def _every_row(secret: str = "") -> Dataset:
    dataset = Dataset()
    for tag in TABLE:
        dataset.add_new(tag, _vr(tag), _value(tag, _vr(tag), secret=secret))
    return dataset


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dataset = _every_row()
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, "1.2.3.4"
    dataset.PatientName, dataset.Modality = SECRET, "CT"
    dataset.add_new(BESIDE, "SQ", Sequence([_every_row(f" {SECRET}")]))
    dataset.private_block(0x0019, "ACME 1.1", create=True).add_new(1, "LO", "private")
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    path = tmp_path_factory.mktemp("oracle") / "all.dcm"
    dataset.save_as(path, enforce_file_format=True)
    return path


def _codes(tag: int, options: tuple[str, ...]) -> set[str]:
    """What may become of an attribute: the options' codes, C before K (`profile.reading.compiling`), else Basic's."""
    columns = TABLE[tag][4] | BEYOND.get(tag, {})
    said = {columns[option] for option in options if option in columns} - ({"C"} if tag in BULK else set())
    code = "C" if "C" in said else next(iter(said), TABLE[tag][3])
    return set(code.replace("*", "").split("/"))


def _became(before: Any, after: Any) -> str:
    if after is None:
        return "gone"
    if after.value in (None, "", b"") or (after.VR == "SQ" and not after.value):
        return "empty"
    texts = [str(element.value) for element in (before, after)]
    return "same" if texts[0].replace(f"{CLINICAL} {SECRET}", CLINICAL) == texts[1] else "changed"


def _wrong(before: Dataset, after: Dataset, options: tuple[str, ...]) -> Iterator[str]:
    for tag in TABLE:
        codes, old = _codes(tag, options), before[tag]
        allowed = set().union(*(ALLOWED[code] for code in codes))
        if codes == {"C"} and old.VR in {*DATES, "UI"}:
            allowed = {"changed"}
        elif codes & {"C", "K"} and old.VR == "SQ":
            allowed = {"same", "changed"}  # The items go by their own rules.
        if (became := _became(old, after.get(tag))) not in allowed:
            yield f"{old.tag} {old.keyword} {old.VR} {'/'.join(sorted(codes))}: {became}"


def _dates_mark(options: tuple[str, ...]) -> str:
    if MODIFIED in options:
        return "MODIFIED"
    if FULL in options:
        return "UNMODIFIED"
    # Calibration dates of the equipment stay with its identity.
    return "MODIFIED" if any(_vr(tag) in DATES and _codes(tag, options) == {"K"} for tag in TABLE) else "REMOVED"


NAMES = sorted(info.name for info in list_options() if info.method_code)
CODES = {info.name: info.method_code for info in list_options()}
_CHANCE = random.Random(15)  # noqa: S311 - the same combinations each time
COMBINED = [tuple(_CHANCE.sample(NAMES, _CHANCE.randint(2, len(NAMES)))) for _ in range(20)]


@pytest.mark.parametrize(
    "options", [(), *((name,) for name in NAMES), *COMBINED], ids=lambda options: "+".join(options) or "none"
)
def test_options_do_what_their_columns_say(options: tuple[str, ...], instance: Path) -> None:
    deidentifier = Deidentifier(load_profile("basic", options), Key(bytes(range(32))), pixels=False)
    done = deidentifier.deidentify(instance, Timings())
    before, after = dcmread(instance), dcmread(io.BytesIO(done.data))

    assert list(_wrong(before, after, options)) == []
    assert list(_wrong(before[BESIDE].value[0], after[BESIDE].value[0], options)) == []
    assert SECRET.encode() not in done.data
    assert 0x00191001 not in after
    assert {item.CodeValue for item in after.DeidentificationMethodCodeSequence} - {"T-1"} == {
        "113100",
        # What was moved is not full.
        *(CODES[option] for option in options if option != FULL or MODIFIED not in options),
    }
    assert after.PatientIdentityRemoved == "YES"
    assert after.LongitudinalTemporalInformationModified == _dates_mark(options)
