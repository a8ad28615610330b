from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from deid.text.build_vocabulary import derive, write_table
from deid.text.tokens import Standing, standing_of
from deid.text.vocabulary import TABLES, load_vocabulary

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["vocabulary.txt.gz", "names.txt.gz", "radiology_terms.txt", "cues.txt"])
def test_each_table_names_its_licence(name: str) -> None:
    data = (TABLES / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode()
    comments = [line for line in text.splitlines()[:6] if line.startswith("#")]
    assert any("icence" in line or "Apache-2.0" in line for line in comments)


@pytest.mark.parametrize(
    "name",
    [
        "smith",
        "johnson",
        "garcia",
        "kaufman",
        "scott",
        "michael",
        "mary",
        "patricia",
        "hill",
        "sharp",
        "miller",
        "baker",
        "taylor",
        "white",
        "green",
        "kim",
        "nguyen",
        "schmidt",
        "wood",
        "graves",
        "paget",
        "crohn",
    ],
)
def test_common_names_are_not_vouched_for(name: str) -> None:
    assert standing_of(name) is Standing.UNKNOWN


@pytest.mark.parametrize(
    "word", ["jds", "kmb", "rtv", "hjk", "abc12345", "482910", "m61", "061y", "smlth", "王", "иванов"]
)
def test_marks_numbers_and_other_scripts_are_not_vouched_for(word: str) -> None:
    assert standing_of(word) is Standing.UNKNOWN


@pytest.mark.parametrize(
    "word", ["ventricle", "patientposition", "t2w", "c5-1", "se4", "b30f", "5.0mm", "120kv", "1.5t", "19w4d", "12"]
)
def test_clinical_words_codes_and_measurements_are(word: str) -> None:
    assert standing_of(word) is not Standing.UNKNOWN


def test_the_shipped_words_are_those_that_the_generator_derives() -> None:
    vocabulary = load_vocabulary()
    words, phrases = derive(sorted(vocabulary.surnames), sorted(vocabulary.given))
    assert set(words) <= vocabulary.words
    assert {tuple(phrase.split()) for phrase in phrases} <= {p for group in vocabulary.phrases.values() for p in group}


def test_a_table_is_written_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        write_table(tmp_path / name, "Source: a test", {"words": ["one", "two"]})
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
