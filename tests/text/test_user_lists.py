"""The `text:` section of a profile: what a user adds to the lists, and what the thresholds do."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file

from deid.errors import EnvironmentFault
from deid.identity.key import Key
from deid.identity.known_values import KnownValue, ValueKind
from deid.instance import Deidentifier, Timings
from deid.profile import TextPolicy, load_profile
from deid.text import TextEngine

if TYPE_CHECKING:
    from pathlib import Path

BAKER = (KnownValue("BAKER^TOM", ValueKind.PATIENT_NAME, "PatientName"),)


def engine(**policy: object) -> TextEngine:
    return TextEngine(TextPolicy(nlp="off", **policy))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ridgeway Kowalczyk chest", "Ridgeway chest"),
        ("Dr. Halloran chest", "Halloran chest"),
        ("knee 555-12-3456 of 2019-08-24", "knee 555-12-3456 of"),
        ("Hall\u00f3ran Halloran", "Hall\u00f3ran Halloran"),
    ],
)
def test_what_the_user_keeps_stays(text: str, left: str) -> None:
    mine = engine(keep=("ridgeway", "halloran", "555-12-[0-9]*"))
    assert mine.clean(text, ()).text == left


@pytest.mark.parametrize("line", ["RIDGEWAY", "Ridgeway  Plan", "QZX-12", "QZ_77 CHEST"])
def test_what_the_user_keeps_is_not_hidden(line: str) -> None:
    assert TextEngine().judge_line(line, ()).identifying
    assert not engine(keep=("ridgeway", "QZ*")).judge_line(line, ()).identifying


def test_known_values_and_the_remove_list_are_stronger_than_keep() -> None:
    mine = engine(keep=("baker", "tom", "northfield scan"), remove=("Northfield",))
    for text in ("chest of Tom Baker", "Northfield scan"):
        assert mine.scrub(text, BAKER).text in ("chest", "scan", "chest of")
        assert "Baker" not in mine.clean(text, BAKER).text
        assert mine.judge_line(text, BAKER).identifying


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("knee NORTHFIELD-CT 3", "knee CT 3"),
        ("knee study 0042 left", "knee left"),
        ("knee study_0042b left", "knee left"),
        ("study 0-042", "study 0-042"),
        ("Northfields knee", "Northfields knee"),
        ("St.  Nörbert knee", "knee"),
        ("St.\nNorbert", "St.\nNorbert"),
    ],
)
def test_what_the_user_removes_goes_from_kept_and_cleaned_texts(text: str, left: str) -> None:
    mine = engine(remove=("northfield", "STUDY-00*", "st norbert"))
    assert mine.scrub(text, ()).text == left
    if left != text:
        assert mine.clean(text, ()).text == left
        assert mine.find_known(left, (), strict=True) == ()


def test_thresholds() -> None:
    line, header = "XQZVK", "CHEST Kowalczyk"
    assert engine().judge_line(line, ()).identifying
    assert not engine(pixel_threshold=0.55).judge_line(line, ()).identifying
    assert not engine(pixel_threshold=0.55).judge_line("GLASS KEY", ()).identifying
    assert engine().clean(header, ()).text == "CHEST"
    assert engine(header_threshold=0.9).clean(header, ()).text == header
    strict = engine(header_threshold=1.0, pixel_threshold=1.0)
    assert strict.clean("CHEST BAKEP KOWALCZYK", BAKER).text == "CHEST KOWALCZYK"
    assert strict.judge_line("CHEST Tom Baker", BAKER).identifying


def test_an_nlp_pipeline_that_is_not_there_is_told(tmp_path: Path) -> None:
    for name in ("en_core_web_none", str(tmp_path / "none")):
        with pytest.raises(EnvironmentFault, match="not installed"):
            TextEngine(TextPolicy(nlp=name)).warm_up()


def test_a_pipeline_is_looked_for_beside_the_profile(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("extends: basic\ntext: {nlp: ./pipeline, keep: [One, Two]}\n")
    (tmp_path / "ours.yaml").write_text("extends: mine.yaml\ntext: {keep: [Three], pixel_threshold: 0.45}\n")
    policy = load_profile(str(tmp_path / "ours.yaml")).text
    assert policy == TextPolicy(str(tmp_path / "pipeline"), ("One", "Three", "Two"), (), 0.5, 0.45)


def test_lists_count_in_the_digest(tmp_path: Path) -> None:
    digests = set()
    for number, text in enumerate(("{}", "{keep: [Ab]}", "{remove: [Ab]}", "{nlp: off}", "{header_threshold: 0.6}")):
        path = tmp_path / f"p{number}.yaml"
        path.write_text(f"extends: basic\ntext: {text}\n")
        digests.add(load_profile(str(path)).digest)
    assert len(digests) == 5


def test_the_lists_hold_from_profile_to_released_file(tmp_path: Path) -> None:
    dataset = pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.StudyDescription, dataset.ProtocolName = "Ridgeway chest Kowalczyk", "NORTHFIELD routine"
    dataset.save_as(tmp_path / "in.dcm")
    profile = tmp_path / "mine.yaml"
    profile.write_text(
        "extends: basic\ntext: {nlp: off, keep: [Ridgeway], remove: [northfield]}\n"
        "rules:\n  - {keyword: StudyDescription, action: clean}\n  - {keyword: ProtocolName, action: keep}\n"
    )
    deidentifier = Deidentifier(load_profile(str(profile)), Key.generate(), pixels=False)
    new = pydicom.dcmread(io.BytesIO(deidentifier.deidentify(tmp_path / "in.dcm", Timings()).data))
    assert (new.StudyDescription, new.ProtocolName) == ("Ridgeway chest", "routine")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(alphabet="aB*?[]-! 1é王", min_size=1, max_size=12))
def test_any_entry_and_any_text(text: str, entry: str) -> None:
    if sum(map(str.isalnum, entry)) < 2:
        return
    mine = engine(remove=(entry,), keep=(entry, "ab"))
    cut = mine.scrub(text + entry, ()).text
    assert mine.find_known(cut, (), strict=True) == ()


def test_many_entries_on_a_long_text_take_bounded_time() -> None:
    entries = (*(f"w{number}a*b*c*d*e*x" for number in range(2000)), "a*a*a*a*a*a*ab")
    mine = engine(remove=entries)
    text = "w7aaaabbbbccccddddeeee " * 20_000 + "a" * 200_000
    start = time.perf_counter()
    mine.find_known(text, (), strict=True)
    assert time.perf_counter() - start < 20
