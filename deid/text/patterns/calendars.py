"""Dates of other calendars and in other languages: Buddhist, Islamic and Persian years, eras of Japan and Taiwan.

Hospitals write birth dates as their country counts years: 17/04/2496 in Thailand, 1332/01/28 in Iran, 042/04/17 in
Taiwan, 昭和28年4月17日 in Japan. Where a form can be a row of parameters (`1400/20/90`), only what is filled up with
zeros as dates are counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from deid.text.fold import fold_word
from deid.text.patterns.dates import DAY_SIGN, MONTH_SIGN, YEAR_SIGN
from deid.text.spans import Span
from deid.text.words.tokens import Standing, standing_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.text.fold import Folded

_REASON: Final = "date of another calendar or language"
_OTHER_YEAR: Final = "(?:1[34]|2[45])[0-9]{2}"
"""The last two centuries: Persian and Islamic years, and those of the Buddhist era."""
_ERAS: Final = "|".join(map(fold_word, ("明治", "大正", "昭和", "平成", "令和", "中華民國", "民國", "民国", "元")))
_DAY, _MONTH = "(?:0[1-9]|[12][0-9]|3[01])", "(?:0[1-9]|1[0-2])"
_SHORT_DAY, _SHORT_MONTH = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])"
_FREE, _END = r"(?<![\w./-])", r"(?![0-9])(?![./-][0-9])"
_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        rf"{_FREE}{_SHORT_DAY}/{_SHORT_MONTH}/{_OTHER_YEAR}{_END}",
        rf"{_FREE}{_DAY}([.-]){_MONTH}\1{_OTHER_YEAR}{_END}",
        rf"{_FREE}{_OTHER_YEAR}([/-])(?:0[1-9]\1{_DAY}|{_MONTH}\1(?:0[1-9])){_END}",
        rf"{_FREE}(?:0[0-9]|1[01])[0-9]/{_MONTH}/{_DAY}{_END}",
        (
            rf"(?:(?:{_ERAS}) ?)?(?:[0-9]{{1,4}} ?|(?<=[^\W\d_])){YEAR_SIGN} ?[0-9]{{1,2}} ?{MONTH_SIGN}"
            rf"(?: ?[0-9]{{1,2}} ?{DAY_SIGN})?"
        ),
    )
)
_HINT: Final = re.compile(rf"[0-9]/[0-9]|[0-9]{{2}}[.-](?:1[34]|2[45])[0-9]{{2}}|{_OTHER_YEAR}-|{MONTH_SIGN}")
_WITH_WORD: Final = re.compile(
    r"(?<![\w.])[0-3]?[0-9](?P<dot>\.?)[ \t]{0,2}(?P<word>[^\W\d_]{1,12}(?:\.[^\W\d_]{1,4})?)\.?[ \t]{0,2}"
    r"(?:1[3489]|2[0456])[0-9]{2}(?![0-9])"
)


def find_in_calendars(folded: Folded) -> Iterator[Span]:
    """The dates that are not written in the Gregorian calendar and a language of `dates`, in the original text."""
    text = folded.text
    forms = _FORMS if _HINT.search(text) else ()
    found = [match.span() for form in forms for match in form.finditer(text)]
    found += [match.span() for match in _WITH_WORD.finditer(text) if _may_be_month(match)]
    for place in found:
        yield Span(*folded.place(*place), "date", _REASON, 0.8)


def _may_be_month(match: re.Match[str]) -> bool:
    """Whether a word between a day and a year is in another script, or behind an ordinal and of unknown meaning."""
    word = match["word"]
    return not word.isascii() or (bool(match["dot"]) and standing_of(word) is Standing.UNKNOWN)
