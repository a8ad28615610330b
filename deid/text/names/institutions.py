"""Institutions by their words (`Hospital`, `Medical Center`, `Klinikum`) and by the place they stand in."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.text.names.placing import begins_part
from deid.text.spans import Span
from deid.text.words.tokens import Standing, Token, standing_of
from deid.text.words.vocabulary import load_vocabulary, read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.text.fold import Folded


_HEADS = words_of_section("institutions")
_PLACE_WORDS = words_of_section("words in names of institutions")
_TELLING = words_of_section("words that name institutions")
_STREETS = words_of_section("street words before the name")
_JOINING = words_of_section("particles") | {"of", "the", "and", "y", "et", "und"}
_SAINTS = frozenset({"mount", "mt", "saint", "st", "sankt", "sint", "san", "santa"})
_AT = frozenset({"at", "from", "in"})
_PERFORMED_AT = re.compile(r"(?<![a-z])(?:performed|done|scanned|acquired|taken|imaged) at ([a-z]{2,8})(?![a-z0-9])")
_DEPARTMENTS = frozenset(
    {"ed", "er", "icu", "nicu", "picu", "micu", "sicu", "ccu", "mri", "pet", "rest", "stress", "end", "home", "tesla"}
)
"""What in capitals a scan is done at that is no hospital."""
# University (Mercy, Presbyterian, Sacred Heart …) Hospital X; X (General …) Hospital, Medical Center, Imaging Clinic.
_SHORT = r"(?:(?:UH|MH|PH|SH|SLH|VAMC)[A-Z]|[A-ZÀ-Þ]{1,3}(?:H|HS|MC|IC)|[A-ZÀ-Þ]{1,2}(?:RA|CI))"
_HOSPITAL = re.compile(rf"(?<=[ ,;/(_-]){_SHORT}(?=[.)]{{0,2}}$)|^{_SHORT}(?=[ ,:;_-])", re.MULTILINE)
_AT_HOSPITAL = re.compile(r"(?<![^\W_])(?:at|At|AT) ([A-Z]{2,6})(?![^\W_])")
_BETWEEN = re.compile(r"[ .,'_-]{1,3}")
_MOST_AFTER, _MOST_LINKED, _MOST_BEFORE, _LONGEST_SHORTENED = 4, 7, 7, 3
_LINKS = frozenset({"de", "del", "du", "des", "di", "della", "dos", "das", "do", "da", "of", "van", "la", "las", "los"})
_Found = tuple[int, int, str, str, float]


def find_institutions(folded: Folded, tokens: list[Token]) -> Iterator[_Found]:
    """The proper words before and after `Hospital`, `Medical Center`, `Klinikum`."""
    text = folded.text
    for index, token in enumerate(tokens):
        if token.text not in _HEADS and not (token.text == "heart" and index and tokens[index - 1].text == "sacred"):
            continue
        first = last = index
        while first and index - first < _MOST_BEFORE and _belongs(tokens[first - 1]) and _near(text, tokens, first - 1):
            first -= 1
        while last + 1 < len(tokens) and _near(text, tokens, last) and not _ends_sentence(text, tokens, last):
            linked = tokens[last].text in _LINKS or (last > index and tokens[last - 1].text in _LINKS)
            most = _MOST_LINKED if linked else _MOST_AFTER
            following = tokens[last + 1]
            if (
                _begins_another(text, tokens, last)
                or last - index >= most
                or not (
                    _belongs(following)
                    or (linked and _may_follow(following))
                    or following.text in _STREETS
                    or (tokens[last].text in _STREETS and following.standing is Standing.NUMBER)
                )
            ):
                break
            last += 1
        while first < index and tokens[first].text in _JOINING and not _is_article_of_name(folded, tokens, first):
            first += 1
        while last > index and tokens[last].text in _JOINING:
            last -= 1
        saintly = _is_saintly(text, tokens, first)
        first -= 2 * saintly
        named = saintly or _names_after_at(text, tokens, first) or _names_at_start(text, tokens, first, last)
        first -= named and not saintly
        surname = first == last == index or tokens[first].text in _PLACE_WORDS | _HEADS
        if surname and _is_surname_before(text, tokens, first, alone=first == index):
            named, first = True, first - 1
        if named or any(_names_it(token) for token in tokens[first : last + 1]):
            yield tokens[first].start, tokens[last].end, "place", "institution", 0.8


def _ends_sentence(text: str, tokens: list[Token], index: int) -> bool:
    """Whether a full stop, and not that of `St.`, stands between a word and the next: `… Center. Bone windows`."""
    return "." in text[tokens[index].end : tokens[index + 1].start] and len(tokens[index].text) > _LONGEST_SHORTENED


def _begins_another(text: str, tokens: list[Token], index: int) -> bool:
    """Whether a comma parts a word that is vouched for, and no town, from what stands before: `… Klinik, Aspekt`."""
    following = tokens[index + 1]
    parted = "," in text[tokens[index].end : following.start]
    return parted and following.vouched and not load_vocabulary().begins_town(following.text)


def _is_article_of_name(folded: Folded, tokens: list[Token], index: int) -> bool:
    """Whether an article is written as a part of a name: `De Woude Kliniek`."""
    written = folded.written(tokens[index].start, tokens[index].end)
    return written.istitle() and written.lower() not in ("the", "and", "of") and tokens[index + 1].text not in _HEADS


def _is_saintly(text: str, tokens: list[Token], index: int) -> bool:
    """Whether `Mount` or `Saint` and one capitalised word, whatever it means, stand before: `Mount Lima Clinic`."""
    if index < 2 or tokens[index - 2].text not in _SAINTS or not tokens[index - 1].capital:  # noqa: PLR2004
        return False
    return tokens[index - 1].text.isalpha() and all(_near(text, tokens, index - back) for back in (1, 2))


def _is_surname_before(text: str, tokens: list[Token], index: int, *, alone: bool) -> bool:
    """Whether a part of a text begins with a common surname that is a word of radiology: `Page Imaging Center`.

    `alone`: nothing else of an institution's name stands there: `TIA clinic` is none.
    """
    if not index or not _near(text, tokens, index - 1):
        return False
    word = tokens[index - 1]
    begins = begins_part(text, word.start) or (index > 1 and tokens[index - 2].text in _AT)
    barred = read_terms().owns(word.text) if alone else word.text in read_terms().general
    return begins and word.capital and word.name and not barred


def _may_follow(token: Token) -> bool:
    """Whether a word may stand after `Hospital de`: capitalised, and no word of radiology."""
    return token.capital and token.text.isalpha() and token.text not in read_terms().words


def _names_it(token: Token) -> bool:
    """Whether a word of an institution's name is what tells it from others."""
    if token.text in _STREETS:
        return True
    if token.text in _PLACE_WORDS | _HEADS:
        return token.text in _TELLING
    return not token.vouched or is_rather_place(token.text)


def _names_after_at(text: str, tokens: list[Token], first: int) -> bool:
    """Whether a name that is a word, too, stands between `at` and the words of an institution: `at Young Clinic`."""
    article = first > 2 and tokens[first - 2].text == "the"  # noqa: PLR2004
    if first < 2 or tokens[first - 2 - article].text not in _AT or not _near(text, tokens, first - 1):  # noqa: PLR2004
        return False
    word = tokens[first - 1]
    return word.vouched and word.capital and word.may_be_name


def _names_at_start(text: str, tokens: list[Token], first: int, last: int) -> bool:
    """Whether a text begins with a name that is a word, too, and several words of an institution: `Ward Eye Clinic`."""
    begins = first == 1 and last > first and _near(text, tokens, 0)
    return begins and tokens[0].capital and tokens[0].name and tokens[0].standing is not Standing.CLINICAL


def find_places(folded: Folded) -> Iterator[Span]:
    """What stands after `performed at` in capitals that mean nothing else: the initials of a hospital."""
    for match in _PERFORMED_AT.finditer(folded.text):
        start, end = folded.place(*match.span(1))
        if folded.source[start:end].isupper() and _are_initials(folded, match[1]):
            yield Span(start, end, "place", "place after `performed at`", 0.75)


def find_hospitals(folded: Folded) -> Iterator[Span]:
    """Capitals that mean nothing, after `at` or put together like a hospital's at an end of a text: `CHEST PA SGH`."""
    source = folded.source
    for match in _AT_HOSPITAL.finditer(source):
        if standing_of(match[1].lower()) is Standing.UNKNOWN:
            yield Span(*match.span(1), "place", "capitals after `at`", 0.6)
    for match in _HOSPITAL.finditer(source):
        around = source[: match.start()] + source[match.end() :]
        alone = not any(map(str.isalnum, around))
        if not alone and len(match.group()) > 2 and standing_of(match.group().lower()) is Standing.UNKNOWN:  # noqa: PLR2004
            yield Span(*match.span(), "place", "initials put together like a hospital's", 0.6)


def _are_initials(folded: Folded, word: str) -> bool:
    """Whether it means nothing else, or stands out as capitals from a text of small letters: `at SCH`."""
    if word in _DEPARTMENTS:
        return False
    return standing_of(word) is Standing.UNKNOWN or (len(word) > 2 and not folded.source.isupper())  # noqa: PLR2004


def _near(text: str, tokens: list[Token], index: int) -> bool:
    return _BETWEEN.fullmatch(text, tokens[index].end, tokens[index + 1].start) is not None


def _belongs(token: Token) -> bool:
    if token.text in _PLACE_WORDS or token.text in _HEADS or (not token.vouched and token.capital):
        return True
    return token.capital and token.standing is not Standing.NUMBER and is_rather_place(token.text)


@lru_cache(maxsize=16384)
def is_rather_place(word: str) -> bool:
    """Whether a word that is vouched for is a name or a town, too, and neither radiology's own nor in all texts."""
    terms = read_terms()
    named = load_vocabulary().may_be_name(word) or load_vocabulary().is_town((word,))
    return named and not terms.owns(word)
