from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
import pytest
import spacy

from deid.text.ner.pipeline import OWN, OWN_MODEL, load_pipeline
from deid.text.ner.reading import TOKENIZER
from deid.text.ner.tagger import FACTORY, SCORES

pytestmark = pytest.mark.slow

TEXTS = (
    "CT CHEST W CONTRAST for Dr. Wolterbeek",
    "Ragnhild Torgersdatter",
    "  two  blanks,\ttab and ½ ",
    "x",
    "1234",
    " ".join(["MR KNEE LEFT Okonjo"] * 60),
)


@pytest.fixture(scope="module")
def blank() -> spacy.language.Language:
    return spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})


@pytest.mark.parametrize("text", [*TEXTS, "", "  ", "\u200bMü\u0301ller ﬁne", "王小东 Иванов", "a\x00b", "½½ ½"])
def test_documents_hold_the_text_as_it_is(blank: spacy.language.Language, text: str) -> None:
    doc = blank.make_doc(text)
    assert doc.text == text
    assert all(first.idx + len(first) <= second.idx for first, second in pairwise(doc))


def test_any_text_is_read(blank: spacy.language.Language) -> None:
    random = Random(7)  # noqa: S311 - no secret
    for _ in range(300):
        text = "".join(chr(random.choice((random.randrange(32, 127), random.randrange(0xD7FF)))) for _ in range(30))
        assert blank.make_doc(text).text == text


def test_the_fast_pass_gives_what_thinc_gives() -> None:
    component = load_pipeline(OWN).get_pipe(FACTORY)
    documents = [load_pipeline(OWN).make_doc(text) for text in TEXTS]
    for fast, slow in zip(component.predict(documents), component.model.predict(documents), strict=True):
        np.testing.assert_allclose(fast, slow, atol=1e-5)


def test_the_networks_of_the_committee_are_asked_together() -> None:
    component, doc = load_pipeline(OWN).get_pipe(FACTORY), load_pipeline(OWN).make_doc(TEXTS[0])
    each = [net.predict([doc])[0] for net in component.model.layers]
    assert len(each) > 1
    assert all(np.abs(one - other).max() > 1e-3 for one, other in pairwise(each))
    np.testing.assert_allclose(component.model.predict([doc])[0], np.mean(each, axis=0), atol=1e-6)


def test_a_word_the_model_never_saw_is_judged_by_its_place_and_look() -> None:
    pipeline = load_pipeline(OWN)
    named = pipeline("MR KNEE LEFT W CONTRAST Dr. Zsombokvári")
    assert [entity.text for entity in named.ents] == ["Zsombokvári"]
    assert named.user_data[SCORES][0] > 0.5
    assert not pipeline("MR KNEE LEFT W CONTRAST").ents


def test_the_model_is_small_and_complete() -> None:
    files = [path for path in OWN_MODEL.rglob("*") if path.is_file()]
    assert {"config.cfg", "meta.json", "words.txt", "model", "cfg"} == {path.name for path in files}
    assert sum(path.stat().st_size for path in files) < 12_000_000


@pytest.mark.parametrize("text", TEXTS)
def test_entities_are_the_same_without_a_document(text: str) -> None:
    pipeline = load_pipeline(OWN)
    entities, scores = pipeline.get_pipe(FACTORY).find(pipeline.tokenizer, text)
    doc = pipeline(text)
    assert [(e.start_char, e.end_char, e.label_) for e in entities] == [
        (e.start_char, e.end_char, e.label_) for e in doc.ents
    ]
    assert scores == doc.user_data[SCORES]
