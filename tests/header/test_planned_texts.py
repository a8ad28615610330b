"""Texts as they are planned: by the character set that holds where they stand, which may be odd, wrong or missing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.plan import Keep

SERIES_DESCRIPTION, CONTRAST_ROUTE = 0x0008103E, 0x00181040


def test_undecodable_text_goes_by_type(deid: Any, explicit: Any) -> None:
    data = explicit.read(
        {
            0x00080005: explicit.element(0x00080005, "CS", b"ISO_IR 192"),
            CONTRAST_ROUTE: explicit.element(CONTRAST_ROUTE, "LO", b"M\xfcller"),
            SERIES_DESCRIPTION: explicit.element(SERIES_DESCRIPTION, "LO", "Füße".encode()),
        }
    )
    decisions = deid.with_rules({SERIES_DESCRIPTION: "K"}).plan(data)
    assert decisions["(0018,1040)"].rule == "unreadable"
    assert isinstance(decisions["(0008,103E)"].change, Keep)


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("ISO_IR 100", "MÜLLER"),
        ("ISO_IR 144", "ИВАНОВ"),
        ("ISO_IR 192", "山田太郎"),
        ("GB18030", "王小东"),
        ("\\ISO 2022 IR 87", "山田太郎"),
        ("\\ISO 2022 IR 149", "홍길동"),
    ],
)
def test_names_in_every_character_set_are_found_and_the_rest_reads_back(charset: str, name: str, deid: Any) -> None:
    data = Dataset()
    data.SOPClassUID, data.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3"
    data.SpecificCharacterSet = charset.split("\\") if "\\" in charset else charset
    data.ContrastBolusRoute = f"IV {name}"
    stream = BytesIO()
    pydicom.dcmwrite(stream, data, implicit_vr=False, little_endian=True)
    stream.seek(0)
    room = deid.knowing(name)
    new = pydicom.dcmread(BytesIO(room.write(pydicom.dcmread(stream, force=True))))
    assert new.ContrastBolusRoute.rstrip() == "IV"
    assert new.SpecificCharacterSet == data.SpecificCharacterSet


def test_charset_that_is_no_defined_term_goes_and_only_ascii_stays(deid: Any, explicit: Any) -> None:
    data = explicit.read(
        {
            0x00080005: explicit.element(0x00080005, "CS", b"DOE JANE"),
            CONTRAST_ROUTE: explicit.element(CONTRAST_ROUTE, "LO", b"IV"),
            0x00180022: explicit.element(0x00180022, "CS", b"PFP\xfc"),
        }
    )
    new = deid.write(data)
    assert b"DOE" not in new
    assert b"IV" in new


@pytest.mark.parametrize(
    ("term", "meant", "codec"),
    [
        ("UTF-8", "ISO_IR 192", "utf-8"),
        ("utf8", "ISO_IR 192", "utf-8"),
        ("UNICODE_UTF_8", "ISO_IR 192", "utf-8"),
        ("iso_ir 192", "ISO_IR 192", "utf-8"),
        ("iso_ir_100", "ISO_IR 100", "latin-1"),
        ("ISO-8859-1", "ISO_IR 100", "latin-1"),
        ("ISO8859-2", "ISO_IR 101", "iso8859-2"),
        ("gb18030", "GB18030", "gb18030"),
    ],
)
def test_terms_that_mean_a_character_set(term: str, meant: str, codec: str, deid: Any, explicit: Any) -> None:
    data = explicit.read(
        {
            0x00080005: explicit.element(0x00080005, "CS", term.encode() + b" " * (len(term) % 2)),
            0x00081030: explicit.element(0x00081030, "LO", "für MÜLLER ".encode(codec).ljust(16)),
        }
    )
    new = pydicom.dcmread(BytesIO(deid.with_rules({0x00081030: "K"}).knowing("MÜLLER").write(data)))
    assert new.SpecificCharacterSet == meant
    assert new.StudyDescription.rstrip() == "für"


def test_a_term_that_the_bytes_belie(deid: Any, explicit: Any) -> None:
    data = explicit.read(
        {
            0x00080005: explicit.element(0x00080005, "CS", b"UTF-8 "),
            0x00181040: explicit.element(0x00181040, "LO", "für".encode("latin-1") + b" "),
        }
    )
    assert "f\xfcr" not in deid.write(data).decode("latin-1")


def test_items_may_have_a_character_set_of_their_own(deid: Any) -> None:
    item = Dataset()
    item.SpecificCharacterSet = "ISO_IR 192"
    item.CodeMeaning = "für MÜLLER"
    data = Dataset()
    data.SOPClassUID, data.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3"
    data.AnatomicRegionSequence = Sequence([item])
    new = deid.knowing("MÜLLER").apply(data)
    assert new.AnatomicRegionSequence[0].CodeMeaning.rstrip() == "für"
