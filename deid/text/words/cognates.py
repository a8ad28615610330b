"""Words of medicine as another language spells and ends them: `Latenz` and `latenza`, `phosphate` and `fosfato`.

What is left of a word without its ending, and with one letter for all that sound alike, is looked up among what is
left of the known words. That of a name on any list is not among them.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial

from deid.text.words.lists import SeldomAsked
from deid.text.words.shape import likeness
from deid.text.words.vocabulary import read_sections, read_table

STEMS = "cognate_stems.txt.gz"
_TABLE = "cognates.txt"
_SHORTEST, _SHORTEST_STEM = 6, 5
_SHORTEST_IF_ANY, _SHORTEST_IF_LONG, _LONG = 6, 3, 4
"""Letters of a stem without an ending, or with one that any word may have; and with one of so many letters."""
_LIKEST_NAME = 1.0
"""In nats: what is spelled more like a name is none of these."""


@lru_cache(maxsize=16384)
def is_cognate(word: str) -> bool:
    """Whether a folded word differs from a known word of medicine or English only by its ending and its spelling."""
    if not (word.isascii() and word.isalpha()) or likeness(word) > _LIKEST_NAME:
        return False
    stem = stem_of(word)
    return stem is not None and stem in _stems()


def stem_of(word: str) -> str | None:
    """A folded word without its ending, spelled by sound; None where too little of it is left to tell it by."""
    if len(word) < _SHORTEST:
        return None
    ending, group = _ending(word)
    stem = word.removesuffix(ending)
    for form, letters in _spellings():
        stem = form.sub(letters, stem)
    is_any = group == 0
    if len(stem) >= (_SHORTEST_IF_ANY if is_any else _SHORTEST_STEM):
        return stem
    return f"{stem}-{group}" if len(stem) >= _SHORTEST_IF_LONG and len(ending) >= _LONG and not is_any else None


def _ending(word: str) -> tuple[str, int]:
    """The longest ending of a word, and its group; the first group is of those that any word may have."""
    endings = _endings()
    longest = max(map(len, endings))
    for length in range(min(longest, len(word) - 3), 0, -1):
        ending = word[-length:]
        if ending in endings and (len(word) - length > _SHORTEST_IF_LONG or length >= _LONG):
            return ending, endings[ending]
    return "", 0


@lru_cache(maxsize=1)
def _endings() -> dict[str, int]:
    """The group of each ending; of two groups the first."""
    found: dict[str, int] = {}
    groups = read_sections(_TABLE)["endings"]
    for group, line in enumerate(groups):
        for ending in line.split():
            found.setdefault(ending, group)
    return found


@lru_cache(maxsize=1)
def _spellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    """What is written in one way for what sounds alike, in order."""
    pairs = (line.split(" -> ") if " -> " in line else (line.removesuffix(" ->"), "")
             for line in read_sections(_TABLE)["spellings"])  # fmt: skip
    return tuple((re.compile(form), letters) for form, letters in pairs)


@lru_cache(maxsize=1)
def _stems() -> SeldomAsked:
    return SeldomAsked(partial(read_table, STEMS))
