"""Initials: what a known person signs with (`JAQ`, `J.Q.`), what a known institution is called for short (`SGH`)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.identity.known_values import KnownValue, ValueKind
from deid.text.fold import fold_word
from deid.text.known.strength import NAMES, PLACEHOLDERS, generic_words
from deid.text.spans import Span
from deid.text.words.tokens import Standing, standing_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.text.fold import Folded

_CAPITALS = re.compile(r"(?<![^\W_])(?:[A-Z]{2,12}|[A-Z](?:\. ?[A-Z]){1,3}\.)(?![^\W\d_])")
_SYSTEM = re.compile(r"(?:pacs|ris|his)\Z")
"""What an institution's own codes and coding schemes have behind its initials: `SGHPACS`."""
_NO_INITIALS = frozenset("of the and at in for de la le des du der die und fur y e".split())  # noqa: SIM905
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FEWEST = 3
_MOST_OF_PERSON = 4


def find_initials(folded: Folded, values: Sequence[KnownValue]) -> Iterator[Span]:
    """Capitals that are the initials of a known person or institution and no clinical word."""
    source = folded.source
    if not any(map(str.isupper, source)):
        return
    wanted: dict[str, ValueKind] = {}
    for value in values:
        wanted |= dict.fromkeys(_initials_of(value), value.kind)
    if not wanted:
        return
    for match in _CAPITALS.finditer(source):
        whole = "".join(filter(str.isalpha, match.group())).lower()
        goes_on = source[match.end() : match.end() + 1].isdigit()
        for short in {whole, _SYSTEM.sub("", whole)}:
            kind = wanted.get(short)
            is_code = goes_on or short != whole
            if kind and (kind is ValueKind.INSTITUTION or not is_code) and standing_of(short) is Standing.UNKNOWN:
                yield Span(*match.span(), "known", f"initials of a known {kind.value}", 0.85)


@lru_cache(maxsize=4096)
def _initials_of(value: KnownValue) -> frozenset[str]:
    if value.kind in NAMES:
        return frozenset(_of_person(value.text))
    if value.kind is ValueKind.INSTITUTION:
        return frozenset(short for short in _of_institution(value.text) if len(short) >= _FEWEST)
    return frozenset()


def _of_person(text: str) -> Iterator[str]:
    """First to last and last to first, with and without middle names (`A^B^C` is family, given, middle)."""
    parts = f"{text.split('=', maxsplit=1)[0]}^".split("^")[:3]
    family, *others = (re.findall(r"[^\W\d_]+", fold_word(part)) for part in parts)
    given = [word for words in others for word in words]
    if not family or not given or not {*family, *given}.isdisjoint(PLACEHOLDERS):
        return
    for last in {"".join(word[0] for word in family)[:2], family[0][0]}:
        for first in {"".join(word[0] for word in given), given[0][0]}:
            if len(first + last) <= _MOST_OF_PERSON:
                yield first + last
                yield last + first


def _of_institution(text: str) -> Iterator[str]:
    """Of all words, and without the common ones in between: St. Gallica University Hospital is SGUH and SGH, too."""
    for part in {text, re.split(r"[,(;/]", text)[0]}:
        words = [word for word in _WORD.findall(fold_word(part)) if word not in _NO_INITIALS]
        yield "".join(word[0] for word in words)
        yield "".join(word[0] for word in words if word == words[-1] or word not in generic_words() - {"st", "saint"})
    yield from (short.lower() for short in re.findall(r"\(([A-Z]{3,8})\)", text))
    shorts = (short.lower() for short in re.findall(r"(?<![^\W_])[A-Z]{3,4}(?![^\W_])", text))
    yield from (short for short in shorts if short not in generic_words())
