"""Surnames of particles and a word that means something: `do Nascimento` (of birth), `den Ouden` (the old one)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from deid.text.fold import fold_word
from deid.text.words.lists import Phrases, group_phrases
from deid.text.words.vocabulary import read_sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.text.fold import Folded
    from deid.text.names.runs import Found
    from deid.text.words.tokens import Token

_OF_BIRTH = frozenset("data local peso hora antes desde momento apos depois dia idade ate partir".split())  # noqa: SIM905
"""Before `do nascimento` they tell that a birth is meant."""


def find_particled(folded: Folded, tokens: Sequence[Token]) -> Iterator[Found]:
    """Surnames of the table whose last word has a capital, in folded text."""
    if folded.source.islower():
        return
    for index, token in enumerate(tokens):
        for surname in _surnames().get(token.text, ()):
            run = tokens[index : index + len(surname)]
            if tuple(one.text for one in run) != surname or not run[-1].capital or run[-1].placed:
                continue
            if index and tokens[index - 1].text in _OF_BIRTH:
                continue
            yield run[0].start, run[-1].end, "name", "surname with particles", 0.7
            break


@lru_cache(maxsize=1)
def _surnames() -> Phrases:
    lines = read_sections("cues.txt")["surnames with particles whose word means something"]
    return group_phrases([fold_word(name.strip()) for line in lines for name in line.split(";")])
