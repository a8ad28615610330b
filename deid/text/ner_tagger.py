"""The NER component: a label for every word from a small convolutional network, with its probability."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.pipeline.tagger import Tagger
from spacy.tokens import Span

from deid.text.ner_forward import Forward
from deid.text.ner_words import EMBEDDING, ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc
    from thinc.api import Model

FACTORY = "deid_names"
NAME, PLACE, INSTITUTION, NOTHING = "NAME", "PLACE", "INSTITUTION", "O"
LABELS = (NOTHING, NAME, PLACE, INSTITUTION)
THRESHOLD = 0.6
SCORES = "deid.scores"
_MODEL = {
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
}


class NameTagger(Tagger):  # type: ignore[misc]
    """Marks names, places and institutions as `doc.ents`; `doc.user_data[SCORES]` holds a probability for each.

    A word is marked when the labels other than `O` have at least `threshold` together.
    """

    threshold = THRESHOLD
    _forward: Forward | None = None

    def predict(self, docs: Sequence[Doc]) -> list[Any]:
        """For each document an array (words, labels) of probabilities."""
        if self._forward is None:
            return list(self.model.predict(docs))
        return [self._forward(doc) if len(doc) else self.model.ops.alloc2f(0, len(self.labels)) for doc in docs]

    def freeze(self) -> None:
        """Take the weights as they are for all predictions to come: much faster for single texts."""
        self._forward = Forward(self.model)

    def set_annotations(self, docs: Sequence[Doc], batch_tag_ids: Sequence[Any]) -> None:
        """Set entities and their scores from the probabilities."""
        nothing = self.labels.index(NOTHING)
        named = [label for label in self.labels if label != NOTHING]
        columns = [self.labels.index(label) for label in named]
        for doc, scores in zip(docs, batch_tag_ids, strict=True):
            best = scores[:, columns].argmax(axis=1)
            identifying = 1 - scores[:, nothing]
            labels = [
                named[column] if sure >= self.threshold else "" for column, sure in zip(best, identifying, strict=True)
            ]
            entities = [Span(doc, first, last, label=label) for first, last, label in _runs(labels)]
            doc.user_data[SCORES] = [float(identifying[span.start : span.end].max()) for span in entities]
            doc.set_ents(entities)


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
