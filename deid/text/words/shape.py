"""Whether a word that no list holds is spelled as names are, rather than as words of English and medicine are."""

from __future__ import annotations

from functools import lru_cache

from deid.text.words.vocabulary import load_vocabulary, read_table, read_terms

SHORTEST = 4
PARTS_OF_A_NAT = 16
"""The unit of the figures in the table."""
_LEAST = 0.0
"""In nats, summed over a word: how sure it must be. Of names that the table was not made of 80 % reach it, of rare
words of six languages 22 %; the common ones are vouched for."""
_SHORTEST_STEM, _SHORTEST_REST = 4, 3
_AS_LATIN = str.maketrans("əıŋ", "ein")
"""Letters that folding leaves alone."""


def triples(word: str) -> list[str]:
    """A word's letters by three, with its beginning and its end."""
    bounded = f"^{word}$"
    return [bounded[at : at + 3] for at in range(len(bounded) - 2)]


@lru_cache(maxsize=16384)
def is_spelled_as_name(word: str, least: float = _LEAST) -> bool:
    """Whether a folded word is likelier a name than a word, by so many nats, and no form of a clinical word."""
    word = word.translate(_AS_LATIN).removesuffix("'s").rpartition("'")[2]
    if not (word.isascii() and word.isalpha()) or len(word) <= SHORTEST:
        return False
    return likeness(word) > least and not _has_clinical_stem(word)


def likeness(word: str) -> float:
    """How much likelier a folded word is a name than another word, by its letters, in nats."""
    return sum(map(_shapes().get, triples(word), (0,) * len(word))) / PARTS_OF_A_NAT


def _has_clinical_stem(word: str) -> bool:
    """Whether a word begins or ends with a clinical one that is no name: `verlaufskontrolle`, `headtofeet`."""
    vocabulary, core = load_vocabulary(), read_terms().core
    cuts = ((word[:cut], word[cut:]) for cut in range(1, len(word)))
    stems = (
        part
        for pair in cuts
        for part, rest in (pair, pair[::-1])
        if len(part) >= _SHORTEST_STEM and len(rest) >= _SHORTEST_REST
    )
    return any(
        stem in core or (len(stem) > _SHORTEST_STEM and stem in vocabulary.words and not vocabulary.may_be_name(stem))
        for stem in stems
    )


@lru_cache(maxsize=1)
def _shapes() -> dict[str, int]:
    lines = (line.split() for line in read_table("name_shapes.txt.gz").splitlines() if line[0] not in "#[")
    return {triple: int(parts) for triple, parts in lines}
