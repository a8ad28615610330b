"""Several networks of one form, whose probabilities are averaged: what one of them mistakes by chance, others see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import spacy
from thinc.api import Model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMMITTEE = "deid.Committee.v1"


def committee(net: Model[Any, Any], size: int) -> Model[Any, Any]:
    """So many networks as one model. Each is trained by itself, before they are asked together.

    Args:
        net: one that is not yet initialised; the others are its copies, and begin with other weights.
        size: how many.
    """
    return Model("committee", _mean, init=_initialise, layers=[net, *(net.copy() for _ in range(size - 1))])


def _initialise(model: Model[Any, Any], X: object = None, Y: object = None) -> None:  # noqa: N803 - as thinc calls them
    for net in model.layers:
        net.initialize(X=X, Y=Y)


def _mean(model: Model[Any, Any], documents: Sequence[Any], is_train: bool) -> tuple[list[Any], Callable[[Any], Any]]:
    if is_train:
        raise NotImplementedError("the networks of a committee are trained one by one")
    given = [net.predict(documents) for net in model.layers]
    return [sum(alike) / len(given) for alike in zip(*given, strict=True)], lambda _: []


spacy.registry.architectures(COMMITTEE, func=committee)
