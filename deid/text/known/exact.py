"""Finding the subject's known values, exactly: any order, separator, case, accent or date format, but no misreadings.

What counts as a match, and when a value is too weak to be matched alone, is written in `deid.text.known.strength`.
Everything that this module finds is cut by `scrub` and `clean`, and must not be in a released header (the leak scan
of `verify`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from deid.text.fold import fold_text
from deid.text.known.days import find_days, find_short_births
from deid.text.known.encoded import encoded_texts
from deid.text.known.strength import (
    ANYWHERE,
    DATES,
    NAMES,
    Edge,
    Needle,
    counts_whole,
    is_rather_name,
    is_vouched,
    strength_of,
)
from deid.text.miscoded import gapped_parts, miscoded_parts
from deid.text.patterns.ages import ages_of
from deid.text.patterns.dates import month_stems, parse_day
from deid.text.spans import Span, disjoint
from deid.text.words.vocabulary import read_terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from deid.identity.known_values import KnownValue, ValueKind
    from deid.text.fold import Folded

_WIDEST_GAP = 3
_WIDTH_OF_BREAK = 2
_SHORTEST_GUARD = 4
_COMPONENTS = 2
_LOOK_BACK = 40
_PLACEHOLDER_DAYS = frozenset({(1900, 1, 1), (1, 1, 1), (1800, 1, 1), (1901, 1, 1), (1970, 1, 1)})
_LABEL = (
    r"(?<![a-z])(?:name|patient(?:'s)?(?: name| id)?|pat|pt|nom|paziente|paciente|id|pid|mrn|acc(?:ession)?|study id|"
    r"(?:ref(?:erring|\.)? |performing |reading )?phys(?:ician|\.)?|doctor|operator|tech(?:nologist|\.)?|"
    r"institution(?: name)?|hospital|station|address|accession (?:number|no\.?|nr\.?|#)|number)"
)
_AFTER_LABEL = re.compile(
    rf"(?:{_LABEL}[ \t]{{0,2}}[:=#^]?|(?<![a-z])(?:for|by|dr|mr|mrs|ms|miss|prof|herr|frau|dra?)\.?)[ \t]{{0,3}}\Z"
)
_AFTER_STRICT_LABEL = re.compile(
    rf"(?:{_LABEL}[ \t]{{0,2}}[:=#]|"
    r"(?<![a-z])(?:dr|mr|mrs|ms|prof|herr|frau|dra|mme|dhr|mevr|sra?|sig(?:\.ra)?)\.?|"
    r"(?<![a-z])(?:by|par|por|durch|door|pel[ao])(?![a-z]))[ \t]{0,3}\Z"
)
_BETWEEN = re.compile(r"(?:[^\w\n]|_){0,3}")
_LETTERS_BEFORE, _LETTERS_AFTER = re.compile(r"[^\W\d_]{1,40}\Z"), re.compile(r"[^\W\d_]{1,40}")
_GENITIVE = re.compile(r"'?s'?(?![^\W_])")
_BREAK = frozenset(" -_'\n")
_NEIGHBOUR_AFTER = re.compile(r"(?:[^\w\n()/]|_){0,3}([^\W_]{2,}|[^\W_](?![/+=&]))(?![^\W_])")
_NEIGHBOUR_BEFORE = re.compile(r"([^\W_]+)(?:[^\w\n()/]|_){0,3}\Z")


@dataclass(frozen=True, slots=True, eq=False)
class KnownValues:
    """Known values made ready for matching, once for each subject (and so compared by identity)."""

    values: tuple[KnownValue, ...]
    guards: tuple[tuple[str, tuple[Needle, ...]], ...]
    """Needles by a text that all of a group hold: if it is absent, so are they."""
    neighbours: tuple[frozenset[str], ...]
    days: dict[date, ValueKind]
    years: frozenset[str]
    """The last two digits of the years of `days`."""
    months: frozenset[str]
    """The first letters of the names of the months of `days`."""
    miscoded: tuple[tuple[str, int], ...]
    """Names that were read in the wrong character set, with their owners: looked for as they are."""
    gapped: tuple[tuple[re.Pattern[str], int], ...]
    """Names with letters that other systems can't write, with their owners."""
    whole: tuple[tuple[re.Pattern[str], int], ...]
    """Names and identifiers of several words that are all vouched for, with their owners: looked for as they are."""
    ages: frozenset[tuple[int, str]]
    """Ages in years (`Y`), months, weeks or days: those of the header, and those that follow from its dates."""

    @property
    def strong(self) -> Iterator[Needle]:
        """The needles that need no context, but for starts of names: words may resemble them."""
        return (needle for _, group in self.guards for needle in group if not needle.label and not needle.is_start)


@lru_cache(maxsize=256)
def compile_known(values: tuple[KnownValue, ...]) -> KnownValues:
    """Make known values ready for matching."""
    strengths = [strength_of(value, owner) for owner, value in enumerate(values)]
    needles: dict[tuple[str, Edge, bool], Needle] = {}
    for strength in strengths:
        for needle in strength.needles:
            needles.setdefault((needle.text, needle.edge, needle.label), needle)
    days: dict[date, ValueKind] = {}
    for value in values:
        day = parse_day(value.text) if value.kind in DATES else None
        if day is not None and (day.year, day.month, day.day) not in _PLACEHOLDER_DAYS:
            days.setdefault(day, value.kind)
    named = [(owner, one.text) for owner, one in enumerate(values) if one.kind in NAMES]
    foreign = [(owner, text) for owner, text in named if "?" in text or not text.isascii()]
    return KnownValues(
        values,
        tuple((guard, tuple(group)) for guard, group in _by_guard(list(needles.values())).items()),
        tuple(strength.neighbours for strength in strengths),
        days,
        frozenset(f"{day.year % 100:02d}" for day in days),
        frozenset(stem for day in days for stem in month_stems(day.month)),
        tuple((part, owner) for owner, text in foreign for part in miscoded_parts(text)),
        tuple((part, owner) for owner, text in foreign for part in gapped_parts(text)),
        tuple(
            (re.compile(rf"(?<![0-9A-Za-z.]){re.escape(value.text)}(?![0-9A-Za-z.])"), owner)
            for owner, value in enumerate(values)
            if counts_whole(value) and all(needle.label for needle in strengths[owner].needles)
        ),
        ages_of(values, days),
    )


def _by_guard(needles: list[Needle]) -> dict[str, list[Needle]]:
    groups: dict[str, list[Needle]] = {}
    for needle in sorted(needles, key=lambda n: (len(n.text), n.text)):
        guard = next((part for part in _parts_of(needle.text) if part in groups), needle.text)
        groups.setdefault(guard, []).append(needle)
    return groups


def _parts_of(text: str) -> Iterator[str]:
    """The stretches of a text that are long enough for a guard, from its first and to its last character."""
    for length in range(_SHORTEST_GUARD, len(text) + 1):
        yield text[:length]
        yield text[-length:]


def find_exact(folded: Folded, known: KnownValues) -> list[Span]:
    """Spans (of the original text) that are a known value, disjoint and in order."""
    squeezed = folded.squeezed
    found: list[tuple[int, int, int]] = []
    for guard, needles in known.guards:
        if guard in squeezed:
            for needle in needles:
                found.extend((start, end, needle.owner) for start, end in occurrences(folded, needle))
    spans = [
        Span(*folded.place(start, end), "known", f"known {known.values[owner].kind.value}", 1.0)
        for start, end, owner in _with_neighbours(folded, found, known)
    ]
    spans += _as_they_are(folded.source, known)
    if known.days and any(part in squeezed for part in (*known.years, *known.months)):
        spans += find_days(folded, folded.text, known.days)
        spans += find_short_births(folded, known.days)
    return disjoint(spans)


def _as_they_are(source: str, known: KnownValues) -> Iterator[Span]:
    """Names in the wrong character set, values that count only as a whole, and Base64 that holds a known one."""
    for part, owner in known.miscoded:
        at = source.find(part)
        while at >= 0:
            yield Span(at, at + len(part), "known", f"known {known.values[owner].kind.value}", 1.0)
            at = source.find(part, at + len(part))
    for pattern, owner in (*known.gapped, *known.whole):
        for match in pattern.finditer(source):
            yield Span(*match.span(), "known", f"known {known.values[owner].kind.value}", 1.0)
    for start, end, inner in encoded_texts(source):
        for span in find_exact(fold_text(inner), known)[:1]:
            yield replace(span, start=start, end=end)


def occurrences(folded: Folded, needle: Needle) -> Iterator[tuple[int, int]]:
    """Folded ranges in which the needle stands with proper edges, separators and context."""
    squeezed, positions, length = folded.squeezed, folded.positions, len(needle.text)
    at = squeezed.find(needle.text)
    while at >= 0:
        first, end = positions[at], positions[at + length - 1] + 1
        start = _before_zeros(folded.text, first) if needle.text.isdigit() else first
        accepted = (
            has_edges(folded, start, end, needle.edge)
            and (end - first == length or _gaps_allowed(folded, needle, positions[at : at + length]))
            and (not needle.label or _speaks_for(folded, needle, start, positions[at : at + length]))
        )
        if accepted:
            genitive = _GENITIVE.match(folded.text, end) if needle.edge is Edge.WORD else None
            yield start, genitive.end() if genitive else end
        at = squeezed.find(needle.text, at + (length if accepted else 1))


def _before_zeros(text: str, start: int) -> int:
    """Where the zeros begin that stand right before a number."""
    while start and text[start - 1] == "0":
        start -= 1
    return start


def has_edges(folded: Folded, start: int, end: int, edge: Edge) -> bool:
    """Whether the folded range [start, end) stands by itself, as `edge` asks."""
    if edge is Edge.ANY:
        return True
    clear = _is_edge(folded, start - 1, start, edge), _is_edge(folded, end - 1, end, edge)
    if all(clear) or edge is not Edge.WORD:
        return all(clear)
    before, after = _glued(folded.text, start, end)
    if is_vouched(before + folded.text[start:end] + after):
        return False
    return (clear[0] or _is_glued_word(before, after=False)) and (clear[1] or _is_glued_word(after, after=True))


def _is_edge(folded: Folded, left: int, right: int, edge: Edge) -> bool:
    text = folded.text
    if left < 0 or right >= len(text) or not text[left].isalnum() or not text[right].isalnum():
        return True
    if edge is Edge.TOKEN:
        return False
    if text[left].isdigit() != text[right].isdigit():
        return True
    return (
        folded.source[folded.place(left, right)[0]].islower()
        and folded.source[folded.place(right, right + 1)[0]].isupper()
    )


def _glued(text: str, start: int, end: int) -> tuple[str, str]:
    """The letters right before and right after a range."""
    before = _LETTERS_BEFORE.search(text[max(0, start - _LOOK_BACK) : start])
    after = _LETTERS_AFTER.match(text, end)
    return before.group() if before else "", after.group() if after else ""


def _is_glued_word(letters: str, *, after: bool) -> bool:
    return (after and letters == "s") or (len(letters) > 1 and is_vouched(letters))


def _gaps_allowed(folded: Folded, needle: Needle, positions: list[int]) -> bool:
    """Whether the separators inside a match stand where the value may have them, or evenly after each character."""
    gaps = {i: right - left - 1 for i, (left, right) in enumerate(pairwise(positions), 1) if right - left > 1}
    text = folded.text
    between = "".join(text[positions[i] - width : positions[i]] for i, width in gaps.items())
    if max(gaps.values()) > _WIDEST_GAP or (not needle.loose and between.count("\n") > len(needle.parts)):
        return False
    if len(gaps) == len(positions) - 1 and len(set(gaps.values())) == 1:
        return not needle.text.isdigit() or "." not in between
    joints = set(accumulate(needle.parts))
    strays = [i for i in gaps if i not in joints]
    if not strays or needle.loose == ANYWHERE:
        return not strays or ("." not in between and "," not in between)
    return len(strays) <= needle.loose and _is_broken_word(text, positions, [*strays, len(positions)])


def _is_broken_word(text: str, positions: list[int], ends: Sequence[int]) -> bool:
    """Whether a word is broken by single separators, and its pieces are not all words of their own."""
    starts = [0, *ends[:-1]]
    separators = (text[positions[i] - 1] for i in starts[1:] if positions[i] - positions[i - 1] == _WIDTH_OF_BREAK)
    pieces = ["".join(text[at] for at in positions[start:end]) for start, end in zip(starts, ends, strict=True)]
    return sum(map(_BREAK.__contains__, separators)) == len(ends) - 1 and not all(map(is_vouched, pieces))


def _speaks_for(folded: Folded, needle: Needle, start: int, positions: list[int]) -> bool:
    """Whether the context speaks for a weak value: it is all there is, follows a label, or is written as a name is."""
    if _is_all(folded, needle) or _is_written_as_name(folded, needle, positions):
        return True
    return _has_label(folded.text, start, strict=needle.strict_label)


def _is_all(folded: Folded, needle: Needle) -> bool:
    """Whether a name that is a word, too, is the whole text; general words such as `ward` are none."""
    whole = needle.text == folded.squeezed and not needle.text.isdigit()
    return whole and is_rather_name(needle.text) and needle.text not in read_terms().general


def _is_written_as_name(folded: Folded, needle: Needle, positions: list[int]) -> bool:
    """Whether two components stand as in a PN value, `Ward^Omar`.

    Two common names may also stand as in a list, `Ward, Omar`, or capitalised side by side, `Omar Ward`.
    """
    if len(needle.parts) != _COMPONENTS:
        return False
    second = positions[needle.parts[0]]
    between = folded.text[positions[needle.parts[0] - 1] + 1 : second]
    if needle.strict_label or "^" in between:
        return "^" in between
    starts = (folded.place(at, at + 1)[0] for at in (positions[0], second))
    capitals = all(folded.source[at].isupper() and folded.source[at + 1 : at + 2].islower() for at in starts)
    return between.strip() == "," or (bool(between) and not between.strip() and capitals)


def _has_label(text: str, start: int, *, strict: bool) -> bool:
    before = text[max(0, start - _LOOK_BACK) : start]
    return bool((_AFTER_STRICT_LABEL if strict else _AFTER_LABEL).search(before))


def _with_neighbours(
    folded: Folded, found: list[tuple[int, int, int]], known: KnownValues
) -> list[tuple[int, int, int]]:
    """Matches of names, widened over the weak components and initials of the same name beside them, and joined."""
    joined: list[tuple[int, int, int]] = []
    for start, end, owner in sorted(found):
        if known.values[owner].kind in NAMES:
            start, end = _widen(folded.text, start, end, known.neighbours[owner])  # noqa: PLW2901
        last = joined[-1] if joined else None
        if last is not None and last[2] == owner and _BETWEEN.fullmatch(folded.text, last[1], max(start, last[1])):
            joined[-1] = (last[0], max(end, last[1]), owner)
        else:
            joined.append((start, end, owner))
    return joined


def _widen(text: str, start: int, end: int, neighbours: frozenset[str]) -> tuple[int, int]:
    for _ in range(6):
        after = _NEIGHBOUR_AFTER.match(text, end)
        if after is None or after.group(1) not in neighbours or after.start(1) == end:
            break
        end = after.end()
    for _ in range(6):
        before = _NEIGHBOUR_BEFORE.search(text[max(0, start - _LOOK_BACK) : start])
        if before is None or before.group(1) not in neighbours or before.end(1) == len(before.string):
            break
        start -= len(before.string) - before.start()
    return start, end
