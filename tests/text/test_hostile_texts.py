"""Texts made to hide a name, or to make the engine slow: bounded time, no crash, no leak."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.identity.known_values import KnownValue, ValueKind
from deid.profile import TextPolicy
from deid.text import TextEngine

_ENGINE = TextEngine(TextPolicy(nlp="off"))
KNOWN = (
    KnownValue("BRANDVOLD^MARY", ValueKind.PATIENT_NAME, "PatientName"),
    KnownValue("5583920174", ValueKind.PATIENT_ID, "PatientID"),
    KnownValue("20190824", ValueKind.DATE, "StudyDate"),
)


@pytest.mark.parametrize(
    "name",
    [
        "Br\u0430ndvold",
        "\u0412R\u0410ND\u0474OLD".replace("\u0474", "V"),
        "\u1d2e\u0280\u1d00\u0274\u1d05\u1d20\u1d0f\u029f\u1d05",
        "\uff22\uff32\uff21\uff2e\uff24\uff36\uff2f\uff2c\uff24",
        "B\u0337r\u0337a\u0337n\u0337d\u0337v\u0337o\u0337l\u0337d",
        "Brand\u00advold",
        "Brand\u200b\u2060vold",
        "\u202edlov\u202cBrandvold",
        "Br\u00e4ndv\u00f8ld".replace("\u00e4", "\u00e2"),
        "\u0180randvold",
        "B R A N D V O L D",
        "B.r.a.n.d.v.o.l.d",
        "brand_vold",
        "\u24b7\u24e1\u24d0\u24dd\u24d3\u24e5\u24de\u24db\u24d3",
    ],
)
def test_a_disguised_name_is_cut(name: str) -> None:
    for text in (f"knee {name} left", f"{name}_knee left"):
        left = _ENGINE.scrub(text, KNOWN).text
        assert left.replace("knee", "").replace("left", "").strip("_ ") in ("", "\u202edlov\u202c", "dlov")
        assert _ENGINE.judge_line(text, KNOWN).identifying


UNITS = [
    "a",
    "7",
    "1-",
    "12/",
    "12.",
    "x^",
    "(",
    "5 mars ",
    "name:",
    "by ",
    "dr. a ",
    "rue ",
    "12 a st ",
    "\u200ba",
    "e\u0301",
    "\u0301",
    "\u041c\u0430\u0440u ",
    "\u738b",
    "\n",
    " ",
    "a\tb ",
    "\0",
    "a@",
    "a.b@c",
    "http://a ",
    "+1 ",
    "twenty-first ",
    "Brandvold ",
    "558392017",
    "hospital ",
    "van de ",
    "Ab Cd ",
    "aB",
    "z1",
    "ext. ",
    "'",
    "\U0001f600a ",
    "V1.2.3_2014",
]


@pytest.mark.parametrize("unit", UNITS, ids=map(ascii, UNITS))
def test_repeated_pieces_take_bounded_time(unit: str) -> None:
    text = (unit * (20_000 // len(unit) + 1))[:20_000]
    start = time.process_time()
    _ENGINE.clean(text, KNOWN)
    _ENGINE.judge_line(text, KNOWN)
    assert time.process_time() - start < 10  # about 0.2 s on an idle machine


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["5 mars ", "\u041c\u0430\u0440u ", "12 a st ", "1-"], ids=ascii)
def test_a_megabyte_takes_bounded_time(unit: str) -> None:
    text = (unit * 1_000_000)[:1_000_000]
    start = time.process_time()
    _ENGINE.clean(text, KNOWN)
    assert time.process_time() - start < 60  # about 8 s on an idle machine


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*UNITS, "Mary ", "24.08.2019", "knee ", ",", "Dr ", "ID "]), max_size=25).map("".join))
def test_any_mixture_is_judged_and_ends_clean(text: str) -> None:
    result = _ENGINE.clean(text, KNOWN)
    assert _ENGINE.find_known(result.text, KNOWN, strict=True) == ()
    end = 0
    for span in _ENGINE.judge_line(text, KNOWN).spans:
        assert end <= span.start < span.end <= len(text)
        end = span.end


def test_long_lines_are_cut_after_a_sentence_and_judged_to_the_end() -> None:
    text = "no focal lesion is seen in the liver. " * 300 + "Seen by Dr. Zwiebelfisch in Kleinwindeln."
    assert "Zwiebel" not in _ENGINE.clean(text, ()).text
    assert _ENGINE.clean(text, ()).text.count("liver") == 300
