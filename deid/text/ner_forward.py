"""The NER network's forward pass for one text at a time: what thinc computes, at a small part of its cost.

Nearly all of thinc's time goes into the calls of its layers, which a short text does not repay, and into embedding
words that were embedded before. Here what each row of the embedding tables adds to the first layer is computed once,
and what a word adds is kept. Training uses thinc's own layers; `tests/text/test_ner_model.py` checks that both give the
same probabilities.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from deid.text.ner_words import text_feature, word_features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from thinc.api import Model, Ops

    Floats = NDArray[np.float32]

_WORDS_KEPT, _TEXTS_KEPT, _FEATURES_KEPT = 16_384, 256, 4096
_BLOCK = 4
_TINY = 1e-8


class Forward:
    """The network of `deid.text.ner_tagger` with fixed weights."""

    def __init__(self, model: Model[Any, Any]) -> None:
        nodes = list(model.walk())
        tables = sorted((n for n in nodes if n.name == "hashembed"), key=lambda node: int(node.attrs["column"]))
        mix, *convolutions = [_Layer(maxout, norm) for maxout, norm in zip(
            (node for node in nodes if node.name == "maxout"),
            (node for node in nodes if node.name == "layernorm"), strict=True)]  # fmt: skip
        self._mix, self._convolutions = mix, convolutions
        self._tables = [_Table(node, model.ops, mix.weights) for node in tables]
        self._window = next(int(node.attrs["window_size"]) for node in nodes if node.name == "expand_window")
        softmax = next(node for node in nodes if node.name == "softmax")
        self._weights, self._bias = softmax.get_param("W").T.copy(), softmax.get_param("b")
        self._word = lru_cache(_WORDS_KEPT)(self._part_of_word)
        self._whole = lru_cache(_TEXTS_KEPT)(self._part_of_text)

    def __call__(self, notes: Sequence[str], pieces: Sequence[str], text: str) -> Floats:
        """The probabilities (words, labels) of a text that is not empty, given its words and their notes."""
        summed = np.stack([*map(self._word, notes, pieces)]) + self._whole(text_feature(notes, text))
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
        return np.ndarray((count - across + 1, across * width), rows.dtype, rows, 0, rows.strides)

    def _part_of_word(self, note: str, text: str) -> Floats:
        return sum(
            table.part_of(feature) for table, feature in zip(self._tables[:-1], word_features(note, text), strict=True)
        )  # type: ignore[return-value]

    def _part_of_text(self, feature: int) -> Floats:
        return self._tables[-1].part_of(feature)


class _Table:
    """What the features of one column add to the mixing layer before its maximum."""

    def __init__(self, node: Model[Any, Any], ops: Ops, mix: Floats) -> None:
        rows, column = node.get_param("E"), int(node.attrs["column"])
        width = rows.shape[1]
        self._parts = ops.gemm(rows, mix[column * width : (column + 1) * width])
        self._keys = partial(ops.hash, seed=int(node.attrs["seed"]))
        self.part_of = lru_cache(_FEATURES_KEPT)(self._part_of)

    def _part_of(self, feature: int) -> Floats:
        keys = self._keys(np.array([feature], dtype="uint64"))[0] % len(self._parts)
        return np.asarray(self._parts[keys].sum(axis=0))


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
