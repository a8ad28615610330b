"""Teaching the NER component: documents with labels, word lists that sometimes forget, and the loop of updates."""

from __future__ import annotations

import multiprocessing
import warnings
from collections import Counter
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import spacy
from spacy.training import Example
from spacy.util import fix_random_seed, minibatch
from thinc.api import Adam, Model, Optimizer, set_dropout_rate, use_ops, warmup_linear

from deid.text.ner.reading import NOTES, TOKENIZER, UNKNOWN
from deid.text.ner.tagger import FACTORY, LABELS, NOTHING
from deid.text.words.vocabulary import read_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc

    from deid.text.training.strings import Labelled

    _Trained = tuple[bytes, list[float]]

SEED = 20260101
_WORDS_FROM, _BATCH, _DROPOUT = 40_000, 128, 0.15
_RATE, _DECAY = 0.002, 0.0001
_TINY = 1e-8
_TARGETS = {label: [float(other == label) for other in LABELS] for label in LABELS}
_OFTEN = 3
"""A word that stands in fewer strings is not learnt as itself."""
_FORGET = (0.12, 0.2, 0.35, 0.6)
"""Shares of the words of a string that the lists are made to forget."""
_FAMILIAR = read_terms().general
"""Words such as `for`, `by`, `with`: no list will lack them."""


def blank_pipeline() -> Language:
    """A spaCy pipeline with our tokenizer and the untrained component."""
    fix_random_seed(SEED)
    with use_ops("numpy", use_blis=False):  # numpy's product of large matrices is three times as fast
        pipeline = spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
        pipeline.add_pipe(FACTORY)
    return pipeline


def labelled_document(pipeline: Language, string: Labelled) -> Doc:
    """The document of a string with its labels as tags: a word has the label of the span in which it begins."""
    doc = pipeline.make_doc(string.text)
    for token in doc:
        token.tag_ = NOTHING
    for start, end, label in string.spans:
        for token in doc:
            if start <= token.idx < end and not token.is_space:
                token.tag_ = label
    return doc


def learn_words(pipeline: Language, documents: Iterable[Doc]) -> None:
    """Let the tokenizer know which words are common enough to be learnt as themselves."""
    counts: Counter[str] = Counter()
    for doc in documents:
        counts.update({note.partition("=")[2] for note in doc.user_data[NOTES] if note[0] in "CG"})
    pipeline.tokenizer.words = frozenset(word for word, count in counts.items() if word and count >= _OFTEN)


def train(pipeline: Language, strings: Sequence[Labelled]) -> list[float]:
    """Train the networks on strings, each seen once; the loss of each batch. The same strings give the same weights.

    All see the same strings, but begin with other weights, and other words are forgotten. Each is trained in a process
    of its own.
    """
    learn_words(pipeline, (pipeline.make_doc(string.text) for string in strings[:_WORDS_FROM]))
    component = pipeline.get_pipe(FACTORY)
    sample = [labelled_document(pipeline, string) for string in strings[:_BATCH]]
    component.initialize(lambda: [Example(doc, doc) for doc in sample], labels=LABELS)
    set_dropout_rate(component.model, _DROPOUT)
    nets = component.model.layers
    trained = _side_by_side(len(nets), partial(_train_one, pipeline, strings))
    for net, (weights, _) in zip(nets, trained, strict=True):
        net.from_bytes(weights)
    return [sum(alike) for alike in zip(*(losses for _, losses in trained), strict=True)]


def _side_by_side(count: int, work: Callable[[int], _Trained]) -> list[_Trained]:
    """Work on each number in a process of its own. They are forked, so nothing but what they found is copied."""
    with warnings.catch_warnings():
        # Python 3.12 warns of threads. There are those of OpenBLAS alone, which ends them itself before a fork.
        warnings.simplefilter("ignore", DeprecationWarning)
        pool = multiprocessing.get_context("fork").Pool(count, _work_on, (work,))
    with pool:
        return pool.map(_worked, range(count), chunksize=1)


_WORK: list[Callable[[int], _Trained]] = []
"""What a forked process does."""


def _work_on(work: Callable[[int], _Trained]) -> None:
    _WORK.append(work)


def _worked(number: int) -> _Trained:
    return _WORK[0](number)


def _train_one(pipeline: Language, strings: Sequence[Labelled], number: int) -> _Trained:
    """Train the network of that number; its weights, and the loss of each batch."""
    fix_random_seed(SEED + number)
    net = pipeline.get_pipe(FACTORY).model.layers[number]
    steps = len(strings) // _BATCH
    optimizer = Adam(learn_rate=warmup_linear(_RATE, steps // 20, steps), L2=_DECAY, grad_clip=1.0)
    random = Random(SEED + number)  # noqa: S311 - nothing secret
    losses = []
    for batch in minibatch(strings, _BATCH):
        documents = [labelled_document(pipeline, string) for string in batch]
        losses.append(_update(net, documents, optimizer, random))
    with net.use_params(optimizer.averages):
        return net.to_bytes(), losses


def _update(model: Model[Any, Any], documents: Sequence[Doc], optimizer: Optimizer, random: Random) -> float:
    """One step down the cross-entropy of a batch; its loss."""
    given, backpropagate = model.begin_update([forget(doc, random) for doc in documents])
    truth = [model.ops.asarray2f([_TARGETS[token.tag_] for token in doc]) for doc in documents]
    backpropagate([(is_ - should) / len(documents) for is_, should in zip(given, truth, strict=True)])
    model.finish_update(optimizer)
    optimizer.step_schedules()
    return float(sum(-(should * np.log(is_ + _TINY)).sum() for is_, should in zip(given, truth, strict=True)))


def forget(doc: Doc, random: Random) -> Doc:
    """A copy in which some words are as if a list did not hold them: so the model does not lean on any one list."""
    share = random.choice(_FORGET)
    notes = list(doc.user_data[NOTES])
    for index, note in enumerate(notes):
        kind, _, word = note.partition("=")
        if kind[0] not in "CGU" or random.random() >= (share if word not in _FAMILIAR else _FORGET[0] / 4):
            continue
        if kind[0] == "U":
            notes[index] = random.choice((UNKNOWN, kind[:2]))
        else:
            notes[index] = random.choice((kind, kind[0], UNKNOWN + kind[1:], UNKNOWN))
    other = doc.copy()
    other.user_data[NOTES] = notes
    return other
