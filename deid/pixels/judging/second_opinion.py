"""Which letter it was: a word that nothing vouches for, and a clinical one that looks much like it, in small print.

`Kemel B30f`, `LYHPH NODE`, `Dgm R 55`: the reader of small print is asked which of the two stands there. It sees
letters, not words, so that it finds no excuse for a name; known values, dates and numbers are not put in question.
Before a number stands a setting sooner than a name: `kYp 85`.
So it is asked, too, whether what stands before a day and a year is a month: `DO 20 2008`. And where halves are a
clinical word only together, whether there may be no blank beside the I: `UPRI GHT`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.judging.expected import least_odds
from deid.pixels.ocr.sides import has_side
from deid.text.patterns.dates import SHORT_MONTHS
from deid.text.words.alike import words_alike

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.identity.known_values import KnownValue
    from deid.pixels.ocr.line import TextLine
    from deid.pixels.ocr.small_print import Answers
    from deid.text import Span, TextEngine

_EVIDENCE = frozenset({"known", "date", "identifier", "contact", "cue", "age"})
_DAY_AND_YEAR = re.compile(
    r"(?:^| )((?:[^ ]{1,2} )?(?:[^ 0-9]|0(?=[A-Za-z]))[^ ]{0,3}?) {0,2}[0-9]{1,2},? ?(?:19|20)[0-9]{2}(?![0-9])"
)
_NO_MONTH = re.compile(r"(?:^|(?<=[*:])| (?= )) *(?=[0-9]{1,2},? (?:19|20)[0-9]{2}(?![0-9]))")
_MONTHS = tuple(month.title() for month in SHORT_MONTHS)
_SIDE_AND_LETTER = re.compile(r"([A-Z]{1,5} )[A-Za-z]")
_BIRTH = re.compile(r"(?<![^ ])D(?:0[B8]|O8)(?=[ :.]|\Z)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_BESIDE_I = re.compile(r"(?<=[Iil]) (?=[^\W\d_])|(?<=[^\W\d_]) (?=[Iil])")
_A_WORD = 5
"""Letters of a word whose halves are no names."""
_INITIALS = 3
"""Words of so few letters may be initials, and are like many abbreviations."""
_LIKELIER, _LIKELIER_IF_SHORT = 5.0, 10.0
"""By what factor the clinical word must be likelier than what was read."""
_NEARLY = 0.1
"""How likely it must be against the likeliest text of all, which may be a third one; a word made of its halves against
what was read."""

_WELL_READ, _SEEN = 0.85, 0.05
"""The score of a line of which the recogniser's letters are asked, and how probable its text must be by them."""
_AS_SEEN, _AS_SEEN_IF_SHORT, _AS_SEEN_IF_LONGER, _AS_SEEN_IF_JOINED = 0.1, 0.5, 0.3, 0.02
"""How probable by them a clinical word must be, against that; one with a letter more than a short one that was read;
and one made of its halves."""


def settled(line: TextLine, known: Sequence[KnownValue], engine: TextEngine) -> TextLine:
    """The line with a clinical word in place of a misread one, where its second opinion says so.

    Args:
        line: As it was read.
        known: The subject's known values.
        engine: Says which characters identify.
    """
    line = _with_field(line)
    return _as_seen(line if line.opinion is None else _by_opinion(line, line.opinion, known, engine), known, engine)


def guesses_in(line: TextLine, known: Sequence[KnownValue], engine: TextEngine) -> Sequence[Span]:
    """What of a line identifies so far as nothing vouches for it; none where there is evidence for some of it."""
    spans = engine.judge_line(line.text, known).spans if settled(line, known, engine) is line else ()
    return () if any(span.kind in _EVIDENCE for span in spans) else spans


def _with_field(line: TextLine) -> TextLine:
    """The line with the field of birth dates, in the name of which digits were read: it tells what half a date is."""
    text = _BIRTH.sub("DOB", line.text)
    return line if text == line.text else replace(line, text=text)


def _by_opinion(line: TextLine, opinion: Answers, known: Sequence[KnownValue], engine: TextEngine) -> TextLine:
    line = _with_month(_with_mark(line, opinion), opinion)
    verdict = engine.judge_line(line.text, known)
    if any(span.kind in _EVIDENCE for span in verdict.spans):
        return line
    dated = _dated(line)
    if dated is not line or not verdict.identifying:
        return dated
    others = _others(line.text, verdict.spans, _LIKELIER, if_short=_LIKELIER_IF_SHORT, if_joined=_NEARLY)
    own, best, *odds = opinion.probabilities([line.text, opinion.text, *(text for text, _ in others)])
    likelier = [
        (odd, text)
        for odd, (text, factor) in zip(odds, others, strict=True)
        if odd > factor * own and odd >= _NEARLY * best
    ]
    expected = [
        (odd, text)
        for odd, (text, _) in zip(odds, others, strict=True)
        if odd >= least_odds(text, line.text) * max(own, best)
    ]
    return _likeliest(line, likelier or expected, known, engine)


def _likeliest(
    line: TextLine, texts: Sequence[tuple[float, str]], known: Sequence[KnownValue], engine: TextEngine
) -> TextLine:
    """The line with the likeliest of some texts that names nobody; as it is without any."""
    clean = (text for _, text in sorted(texts, reverse=True) if not engine.judge_line(text, known).identifying)
    text = next(clean, line.text)
    return line if text == line.text else _reading(line, text)


def _as_seen(line: TextLine, known: Sequence[KnownValue], engine: TextEngine) -> TextLine:
    """The line with a clinical word that the recogniser itself took for nearly as likely: `LEFT` in noise, for `LEET`.

    Of a name that it reads it sees no clinical word in its place: that is a thousandth as likely.
    """
    if line.letters is None or line.score < _WELL_READ or not line.text.isascii():
        return line
    verdict = engine.judge_line(line.text, known)
    if not verdict.identifying or any(span.kind in _EVIDENCE for span in verdict.spans):
        return line
    others = _others(line.text, verdict.spans, _AS_SEEN, if_short=_AS_SEEN_IF_SHORT, if_joined=_AS_SEEN_IF_JOINED)
    own, *odds = line.letters.probabilities([line.text, *(text for text, _ in others)])
    if own < _SEEN:
        return line
    likely = [
        (odd, text)
        for odd, (text, least) in zip(odds, others, strict=True)
        if odd >= own * (min(least, _AS_SEEN_IF_LONGER) if len(text) > len(line.text) else least)
    ]
    return _likeliest(line, likely, known, engine)


def _with_mark(line: TextLine, opinion: Answers) -> TextLine:
    """The line with two letters or more beside a side, where but one was read and more are seen: `RT V`."""
    match = _SIDE_AND_LETTER.fullmatch(line.text)
    is_mark = match is not None and opinion.text.startswith(match[1]) and has_side(opinion.text)
    return _reading(line, opinion.text) if is_mark else line


def _with_month(line: TextLine, opinion: Answers) -> TextLine:
    """The line with a month before a day and a year of which a blank was read, or nothing: `Ma r 02 2006`, `* 20 1995`.

    A date may be found in it all the same, one that begins behind the month.
    """
    match = _DAY_AND_YEAR.search(line.text)
    if match is not None and _without_blanks(match[1]).title() in _MONTHS:
        start, end = match.span(1)
        return _reading(line, line.text[:start] + _without_blanks(match[1]) + line.text[end:])
    gap = _NO_MONTH.search(line.text)
    if gap is None:
        return line
    before, after = line.text[: gap.start()], line.text[gap.end() :]
    others = [f"{before} {month} {after}".lstrip() for name in _MONTHS for month in (name, name.upper())]
    own, *odds = opinion.probabilities([line.text, *others])
    likeliest, text = max(zip(odds, others, strict=True))
    return _reading(line, text) if likeliest > own else line


def _without_blanks(month: str) -> str:
    return month.replace(" ", "").replace("0", "O")


def _dated(line: TextLine) -> TextLine:
    """The line with a month before a day and a year, where that is likelier than what was read."""
    match = _DAY_AND_YEAR.search(line.text)
    if match is None or line.opinion is None:
        return line
    start, end = match.span(1)
    others = [line.text[:start] + month + line.text[end:] for name in _MONTHS for month in (name, name.upper())]
    own, *odds = line.opinion.probabilities([line.text, *others])
    best = max(range(len(others)), key=odds.__getitem__)
    return _reading(line, others[best]) if odds[best] > own else line


def _others(
    text: str, spans: Sequence[Span], factor: float, *, if_short: float, if_joined: float
) -> list[tuple[str, float]]:
    """Texts that may stand there instead, and how many times as likely as what was read each must be."""
    alternatives = [(other, if_short if is_short else factor) for other, is_short in _alternatives(text, spans)]
    return [*alternatives, *((other, if_joined) for other in _joined(text))]


def _alternatives(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    """The line with another word for one of those that nothing vouches for, and whether either is a short one."""
    for match in _WORD.finditer(text):
        if any(span.start < match.end() and span.end > match.start() for span in spans):
            for word in words_alike(match.group()):
                is_short = min(len(word), len(match.group())) <= _INITIALS
                yield text[: match.start()] + word + text[match.end() :], is_short


def _joined(text: str) -> Iterator[str]:
    """The line without blanks beside an I in what may be a word: in print of equal widths it stands apart."""
    if has_side(text):
        return
    blanks = [match.start() for match in _BESIDE_I.finditer(text)]
    for gone in {tuple(blanks), *((blank,) for blank in blanks)}:
        joined = "".join(letter for at, letter in enumerate(text) if at not in gone)
        if gone and all(len(_word_at(joined, at - number)) >= _A_WORD for number, at in enumerate(gone)):
            yield joined


def _word_at(text: str, at: int) -> str:
    """The word that a place in a text lies in."""
    return next((match.group() for match in _WORD.finditer(text) if match.start() <= at < match.end()), "")


def with_text(line: TextLine, text: str, score: float) -> TextLine:
    """The line with another text, its letters spread as those of the one that was read."""
    edges = np.interp(np.linspace(0, len(line.text), len(text) + 1), np.arange(len(line.text) + 1), line.edges)
    return replace(line, text=text, score=score, edges=tuple(edges.tolist()), parted=None)


def _reading(line: TextLine, text: str) -> TextLine:
    return with_text(line, text, line.score)
