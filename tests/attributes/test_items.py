"""The items of a sequence are parsed once for an instance, and that changes nothing of what becomes of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_sequence
from pydicom.filewriter import write_dataset

from deid.attributes import items as module
from deid.attributes.attribute import read_attribute
from deid.attributes.items import items_of, parsed_once
from deid.attributes.tree import attributes
from deid.identity.key import Key
from deid.instance import Deidentifier, Timings
from deid.profile import load_profile
from deid.reading import read_instance

REPORT = Path(pydicom.__file__).parent / "data" / "test_files" / "reportsi.dcm"
ENCODINGS = ("ascii",)


def sequence(*names: str) -> bytes:
    """The bytes of a sequence of such items, explicit VR little endian."""
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    for name in names:
        item = Dataset()
        item.PatientName = name
        value = DicomBytesIO()
        value.is_little_endian, value.is_implicit_VR = True, False
        write_dataset(value, item)
        data = value.getvalue()
        buffer.write(b"\xfe\xff\x00\xe0" + len(data).to_bytes(4, "little") + data)
    return buffer.getvalue()


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter[bytes]:
    """How often which bytes were parsed."""
    count: Counter[bytes] = Counter()

    def counting(stream: Any, *how: Any) -> Any:
        count[stream.getvalue()] += 1
        return read_sequence(stream, *how)

    monkeypatch.setattr(module, "read_sequence", counting)
    return count


def test_items_are_parsed_once_while_an_instance_is_worked_on(parsed: Counter[bytes]) -> None:
    value = sequence("FENWICK^ORLA", "OKAFOR^ADAEZE")
    with parsed_once():
        first = items_of(value, ENCODINGS, is_sequence=True)
        assert items_of(value, ENCODINGS, is_sequence=True) is first
        assert first is not None
        assert [item.PatientName for item in first] == ["FENWICK^ORLA", "OKAFOR^ADAEZE"]
    assert parsed[value] == 1
    with parsed_once():
        assert items_of(value, ENCODINGS, is_sequence=True) is not first
    assert items_of(value, ENCODINGS, is_sequence=True) is not None
    assert parsed[value] == 3


def test_bytes_that_take_the_place_of_others_in_memory_are_parsed(parsed: Counter[bytes]) -> None:
    names = [f"NAME{index}" for index in range(50)]
    with parsed_once():
        found = [items_of(sequence(name), ENCODINGS, is_sequence=True) for name in names]
    assert [str(items[0].PatientName) for items in found if items] == names
    assert parsed.total() == len(names)


def test_in_another_encoding_they_are_other_items() -> None:
    value = sequence("FENWICK^ORLA")
    with parsed_once():
        plain = items_of(value, ENCODINGS, is_sequence=True)
        assert items_of(value, ("iso8859",), is_sequence=True) is not plain
        assert items_of(value, ENCODINGS, is_sequence=True, little_endian=False) is not plain
        assert items_of(value, ENCODINGS, is_sequence=True) is plain


def test_beyond_the_room_for_them_they_are_parsed_again(parsed: Counter[bytes]) -> None:
    first, second = sequence("FENWICK^ORLA"), sequence("OKAFOR^ADAEZE")
    with parsed_once(most_bytes=len(first) + 1):
        for value in (first, second, first, second):
            assert items_of(value, ENCODINGS, is_sequence=True)
    assert parsed == {first: 1, second: 2}


def nested(tmp_path: Path) -> Path:
    """A structured report whose sequences have lengths, as most have."""
    report = pydicom.dcmread(REPORT)
    with_lengths(report)
    path = tmp_path / "report.dcm"
    report.save_as(path)
    return path


def with_lengths(dataset: Dataset) -> None:
    for element in dataset:
        if element.VR == "SQ":
            element.is_undefined_length = False
            for item in element.value:
                item.is_undefined_length_sequence_item = False
                with_lengths(item)


def test_a_report_comes_out_the_same_and_none_of_its_items_is_touched(
    tmp_path: Path, parsed: Counter[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = nested(tmp_path)
    deidentifier = Deidentifier(load_profile("basic"), Key(bytes(32)), pixels=False)
    instance = deidentifier.read(path, Timings())
    separately = deidentifier.carry_out(instance, deidentifier.plan(instance, Timings()), Timings())
    each_time = parsed.total()
    parsed.clear()

    walked: list[Dataset] = []
    inner = module._parsed

    def keeping(*how: Any) -> Any:
        found = inner(*how)
        walked.extend(found or ())
        return found

    monkeypatch.setattr(module, "_parsed", keeping)
    done = deidentifier.deidentify(path, Timings())

    assert done.data == separately.data
    assert done.plan == separately.plan
    assert parsed.total() < each_time / 2
    raw = [item.get_item(tag, keep_deferred=True) for item in walked for tag in item.keys()]  # noqa: SIM118
    assert len(raw) > 100
    # What pydicom has converted has lost its bytes; sequences without a length it converts by itself.
    assert all(isinstance(one, RawDataElement) for one in raw)


def test_a_walk_finds_the_same_within() -> None:
    dataset = read_instance(REPORT)
    plain = [(path, attribute.data) for path, attribute in attributes(dataset)]
    with parsed_once():
        assert [(path, attribute.data) for path, attribute in attributes(dataset)] == plain
        assert [(path, attribute.data) for path, attribute in attributes(dataset)] == plain
    assert read_attribute(dataset, 0x0040A730, ENCODINGS).items
