"""The NER network's forward pass for one text at a time: what thinc computes, at a small part of its cost.

Nearly all of thinc's time goes into the calls of its layers, which a short text does not repay, and into embedding
words that were embedded before. Here a word's part of the first layer is computed once and kept. Training uses thinc's
own layers; `tests/text/test_ner_model.py` checks that both give the same probabilities.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from deid.text.ner_words import NOTES, PIECES, text_feature, word_features

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from spacy.tokens import Doc
    from thinc.api import Model

    Floats = NDArray[np.float32]

_WORDS_KEPT, _TEXTS_KEPT = 16_384, 256
_BLOCK = 4
_TINY = 1e-8


class Forward:
    """The network of `deid.text.ner_tagger` with fixed weights."""

    def __init__(self, model: Model[Any, Any]) -> None:
        nodes = list(model.walk())
        self._ops = model.ops
        self._tables = sorted((n for n in nodes if n.name == "hashembed"), key=lambda node: int(node.attrs["column"]))
        mix, *convolutions = [_Layer(maxout, norm) for maxout, norm in zip(
            (node for node in nodes if node.name == "maxout"),
            (node for node in nodes if node.name == "layernorm"), strict=True)]  # fmt: skip
        self._mix, self._convolutions = mix, convolutions
        self._window = next(int(node.attrs["window_size"]) for node in nodes if node.name == "expand_window")
        softmax = next(node for node in nodes if node.name == "softmax")
        self._weights, self._bias = softmax.get_param("W").T.copy(), softmax.get_param("b")
        self._word = lru_cache(_WORDS_KEPT)(self._part_of_word)
        self._whole = lru_cache(_TEXTS_KEPT)(self._part_of_text)

    def __call__(self, doc: Doc) -> Floats:
        """The probabilities (words, labels) of a document that is not empty."""
        notes, pieces = doc.user_data[NOTES], doc.user_data[PIECES]
        summed = np.stack([*map(self._word, notes, pieces)]) + self._whole(text_feature(notes, doc.text))
        mixed = self._mix.finish(summed)
        margin = self._window * len(self._convolutions)
        rows = np.zeros((len(notes) + 2 * margin, mixed.shape[1]), dtype=mixed.dtype)
        rows[margin:-margin] = mixed
        for layer in self._convolutions:
            rows = rows[self._window : -self._window] + layer.finish(_product(self._windows(rows), layer.weights))
        scores = rows @ self._weights + self._bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def _windows(self, rows: Floats) -> Floats:
        """Each row with its neighbours, side by side; rows without all neighbours left out."""
        count, width = rows.shape
        across = 2 * self._window + 1
        rows = np.ascontiguousarray(rows)
        return as_strided(rows, (count - across + 1, across * width), rows.strides, writeable=False)

    def _part_of_word(self, note: str, text: str) -> Floats:
        return sum(self._parts(0, word_features(note, text)))  # type: ignore[return-value]

    def _part_of_text(self, feature: int) -> Floats:
        return sum(self._parts(len(self._tables) - 1, (feature,)))  # type: ignore[return-value]

    def _parts(self, first: int, features: tuple[int, ...]) -> Iterator[Floats]:
        """What features add to the mixing layer before its maximum: the columns from `first` on."""
        for column, feature in enumerate(features, first):
            table = self._tables[column].get_param("E")
            keys = self._ops.hash(np.array([feature], dtype="uint64"), self._tables[column].attrs["seed"]) % len(table)
            width = table.shape[1]
            vector = table[keys[0]].sum(axis=0, keepdims=True)
            yield self._ops.gemm(vector, self._mix.weights[column * width : (column + 1) * width])[0]


def _product(rows: Floats, weights: Floats) -> Floats:
    """The matrix product, in blocks too small for BLAS to start threads, which cost more than they save here."""
    return np.concatenate([rows[start : start + _BLOCK] @ weights for start in range(0, len(rows), _BLOCK)])


class _Layer:
    """A maxout layer with its normalisation. Its weights are laid out for speed: pieces before outputs, transposed."""

    def __init__(self, maxout: Model[Any, Any], norm: Model[Any, Any]) -> None:
        weights = maxout.get_param("W")
        _, self._pieces, inputs = weights.shape
        self.weights: Floats = np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(inputs, -1))
        self._bias = maxout.get_param("b").T.copy()
        self._scale, self._shift = norm.get_param("G"), norm.get_param("b")

    def finish(self, product: Floats) -> Floats:
        """Rows of outputs from products with the weights: the best of the pieces, normalised."""
        best = (product.reshape(len(product), self._pieces, -1) + self._bias).max(axis=1)
        centred = best - np.add.reduce(best, axis=1, keepdims=True) / best.shape[1]
        spread = np.sqrt(np.add.reduce(centred * centred, axis=1, keepdims=True) / best.shape[1] + _TINY)
        return np.asarray(centred / spread * self._scale + self._shift)
