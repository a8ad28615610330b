"""The `tcia` profile against an answer key in the style of MIDI-B, reduced; `make bench-header` runs the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bench.answer_key.checks import Check, CheckType, read_key
from tests.bench.answer_key.generator import generate, sources
from tests.bench.answer_key.scorer import Mappings, Score, read_mappings, score
from tests.bench.header import deidentify

if TYPE_CHECKING:
    from pathlib import Path

CHOSEN = frozenset(
    {
        "CT_small", "ExplVR_BigEnd", "JPEG2000", "MR_small_implicit", "MR_small_RLE", "UN_sequence", "image_dfl",
        "liver_1frame", "nested_priv_SQ", "reportsi", "rtdose", "rtplan", "rtstruct", "waveform_ecg",
    }
)  # fmt: skip
WHOLE = frozenset(CheckType) - {CheckType.TEXT_REMOVED}
REACHED = 0.995


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answer-key")
    generate(folder / "in", folder / "key.csv", [source for source in sources() if source.name in CHOSEN])
    deidentify(folder)
    return folder


@pytest.fixture(scope="module")
def key(folder: Path) -> list[Check]:
    return read_key(folder / "key.csv")


@pytest.fixture(scope="module")
def result(folder: Path, key: list[Check]) -> Score:
    return score(key, folder / "out", read_mappings(folder / "map"))


def lines(result: Score, kind: CheckType) -> list[str]:
    return [failure.line() for failure in result.failures if failure.check.type is kind]


@pytest.mark.parametrize("kind", sorted(WHOLE))
def test_all_checks_of_a_type_pass(result: Score, kind: CheckType) -> None:
    assert result.total[kind]
    assert lines(result, kind) == []


def test_of_removed_texts_only_initials_of_unnamed_hospitals_stay(result: Score) -> None:
    share = result.passed[CheckType.TEXT_REMOVED] / result.total[CheckType.TEXT_REMOVED]
    assert share >= REACHED, lines(result, CheckType.TEXT_REMOVED)
    left = {failure.check.value for failure in result.failures if failure.check.type is CheckType.TEXT_REMOVED}
    assert all(value.isalpha() and value.isupper() for value in left), left


def test_places_of_all_kinds_are_in_the_key(key: list[Check]) -> None:
    paths = {check.path for check in key}
    assert any('"' in path and "[" not in path for path in paths)  # private
    assert any('"' in path and path.count("[") > 1 for path in paths)  # private, in an item of an item
    assert "(0002,0003)" in paths
    assert "(0040,A160)" in {path.rpartition("]")[2] for path in paths}  # text of a report


def test_the_scorer_sees_files_that_nobody_touched(folder: Path, key: list[Check]) -> None:
    same = Mappings({check.instance: check.instance for check in key}, {check.patient: check.patient for check in key})
    untouched = score(key, folder / "in", same)
    assert untouched.passed[CheckType.DATE_SHIFTED] == untouched.passed[CheckType.UID_CHANGED] == 0
    assert untouched.passed[CheckType.TEXT_REMOVED] < 0.01 * untouched.total[CheckType.TEXT_REMOVED]
    assert untouched.passed[CheckType.TEXT_RETAINED] == untouched.total[CheckType.TEXT_RETAINED]
    assert untouched.passed[CheckType.PIXELS_RETAINED] == untouched.total[CheckType.PIXELS_RETAINED]


def test_a_missing_file_fails_its_checks_and_its_series(folder: Path, key: list[Check]) -> None:
    empty = folder / "nothing"
    empty.mkdir()
    nothing = score(key, empty, Mappings({}, {}))
    assert nothing.instances == nothing.series == 0
    assert len(nothing.failures) == len(key)
