"""The NER component: a label for every word from small convolutional networks, with its probability."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from spacy.language import Language
from spacy.pipeline.tagger import Tagger
from spacy.tokens import Span

from deid.text.fold import fold_word
from deid.text.ner.committee import COMMITTEE
from deid.text.ner.doubted import SHORTEST_UNKNOWN
from deid.text.ner.forward import Forward
from deid.text.ner.reading import EMBEDDING, NOTES, PIECES, ROWS, UNKNOWN
from deid.text.words.shape import is_spelled_as_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc
    from thinc.api import Model

    from deid.text.ner.forward import Floats
    from deid.text.ner.reading import WordTokenizer

FACTORY = "deid_names"
NAME, PLACE, INSTITUTION, NOTHING = "NAME", "PLACE", "INSTITUTION", "O"
LABELS = (NOTHING, NAME, PLACE, INSTITUTION)
THRESHOLD, _OF_UNKNOWN, _OF_NAMELIKE = 0.4, 0.25, 0.05
"""How likely a word must identify; one of letters that no list vouches for; and one that is spelled as names are."""
_DIGITS, _SUREST = 3, 0.999
SCORES = "deid.scores"
_MODEL = {
    "@architectures": COMMITTEE,
    "size": 3,
    "net": {
        "@architectures": "spacy.Tagger.v2",
        "normalize": True,
        "tok2vec": {
            "@architectures": "spacy.Tok2Vec.v2",
            "embed": {
                "@architectures": EMBEDDING,
                "width": 64,
                "column_width": 48,
                "rows": list(ROWS.values()),
            },
            "encode": {
                "@architectures": "spacy.MaxoutWindowEncoder.v2",
                "width": 64,
                "window_size": 2,
                "maxout_pieces": 3,
                "depth": 2,
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class Entity:
    """A named entity as spaCy's spans tell it: its characters, half-open, and its label; and the same of its words.

    Of each word the third figure is how sure the model is that it identifies.
    """

    start_char: int
    end_char: int
    label_: str
    words: tuple[tuple[int, int, float], ...] = ()


class NameTagger(Tagger):  # type: ignore[misc]
    """Marks names, places and institutions as `doc.ents`; `doc.user_data[SCORES]` holds a probability for each.

    A word is marked when the labels other than `O` have at least `THRESHOLD` together. Less is enough for a longer
    word of letters that no list vouches for: of those that the model doubts most are names.
    """

    _forward: Forward | None = None

    def predict(self, docs: Sequence[Doc]) -> list[Any]:
        """For each document an array (words, labels) of probabilities."""
        if self._forward is None:
            return list(self.model.predict(docs))
        return [self._probabilities(doc.user_data[NOTES], doc.user_data[PIECES], doc.text) for doc in docs]

    def freeze(self) -> None:
        """Take the weights as they are for all predictions to come: much faster for single texts."""
        self._forward = Forward(self.model)

    def find(self, tokenizer: WordTokenizer, text: str) -> tuple[list[Entity], list[float]]:
        """The entities of a text and their scores, without a document, which costs as much as finding them.

        Only for a component that was frozen.
        """
        pieces, spaces, notes = tokenizer.read(text)
        scores = self._probabilities(notes, pieces, text)
        runs, sure = self._runs_of(scores, notes, pieces)
        if not runs:
            return [], []
        identifying = 1 - scores[:, self.labels.index(NOTHING)]
        starts = accumulate((len(piece) + space for piece, space in zip(pieces, spaces, strict=True)), initial=0)
        words = [
            (start, start + len(piece), _rounded(one))
            for start, piece, one in zip(starts, pieces, identifying, strict=False)
        ]
        entities = [Entity(words[a][0], words[b - 1][1], label, tuple(words[a:b])) for a, b, label in runs]
        return entities, sure

    def set_annotations(self, docs: Sequence[Doc], batch_tag_ids: Sequence[Any]) -> None:
        """Set entities and their scores from the probabilities."""
        for doc, scores in zip(docs, batch_tag_ids, strict=True):
            runs, doc.user_data[SCORES] = self._runs_of(scores, doc.user_data[NOTES], doc.user_data[PIECES])
            doc.set_ents([Span(doc, first, last, label=label) for first, last, label in runs])

    def _probabilities(self, notes: Sequence[str], pieces: Sequence[str], text: str) -> Floats:
        if self._forward is None or not pieces:
            return np.zeros((0, len(self.labels)), dtype=np.float32)
        return self._forward(notes, pieces, text)

    def _runs_of(
        self, scores: Floats, notes: Sequence[str], pieces: Sequence[str]
    ) -> tuple[list[tuple[int, int, str]], list[float]]:
        """Runs of words as (first, after the last, label), and how sure each is: rounded, as machines differ."""
        nothing = self.labels.index(NOTHING)
        identifying = 1 - scores[:, nothing]
        if not len(scores) or identifying.max() < _OF_NAMELIKE:
            return [], []
        named = [label for label in self.labels if label != NOTHING]
        best = scores[:, [self.labels.index(label) for label in named]].argmax(axis=1)
        labels = [
            named[column] if sure >= THRESHOLD or (sure >= _OF_NAMELIKE and sure >= _least(note, piece)) else ""
            for column, sure, note, piece in zip(best, identifying, notes, pieces, strict=True)
        ]
        runs = _runs(labels)
        return runs, [_rounded(identifying[first:last].max()) for first, last, _ in runs]


def _least(note: str, piece: str) -> float:
    """How likely a word must identify."""
    if note[0] != UNKNOWN or len(piece) < SHORTEST_UNKNOWN or not piece.isalpha() or not _is_evenly_cased(piece):
        return THRESHOLD
    return _OF_NAMELIKE if is_spelled_as_name(fold_word(piece)) else _OF_UNKNOWN


def _is_evenly_cased(piece: str) -> bool:
    """Whether a word is in capitals or has one in front: others are codes (`CentY`) or words in prose."""
    return piece.isupper() or piece.istitle()


def _rounded(probability: float) -> float:
    return min(_SUREST, round(float(probability), _DIGITS))


def _runs(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """Neighbouring words of one label as (first, after the last, label)."""
    runs = []
    start = 0
    for label, group in groupby(labels):
        end = start + len(list(group))
        if label:
            runs.append((start, end, label))
        start = end
    return runs


def make_tagger(nlp: Language, name: str, model: Model[Any, Any]) -> NameTagger:
    """The component as spaCy's configuration asks for it."""
    return NameTagger(nlp.vocab, model, name)


Language.factory(FACTORY, default_config={"model": _MODEL}, assigns=["doc.ents"], func=make_tagger)
