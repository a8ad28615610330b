"""Known values inside Base64 and hexadecimal."""

from __future__ import annotations

import base64

import pytest

from deid.identity.known_values import KnownValue, ValueKind
from deid.text import TextEngine
from deid.text.known.encoded import encoded_texts

KNOWN = (
    KnownValue("Quillfeather^Zebediah", ValueKind.PATIENT_NAME, "PatientName"),
    KnownValue("ZQX-778812", ValueKind.PATIENT_ID, "PatientID"),
)
INSIDE = ["Quillfeather", "Zebediah Quillfeather", '{"id": "ZQX-778812", "side": "L"}', "Quillfeather^Zebediah^^"]


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("inside", INSIDE)
def test_a_known_value_in_base64_or_hexadecimal_goes_with_all_of_it(inside: str) -> None:
    engine = TextEngine()
    plain = base64_of(inside)
    for written in (plain, plain.rstrip("="), inside.encode().hex(), inside.encode().hex().upper()):
        for text in (written, f"axial {written} 5mm", f"axial\n{written}\n5mm"):
            assert engine.find_known(text, KNOWN, strict=True)
            for new in (engine.scrub(text, KNOWN).text, engine.clean(text, KNOWN).text):
                assert new.replace("\n", " ").split() == text.replace(written, "").split()


def test_other_runs_stay() -> None:
    for text in ("HeadRoutineAdult", "0123456789ABCDEF", "T1/T2/FLAIR/DWI/ADC", base64_of("axial, 5 mm, left")):
        assert TextEngine().scrub(text, KNOWN).text == text


def test_what_is_no_text_is_passed_over() -> None:
    assert not list(encoded_texts("short"))
    assert not list(encoded_texts("A" * 13))
    assert not list(encoded_texts(base64.b64encode(b"\xff\xfe\x80" * 8).decode()))
    assert list(encoded_texts(f"x {base64_of('left lung')} y")) == [(2, 14, "left lung")]
