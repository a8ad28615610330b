"""Names in labels that staff type in for a patient: of two words, or a single one beside words that are known."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from deid.text.fold import fold_word
from deid.text.names.lone_names import find_lone_names
from deid.text.names.runs import touches
from deid.text.words.shape import is_spelled_as_name
from deid.text.words.tokens import words_of
from deid.text.words.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.text.fold import Folded
    from deid.text.spans import Span

_TWO_WORDS = re.compile(r"[^\W\d_][\s,.^]+[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 0.75
"""How much likelier a name than a word, in nats, an unlisted word must be: products have names, too (`Orfit`)."""


def is_full_name(text: str) -> bool:
    """Whether what may be a name has two words, one of them on a list of names: `Anna Schmidt`, not `Topcon Triton`."""
    return bool(_TWO_WORDS.search(text)) and any(map(load_vocabulary().may_be_name, _WORD.findall(fold_word(text))))


def may_hold_full_name(folded: Folded) -> bool:
    """Whether two words touch of which one is on a list of names and nothing vouches for one: a model must be asked."""
    tokens = words_of(folded)
    return any(
        touches(folded.text, tokens, index)
        and any(token.may_be_name for token in pair)
        and any(not token.vouched or token.name for token in pair)
        for index, pair in enumerate(pairwise(tokens))
    )


def find_typed_names(folded: Folded) -> Iterator[Span]:
    """A single name beside words that are known: `H&N Wolterbeek`; one that is all of a label only if it is common."""
    vocabulary, tokens = load_vocabulary(), words_of(folded)
    if sum(not token.vouched for token in tokens) > 1:
        return  # what products are called: `Topcon Triton`
    for span in find_lone_names(folded):
        name = fold_word(folded.source[span.start : span.end]).rpartition(" ")[2]
        listed = vocabulary.is_name(name) or (len(tokens) > 1 and vocabulary.may_be_name(name))
        if listed or (len(tokens) > 1 and is_spelled_as_name(name, _LEAST)):
            yield span
