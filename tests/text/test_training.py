"""The training of the NER model, on few strings: it must be repeatable, and keep what it is measured on apart."""

from __future__ import annotations

import gzip
import re
import zlib

import pytest

from deid.text.fold import fold_word
from deid.text.ner.tagger import FACTORY, INSTITUTION, NAME, PLACE
from deid.text.training.__main__ import training_strings
from deid.text.training.learning import blank_pipeline, labelled_document, train
from deid.text.training.scoring import score
from deid.text.training.sources import TABLES, load_sources
from tests.bench.text import to_training

pytestmark = pytest.mark.slow


def test_what_is_measured_on_was_not_learnt_from() -> None:
    learnt, held_out = load_sources(held_out=False), load_sources(held_out=True)
    for ours, theirs in (
        (learnt.surnames, held_out.surnames),
        (learnt.given, held_out.given),
        (learnt.towns, held_out.towns),
    ):
        assert not ours.keys() & theirs.keys()
        known = {fold_word(name) for names in ours.values() for name in names}
        assert not [name for names in theirs.values() for name in names if fold_word(name) in known]
    assert held_out.descriptions
    assert not set(learnt.concepts) & set(held_out.concepts)


def test_strings_are_made_anew_alike_and_labelled_where_the_values_stand() -> None:
    first, again = training_strings(400), training_strings(400)
    assert first == again
    assert {label for string in first for *_, label in string.spans} == {NAME, PLACE, INSTITUTION}
    assert not {string.text for string in first} & {string.text for string in training_strings(400, held_out=True)}
    for string in first:
        ends = [0, *(place for start, end, _ in string.spans for place in (start, end))]
        assert ends == sorted(ends)
        assert ends[-1] <= len(string.text)


def test_all_slots_of_templates_are_filled() -> None:
    # 20,000 draws meet most of the 6,700 templates and all of their slots; a slot that nothing fills raises.
    assert not [string.text for string in training_strings(20_000) if re.search(r"\{[a-z ]+\}", string.text)]


@pytest.mark.parametrize(
    ("name", "sections"),
    [(to_training.TEMPLATES, to_training.templates()), (to_training.FILLERS, to_training.fillers())],
)
def test_the_editions_that_are_learnt_from_are_those_of_the_benchmark(
    name: str, sections: dict[str, list[str]]
) -> None:
    assert gzip.decompress((TABLES / name).read_bytes()) == gzip.decompress(to_training.packed(sections))
    assert not {"test", "eleventh"} & {*to_training.LEARNT}


def test_words_take_the_label_of_the_value_in_which_they_begin() -> None:
    pipeline = blank_pipeline()
    string = next(s for s in training_strings(200) if any(label == NAME for *_, label in s.spans))
    doc = labelled_document(pipeline, string)
    for token in doc:
        inside = [label for start, end, label in string.spans if start <= token.idx < end]
        assert token.is_space or token.tag_ == (inside[0] if inside else "O")


def test_training_twice_gives_the_same_weights() -> None:
    strings = training_strings(600)
    weights = []
    for _ in range(2):
        pipeline = blank_pipeline()
        train(pipeline, strings)
        weights.append([zlib.crc32(net.to_bytes()) for net in pipeline.get_pipe(FACTORY).model.layers])
    assert weights[0] == weights[1]
    assert len({*weights[0]}) == len(weights[0])


def test_a_few_thousand_strings_teach_what_names_look_like() -> None:
    pipeline = blank_pipeline()
    losses = train(pipeline, training_strings(4800))
    assert losses[-1] < losses[0] / 2
    scores = score(pipeline, training_strings(300, held_out=True))
    assert scores.touched[INSTITUTION] > 0.5
    assert scores.touched[NAME] > 0.5
    assert scores.kept > 0.8
    assert scores.table().startswith("| span |")
