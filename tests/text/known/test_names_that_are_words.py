"""A known name that means something else, too, is cut where it can be the name, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.identity.known_values import KnownValue, ValueKind

if TYPE_CHECKING:
    from deid.text import TextEngine

pytestmark = pytest.mark.slow


def _named(surname: str) -> tuple[KnownValue, ...]:
    return (KnownValue(f"{surname}^Sigrun", ValueKind.PATIENT_NAME, "PatientName"),)


@pytest.mark.parametrize(
    ("surname", "text", "left"),
    [
        ("Shell", "CT CHEST SHELL", "CT CHEST"),
        ("Shell", "Shell", ""),
        ("Young", "CT chest Young", "CT chest"),
        ("Krone", "CT KRONE THORAX", "CT THORAX"),
        ("Neck", "Seen by Dr Neck", "Seen"),
        ("Nerve", "MR knee, Mr. Nerve could not stand", "MR knee, could not stand"),
        ("Nerve", "MR knee ordered by Nerve", "MR knee ordered"),
        ("Colon", "COLON, AGE 94, ?SOL", "?SOL"),
        ("Phase", "RESUS 1 PHASE 77 Y/O F", "RESUS 1 77 Y/O F"),
        ("Knee", "XR CHEST, KNEE (NÉE KNEE)", "XR CHEST,"),
        ("Foot", "Foot baby boy Lymphoscint legs", "baby boy Lymphoscint legs"),
        ("Long", "CT abdomen w contrast Long 09.01.23", "CT abdomen w contrast"),
        ("Ward", "Chest Ward 9 Jan 2023", "Chest"),
        ("Bone", "Chest for Bone 3/1/2023", "Chest"),
    ],
)
def test_cut(engine: TextEngine, surname: str, text: str, left: str) -> None:
    assert engine.clean(text, _named(surname)).text == left


@pytest.mark.parametrize(
    "text",
    [
        "1st operator Views",
        "Views, MD",
        "VIEWS MD",
        "Views aware",
        "Views requested films",
        "Ordering provider: Views",
        '"OrderingProvider": "Views"',
    ],
)
def test_a_physicians_name_goes_where_only_a_person_stands(engine: TextEngine, text: str) -> None:
    known = (*_named("Chest"), KnownValue("Views^Hilary", ValueKind.PERSON_NAME, "OperatorsName"))
    assert "views" not in engine.clean(text, known).text.lower()
    assert engine.clean("XR CHEST 2 VIEWS", known).text == "XR CHEST 2 VIEWS"


@pytest.mark.parametrize(
    ("surname", "text"),
    [
        ("Neck", "CT NECK W CONTRAST"),
        ("Chest", "CHEST"),
        ("Young", "chest of a young adult"),
        ("Young", "YOUNG ADULT CHEST"),
        ("Will", "PATIENT WILL RETURN"),
        ("Bone", "WB Bone 3 h"),
        ("Long", "Long TE 120"),
    ],
)
def test_kept(engine: TextEngine, surname: str, text: str) -> None:
    assert engine.clean(text, _named(surname)).text == text


def test_a_short_known_name_goes_though_no_list_can_tell_it_from_a_code(engine: TextEngine) -> None:
    assert engine.clean("CT CHEST LEE", _named("Lee")).text == "CT CHEST"


@pytest.mark.parametrize(
    ("surname", "line", "hidden"),
    [
        ("Colon", "CT ABDOMEN COLON", "COLON"),
        ("Nerve", "NERVE RT FEMUR", None),  # nobody on any list is called so
        ("Young", "W:400 L:40 YOUNG", "YOUNG"),
        ("Colon", "CT COLON 5 MM", None),
        ("Ball", "BALL-YOUNG", "BALL-YOUNG"),
        ("Young", "CHEST 5 BALL-YOUNG", "BALL-YOUNG"),
    ],
)
def test_on_a_line_the_patients_surname_goes_at_either_end(
    engine: TextEngine, surname: str, line: str, hidden: str | None
) -> None:
    spans = engine.judge_line(line, _named(surname)).spans
    assert [line[span.start : span.end] for span in spans] == ([hidden] if hidden else [])


@pytest.mark.parametrize("line", ["GLASS KEY", "CHILD^SON", "Muradli Dilber"])
def test_a_line_of_nothing_but_possible_names_is_hidden(engine: TextEngine, line: str) -> None:
    assert engine.judge_line(line, ()).identifying


@pytest.mark.parametrize("line", ["LEFT TO RIGHT", "No comment", "HEAD FIRST", "PAGE DOWN", "LOW RISK"])
def test_a_line_of_ordinary_words_stays_though_each_may_be_a_name(engine: TextEngine, line: str) -> None:
    assert not engine.judge_line(line, ()).identifying


def test_anyones_surname_before_a_time_goes_on_a_line(engine: TextEngine) -> None:
    known = (KnownValue("NERVE^PAT", ValueKind.PATIENT_NAME, "PatientName"),
             KnownValue("READING^ANN", ValueKind.PERSON_NAME, "ReferringPhysicianName"))  # fmt: skip
    for text, hidden in (("CHAIR 4 NERVE 05:05:36", "NERVE"), ("INJ READING 22:39:28", "READING")):
        spans = engine.judge_line(text, known).spans
        assert hidden in {text[span.start : span.end] for span in spans}
    assert not engine.judge_line("NERVE ROOT 05:05:36", ()).spans
