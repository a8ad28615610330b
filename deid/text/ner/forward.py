"""The NER networks' forward pass for one text at a time: what thinc computes, at a small part of its cost.

Nearly all of thinc's time goes into the calls of its layers, which a short text does not repay, and into embedding
words that were embedded before. Here what each row of the embedding tables adds to the first layer is computed once,
and what a word adds is kept; the networks of a committee are computed side by side. Training uses thinc's own layers;
`tests/text/test_ner_model.py` checks that both give the same probabilities.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from deid.text.ner.reading import text_feature, word_features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from thinc.api import Model

    Floats = NDArray[np.float32]

_WORDS_KEPT, _TEXTS_KEPT, _FEATURES_KEPT = 16_384, 256, 4096
_BLOCK = 4
_TINY = 1e-8


class Forward:
    """The committee of `deid.text.ner.tagger` with fixed weights. All arrays begin with an axis of its networks."""

    def __init__(self, committee: Model[Any, Any]) -> None:
        nodes = [list(net.walk()) for net in committee.layers]
        self._mix, *self._convolutions = map(_Layer, _named(nodes, "maxout"), _named(nodes, "layernorm"))
        tables = sorted(_named(nodes, "hashembed"), key=lambda alike: int(alike[0].attrs["column"]))
        self._tables = [_Table(alike, self._mix.weights) for alike in tables]
        self._window = int(_named(nodes, "expand_window")[0][0].attrs["window_size"])
        (softmax,) = _named(nodes, "softmax")
        self._weights = _stacked(softmax, "W").transpose(0, 2, 1).copy()
        self._bias = _stacked(softmax, "b")[:, None]
        self._word = lru_cache(_WORDS_KEPT)(self._part_of_word)
        self._whole = lru_cache(_TEXTS_KEPT)(self._part_of_text)

    def __call__(self, notes: Sequence[str], pieces: Sequence[str], text: str) -> Floats:
        """The probabilities (words, labels) of a text that is not empty, given its words and their notes."""
        summed = np.stack([*map(self._word, notes, pieces)], axis=1) + self._whole(text_feature(notes, text))[:, None]
        mixed = self._mix.finish(summed)
        margin = self._window * len(self._convolutions)
        rows = np.zeros((len(mixed), len(notes) + 2 * margin, mixed.shape[2]), dtype=mixed.dtype)
        rows[:, margin:-margin] = mixed
        for layer in self._convolutions:
            product = _product(self._windows(rows), layer.weights)
            rows = rows[:, self._window : -self._window] + layer.finish(product)
        scores = rows @ self._weights + self._bias
        powers = np.exp(scores - scores.max(axis=2, keepdims=True))
        return np.asarray((powers / powers.sum(axis=2, keepdims=True)).mean(axis=0))

    def _windows(self, rows: Floats) -> Floats:
        """Each row with its neighbours, side by side; rows without all neighbours left out."""
        nets, count, width = rows.shape
        across = 2 * self._window + 1
        rows = np.ascontiguousarray(rows)
        return np.ndarray((nets, count - across + 1, across * width), rows.dtype, rows, 0, rows.strides)

    def _part_of_word(self, note: str, text: str) -> Floats:
        return sum(
            table.part_of(feature) for table, feature in zip(self._tables[:-1], word_features(note, text), strict=True)
        )  # type: ignore[return-value]

    def _part_of_text(self, feature: int) -> Floats:
        return self._tables[-1].part_of(feature)


def _named(nodes: Sequence[Sequence[Model[Any, Any]]], name: str) -> list[tuple[Model[Any, Any], ...]]:
    """The layers of a name in their order, each as the networks have it."""
    return list(zip(*([node for node in net if node.name == name] for net in nodes), strict=True))


def _stacked(alike: Sequence[Model[Any, Any]], name: str) -> Floats:
    return np.stack([node.get_param(name) for node in alike])


class _Table:
    """What the features of one column add to the mixing layer before its maximum."""

    def __init__(self, alike: Sequence[Model[Any, Any]], mix: Floats) -> None:
        node = alike[0]
        rows, column = _stacked(alike, "E"), int(node.attrs["column"])
        width = rows.shape[2]
        self._parts = (rows @ mix[:, column * width : (column + 1) * width]).transpose(1, 0, 2).copy()
        self._keys = partial(node.ops.hash, seed=int(node.attrs["seed"]))
        self.part_of = lru_cache(_FEATURES_KEPT)(self._part_of)

    def _part_of(self, feature: int) -> Floats:
        keys = self._keys(np.array([feature], dtype="uint64"))[0] % len(self._parts)
        return np.asarray(self._parts[keys].sum(axis=0))


def _product(rows: Floats, weights: Floats) -> Floats:
    """The matrix products, in blocks too small for BLAS to start threads, which cost more than they save here."""
    count = rows.shape[1]
    return np.concatenate([rows[:, at : at + _BLOCK] @ weights for at in range(0, count, _BLOCK)], axis=1)


class _Layer:
    """A maxout layer with its normalisation. Its weights are laid out for speed: pieces before outputs, transposed."""

    def __init__(self, maxout: Sequence[Model[Any, Any]], norm: Sequence[Model[Any, Any]]) -> None:
        weights = _stacked(maxout, "W")
        nets, _, self._pieces, inputs = weights.shape
        self.weights: Floats = np.ascontiguousarray(weights.transpose(0, 3, 2, 1).reshape(nets, inputs, -1))
        self._bias = _stacked(maxout, "b").transpose(0, 2, 1)[:, None].copy()
        self._scale, self._shift = _stacked(norm, "G")[:, None], _stacked(norm, "b")[:, None]

    def finish(self, product: Floats) -> Floats:
        """Rows of outputs from products with the weights: the best of the pieces, normalised."""
        best = (product.reshape(*product.shape[:2], self._pieces, -1) + self._bias).max(axis=2)
        centred = best - np.add.reduce(best, axis=2, keepdims=True) / best.shape[2]
        spread = np.sqrt(np.add.reduce(centred * centred, axis=2, keepdims=True) / best.shape[2] + _TINY)
        return np.asarray(centred / spread * self._scale + self._shift)
