"""What each option makes of built and bundled files, alone and together."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.attributes.tree import attributes
from deid.errors import InstanceError
from deid.header.values import values_of
from deid.identity.dates import shift_date
from deid.identity.subject import subject_of
from deid.identity.withheld import withheld
from deid.plan import Remove
from deid.profile import list_options, load_profile
from deid.reading import read_instance

if TYPE_CHECKING:
    from deid.plan import AttributePath

OPTIONS = [info.name for info in list_options()]
SOP_CLASSES = {"SR": "1.2.840.10008.5.1.4.1.1.88.11", "PR": "1.2.840.10008.5.1.4.1.1.11.1"}
PATIENT_DATES = {0x00100030}


def with_options(deid: Any, *options: str) -> Any:
    return replace(deid, profile=load_profile("basic", options))


def dates_of(dataset: Dataset) -> dict[AttributePath, list[str]]:
    """All values of DA and DT that are whole dates."""
    found = {}
    for path, attribute in attributes(dataset):
        if attribute.vr in {"DA", "DT"} and not attribute.is_empty:
            values = [text.strip() for text in values_of(attribute.data, attribute.vr, ("latin-1",)) or ()]
            found[path] = [text for text in values if shift_date(text, attribute.vr, 1)]
    return {path: values for path, values in found.items() if values}


def bundled() -> list[Path]:
    folder = Path(pydicom.__file__).parent / "data" / "test_files"
    return sorted(path for path in folder.rglob("*.dcm") if path.stat().st_size < 1 << 18)


def test_bundled_dates_all_move_by_the_same_days(deid: Any) -> None:
    moved = 0
    for path in bundled():
        try:
            dataset = read_instance(path)
            subject = subject_of(dataset, deid.key)
            profile = load_profile("basic", ["retain-longitudinal-modified-dates"])
            subject = replace(subject, known_values=withheld(subject.known_values, profile, dataset))
            written = replace(deid, profile=profile, subject=subject).write(dataset)
        except InstanceError:
            continue
        new = pydicom.dcmread(io.BytesIO(written))
        before, after = dates_of(dataset), dates_of(new)
        for place, values in after.items():
            moved += len(values)
            assert values == [
                shift_date(text, "DT" if len(text) > 10 else "DA", subject.date_offset_days) for text in before[place]
            ], (path, place)
        assert not PATIENT_DATES & {place.tag for place in after}
        assert new.LongitudinalTemporalInformationModified == "MODIFIED"
    assert moved > 100


def test_dates_that_no_rule_names_move_too(deid: Any, explicit: Any) -> None:
    data = explicit.read({0x00181078: explicit.element(0x00181078, "DT", b"20240330"),
                          0x00144076: explicit.element(0x00144076, "DA", b"20240330"),
                          0x00189999: explicit.element(0x00189999, "DA", b"20240330")})  # fmt: skip
    new = with_options(deid, "retain-longitudinal-modified-dates").apply(data)
    assert {new[tag].value for tag in (0x00181078, 0x00144076, 0x00189999)} == {"20240229"}


def test_dates_stored_as_texts_do_not_give_the_offset_away(deid: Any, explicit: Any) -> None:
    data = explicit.read({0x00144076: explicit.element(0x00144076, "LO", b"20240330")})
    assert b"20240330" not in with_options(deid, "retain-longitudinal-modified-dates").write(data)


def test_full_and_modified_dates_together_move(deid: Any, explicit: Any) -> None:
    data = explicit.read({0x00080020: explicit.element(0x00080020, "DA", b"20240330")})
    names = ["retain-longitudinal-full-dates", "retain-longitudinal-modified-dates"]
    for options in (names, names[::-1]):
        assert with_options(deid, *options).apply(data).StudyDate == "20240229"


def _report() -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "121071", "DCM", "Finding 20010203"
    own = Dataset()
    own.CodeValue, own.CodingSchemeDesignator, own.CodeMeaning = "17", "99LOCAL", "as seen on 20010203"
    items = []
    for value_type, keyword, value in (
        ("TEXT", "TextValue", "Mass, as told by ZYXWVUT on 20010203"),
        ("PNAME", "PersonName", "Reader^Some"),
        ("DATE", "Date", "20240330"),
        ("DATETIME", "DateTime", "20240330120000"),
        ("TIME", "Time", "120000"),
        ("UIDREF", "UID", "1.2.3.4"),
        ("NUM", "NumericValue", "12"),
        ("CODE", "ConceptCodeSequence", Sequence([own])),
    ):
        item = Dataset()
        item.ValueType, item.ConceptNameCodeSequence = value_type, Sequence([code])
        setattr(item, keyword, value)
        items.append(item)
    container = Dataset()
    container.ValueType, container.ContentSequence = "CONTAINER", Sequence(items)
    report = Dataset()
    report.SOPClassUID, report.SOPInstanceUID = SOP_CLASSES["SR"], "1.2.3.4"
    report.ContentSequence = Sequence([container])
    return report


def test_structured_content_is_cleaned_item_by_item(deid: Any) -> None:
    room = with_options(deid, "clean-structured-content", "retain-longitudinal-modified-dates")
    new = room.apply(_report())
    items = {item.ValueType: item for item in new.ContentSequence[0].ContentSequence}
    assert items["TEXT"].TextValue == "Mass, as told by  on "
    assert items["PNAME"].PersonName
    assert "Reader" not in str(items["PNAME"])
    assert items["DATE"].Date == "20240229"
    assert items["DATETIME"].DateTime == "20240229120000"
    assert items["TIME"].Time == "120000"
    assert items["UIDREF"].UID == new.SOPInstanceUID != "1.2.3.4"
    assert items["NUM"].NumericValue == 12
    assert items["CODE"].ConceptCodeSequence[0].CodeMeaning == "as seen on "
    assert {item.ConceptNameCodeSequence[0].CodeMeaning for item in items.values()} == {"Finding 20010203"}


def test_content_of_which_nothing_is_left_has_a_dummy(deid: Any) -> None:
    report = _report()
    text, coded = (report.ContentSequence[0].ContentSequence[index] for index in (0, 7))
    text.TextValue, coded.ConceptCodeSequence[0].CodeMeaning = "ZYXWVUT", "20010203"
    items = with_options(deid, "clean-structured-content").apply(report).ContentSequence[0].ContentSequence
    assert items[0].TextValue not in {"", "ZYXWVUT"}
    assert items[7].ConceptCodeSequence[0].CodeMeaning not in {"", "20010203"}


def test_without_dates_structured_content_has_dummies(deid: Any) -> None:
    items = with_options(deid, "clean-structured-content").apply(_report()).ContentSequence[0].ContentSequence
    assert "20240330" not in str(items)
    assert next(item for item in items if item.ValueType == "DATE").Date == "19000101"


def test_graphics_are_cleaned_and_overlays_go(deid: Any) -> None:
    text, graphic, annotation, layer = Dataset(), Dataset(), Dataset(), Dataset()
    text.UnformattedTextValue, text.AnchorPoint = "tumour of ZYXWVUT", [1.0, 2.0]
    graphic.GraphicType, graphic.GraphicData = "POLYLINE", [1.0, 2.0, 3.0, 4.0]
    annotation.GraphicLayer = "LAYER1"
    annotation.TextObjectSequence, annotation.GraphicObjectSequence = Sequence([text]), Sequence([graphic])
    layer.GraphicLayer, layer.GraphicLayerDescription = "LAYER1", "made 20010203"
    state = Dataset()
    state.SOPClassUID, state.SOPInstanceUID = SOP_CLASSES["PR"], "1.2.3.4"
    state.GraphicAnnotationSequence, state.GraphicLayerSequence = Sequence([annotation]), Sequence([layer])
    state.add_new(0x60000010, "US", 8)
    state.add_new(0x60003000, "OW", b"\xff" * 8)
    state.add_new(0x60004000, "LT", "by ZYXWVUT")
    new = with_options(deid, "clean-graphics").apply(state)
    kept = new.GraphicAnnotationSequence[0]
    assert kept.TextObjectSequence[0].UnformattedTextValue == "tumour of "
    assert kept.TextObjectSequence[0].AnchorPoint == [1.0, 2.0]
    assert kept.GraphicObjectSequence[0].GraphicData == [1.0, 2.0, 3.0, 4.0]
    assert new.GraphicLayerSequence[0].GraphicLayerDescription == "made "
    assert not any(tag >> 16 == 0x6000 for tag in map(int, new.keys()))


@pytest.mark.parametrize("stored", ["VR", "UN", "implicit"])
def test_safe_private_elements_stay(stored: str, deid: Any, encoder: Any) -> None:
    coder, inside = encoder(implicit=stored == "implicit"), encoder(implicit=stored != "VR")

    def element(tag: int, vr: str, value: bytes) -> bytes:
        data: bytes = coder.element(tag, "UN" if stored == "UN" else vr, value)
        return data

    item = inside.item(
        inside.element(0x20010010, "LO", b"Philips Imaging DD 001")
        + inside.element(0x20011025, "SH", b"12 ms ZYXWVUT ")
        + inside.element(0x20011099, "LO", b"not safe at all ")
    )
    data = coder.read(
        {
            0x20010010: coder.element(0x20010010, "LO", b"Philips Imaging DD 001"),
            0x20010011: coder.element(0x20010011, "LO", b"SOMEONE "),
            0x2001105F: element(0x2001105F, "SQ", item),
            0x20011101: element(0x20011101, "LO", b"some"),
            0x70530010: coder.element(0x70530010, "LO", b"philips pet  private group"),
            0x70531000: element(0x70531000, "DS", b"0.000551"),
            0x70531001: element(0x70531001, "LO", b"some"),
        }
    )
    room = with_options(deid, "retain-safe-private")
    changes = {path: decision.change for path, decision in room.plan(data).items() if path.startswith(("(2", "(7"))}
    gone = {path for path, change in changes.items() if isinstance(change, Remove)}
    assert gone == {"(2001,0011)", "(2001,1101)", "(2001,105F)[0].(2001,1099)", "(7053,1001)"}
    written = room.write(data)
    for kept in (b"0.000551", b"12 ms ", b"philips pet  private group"):
        assert kept in written
    for removed in (b"ZYXWVUT", b"some", b"SOMEONE", b"not safe"):
        assert removed not in written


@pytest.mark.parametrize("options", [*combinations(OPTIONS, 2), tuple(OPTIONS)])
def test_options_combine(options: tuple[str, ...]) -> None:
    profile = load_profile("basic", options)
    assert profile == load_profile("basic", options[::-1])
    assert {info.name for info in profile.options} == set(options)
