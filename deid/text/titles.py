"""Names by what stands before or after them: titles, degrees, `by`, `for`, and the places named with them."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from deid.text.shape import is_spelled_as_name
from deid.text.tokens import Standing, Token
from deid.text.vocabulary import load_vocabulary, read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.text.fold import Folded

_TITLES = words_of_section("titles")
_DOUBLE_TITLES = words_of_section("titles that are abbreviations of other things too")
_SURE_TITLES = words_of_section("titles that can hardly be anything else")
_ADDRESSED = frozenset("herr herrn dhr mevr mevrouw mme mlle monsieur madame signor signora senor senora mrs".split())  # noqa: SIM905
_SEVERAL = frozenset({"drs", "doctors", "mm", "dres", "sres", "dott"})
_TITLE_ENDINGS = frozenset({"ra", "ssa", "na", "a", "med", "dr", "rer", "nat", "univ", "prof", "doc", "mr", "mrs"})
_DEGREES = words_of_section("degrees")
_SIDES = frozenset({"l", "r"})
_STRONG_CUES = words_of_section("cue words before names")
_CUES = words_of_section("doubtful cue words before names")
_ANY_CUES = _STRONG_CUES | _CUES
_AGENT_VERBS = words_of_section("what someone does")
PLACE_CUES = words_of_section("words before places")
_PARTICLES = words_of_section("particles")
_BETWEEN_NAMES = re.compile(r"[ .,'_-]{1,3}")
_BESIDE = re.compile(r"[ .'_-]{1,2}")
_AND = frozenset({"and", "und", "et", "y", "e", "en"})
_DOTTED_DEGREE = re.compile(
    r"(?<![^\W_])([^\W\d_]{2,24}(?:[ .-]{1,2}[^\W\d_]{1,24}){0,2}),? "
    r"(?:m\.d\.|d\.o\.|ph\.d\.|m\.b\.|r\.t\.|r\.n\.|dr\.med\.)"
)
_AFTER_NAMES = PLACE_CUES | {
    "on",
    "am",
    "el",
    "le",
    "op",
    "em",
    "il",
    "by",
    "present",
    "presente",
    "aanwezig",
    "anwesend",
    "assisted",
}
_DOING = frozenset(
    {"notified", "called", "informed", "paged", "aware", "requests", "requested", "ordered", "notifie", "avisado"}
)
_SAYING = frozenset(
    {
        "could",
        "has",
        "had",
        "was",
        "is",
        "did",
        "refused",
        "refuses",
        "complains",
        "reports",
        "states",
        "moved",
        "hat",
        "ist",
        "war",
    }
)
_BLOCK_JOINT = re.compile(r"[ ,_^-]{1,2}")
_BLOCK = re.compile(
    r"(?:[ ,_^]{1,2}[a-z]\.?)?[ ,_^-]{1,3}(?:(?:19|20)[0-9]{2}|[0-3]?[0-9][-/. ](?:[0-9]|[a-z]{3})|dob|geb|born|\*)"
)
_SHORTEST_SURNAME = 3
_MOST_WORDS, _AGENT_REACH = 4, 8
HEADLINES = frozenset({"brain", "head", "neck", "post"})
"""Surnames that far more often begin a description."""
_NAMELIKE = (Standing.UNKNOWN, Standing.LETTER)
Found = tuple[int, int, str, str, float]


def name_run(text: str, tokens: list[Token], index: int) -> tuple[int, int]:
    """How many tokens from `index` on can be a name, and how many of them nothing vouches for."""
    count = unvouched = 0
    for token in tokens[index : index + _MOST_WORDS]:
        if count and not _BETWEEN_NAMES.fullmatch(text, tokens[index + count - 1].end, token.start):
            break
        if count > (token.text not in HEADLINES) and _begins_clinical_text(tokens, index + count):
            break
        if token.standing is Standing.UNKNOWN and token.capital and not any(map(str.isdigit, token.text)):
            unvouched += 1
        elif not (_may_stand_in_name(token, first=not count) or (not count and _is_given_first(text, tokens, index))):
            break
        count += 1
    while count and (tokens[index + count - 1].text in _PARTICLES or _is_side(tokens, index + count - 1)):
        count -= 1
    return count, unvouched


def _is_given_first(text: str, tokens: list[Token], index: int) -> bool:
    """Whether a given name that is a word, too, stands before a surname: `Esta Perrone`, `Will Kozak`."""
    token, following = tokens[index], tokens[index + 1 : index + 2]
    return (
        token.capital
        and token.standing is Standing.GENERAL
        and token.text in load_vocabulary().given
        and bool(following)
        and text[token.end : following[0].start] == " "
        and following[0].capital
        and following[0].standing is Standing.UNKNOWN
        and following[0].may_be_name
    )


def _begins_clinical_text(tokens: list[Token], index: int) -> bool:
    """Whether a clinical word that may be a name stands before another: `Maria Garcia BRAIN W/O`, `POST GAD`."""
    after = tokens[index + 1 : index + 2]
    return tokens[index].standing is Standing.CLINICAL and bool(after) and after[0].vouched and not after[0].may_be_name


def _is_side(tokens: list[Token], index: int) -> bool:
    """Whether a letter is the side of the clinical word after it: `R KNEE`."""
    return tokens[index].text in _SIDES and index + 1 < len(tokens) and tokens[index + 1].standing is Standing.CLINICAL


def _may_stand_in_name(token: Token, *, first: bool) -> bool:
    if token.text in _PARTICLES:
        return True
    return token.capital and (token.standing is Standing.LETTER or (token.name and not first))


def find_titled(folded: Folded, tokens: list[Token], *, line: bool) -> Iterator[Found]:
    """Names after a title or a preposition, with the title. On a line of pixels `DR. STONE` is no modality."""
    text = folded.text
    for index, token in enumerate(tokens):
        if token.text in _TITLES or _is_monsieur(text, token):
            yield from _after_title(folded, tokens, index, line=line)
        elif token.text in _ANY_CUES:
            yield from _after_cue(text, tokens, index)


def _after_cue(text: str, tokens: list[Token], index: int) -> Iterator[Found]:
    token = tokens[index]
    count, unvouched = name_run(text, tokens, index + 1)
    run = tokens[index + 1 : index + 1 + count]
    if run and unvouched and _BETWEEN_NAMES.fullmatch(text, token.end, run[0].start):
        if token.text in _STRONG_CUES or unvouched > 1 or any(t.may_be_name for t in run):
            last = _with_surname(text, tokens, index + count) if count == 1 else index + count
            yield run[0].start, tokens[last].end, "name", "name after a cue word", 0.75
    elif index + 1 < len(tokens) and _is_word_before_surname(text, tokens, index + 1):
        if token.text in _STRONG_CUES or tokens[index + 2].may_be_name or is_spelled_as_name(tokens[index + 2].text):
            yield tokens[index + 1].start, tokens[index + 2].end, "name", "name after a cue word", 0.7
    elif index + 1 < len(tokens) and _is_agent(text, tokens, index):
        yield tokens[index + 1].start, tokens[index + 1].end, "name", "name after a cue word", 0.7


def _is_agent(text: str, tokens: list[Token], index: int) -> bool:
    """Whether a name that is a word, too, stands after `dictated … by`, or between `for` and `by`."""
    following = tokens[index + 1]
    if not following.may_be_name or following.standing is Standing.NUMBER or not _touches(text, tokens, index):
        return False
    end = text[following.end :].lstrip(" ")[:1]
    after = tokens[index + 2].text if index + 2 < len(tokens) else ""
    if tokens[index].text in _STRONG_CUES:
        done = any(token.text in _AGENT_VERBS for token in tokens[max(0, index - _AGENT_REACH) : index])
        return done and (not end or end in ",.;)\n" or after in _STRONG_CUES | _AND)
    ordered = index > 0 and tokens[index - 1].text in _AGENT_VERBS
    return ordered and after in _STRONG_CUES


def _is_monsieur(text: str, token: Token) -> bool:
    """`M.` at the start of a text, or after a comma: what else `m` is stands after a number."""
    before = text[: token.start].rstrip(" ")[-1:]
    return token.text == "m" and text.startswith(". ", token.end) and before in ("", "\n", ",", ";", ":", "(")


def _after_title(folded: Folded, tokens: list[Token], index: int, *, line: bool) -> Iterator[Found]:
    text, token = folded.text, tokens[index]
    first = index + 1
    most = min(len(tokens), index + _MOST_WORDS)
    while first < most and tokens[first].text in _TITLE_ENDINGS and _touches(text, tokens, first - 1):
        first += 1
    if first >= len(tokens) or not _BESIDE.fullmatch(text, tokens[first - 1].end, tokens[first].start):
        return
    count, unvouched = name_run(text, tokens, first)
    run = tokens[first : first + count]
    if run and unvouched:
        named = any(t.may_be_name for t in run)
        dotted = text.startswith(".", token.end)
        led = index > 0 and tokens[index - 1].text in _STRONG_CUES
        if dotted or token.text not in _DOUBLE_TITLES or named or led or _is_written_as_title(folded, token, run[0]):
            last = _with_surname(text, tokens, first + count - 1, titled=count == 1)
            last = _with_others(text, tokens, last) if token.text in _SEVERAL else last
            yield token.start, tokens[last].end, "name", "name after a title", 0.85
    elif _is_word_before_surname(text, tokens, first):
        yield token.start, tokens[first + 1].end, "name", "name after a title", 0.8
    elif _is_word_and_name(folded, tokens, index, first, line=line):
        last = _with_others(text, tokens, first) if token.text in _SEVERAL else first
        yield token.start, tokens[last].end, "name", "name after a title", 0.85


def _is_word_before_surname(text: str, tokens: list[Token], index: int) -> bool:
    """Whether a given name that is a word, too, stands before a surname that is none: `Mme Nadir Belley`."""
    if index + 1 >= len(tokens) or not _touches(text, tokens, index):
        return False
    given, surname = tokens[index], tokens[index + 1]
    written = given.capital and surname.capital and given.text.isalpha() and surname.text.isalpha()
    return written and given.may_be_name and surname.standing is Standing.UNKNOWN and given.text not in _ANY_CUES


def _is_word_and_name(folded: Folded, tokens: list[Token], index: int, first: int, *, line: bool) -> bool:
    """Whether a title stands before a name that is a word, too: `Dr. Long`, `Mr Field`, `by DR STONE`, `(DR MAJOR)`."""
    text, token, following = folded.text, tokens[index], tokens[first]
    dotted, written = text.startswith(".", token.end), _is_written_as_title(folded, token, following)
    # `Dr. Li` is written like a Roman number.
    is_number = following.standing is Standing.NUMBER and not (dotted and written)
    if token.text not in _SURE_TITLES or not following.capital or is_number:
        return False
    if following.may_be_name and (dotted or written):
        return True
    if dotted and (written or line):
        return True
    if written and token.text in _ADDRESSED and following.text not in read_terms().core:
        return True
    led = index > 0 and tokens[index - 1].text in _STRONG_CUES | {"cc", "to"} and following.may_be_name
    after = tokens[first + 1].text if first + 1 < len(tokens) else ""
    if following.may_be_name and (after in _DOING or (not index and after in _SAYING)):
        return True
    return led or (text[token.start - 1 : token.start] == "(" and text[following.end : following.end + 1] == ")")


def _is_written_as_title(folded: Folded, title: Token, name: Token) -> bool:
    """Whether both are capitalised words, as in `Mr Field`: modalities and abbreviations are all capitals."""
    words = (folded.source[slice(*folded.place(token.start, token.end))] for token in (title, name))
    return all(word[:1].isupper() and word[1:].islower() for word in words)


def _may_be_surname(text: str, tokens: list[Token], last: int) -> bool:
    """Whether a word that some list calls a name stands right after the one at `last`: `Sra. Almerindo Nascimento`."""
    following = tokens[last + 1]
    beside = text[tokens[last].end : following.start] == " "
    return beside and following.capital and following.may_be_name and following.text not in read_terms().core


def _with_surname(text: str, tokens: list[Token], last: int, *, titled: bool = False) -> int:
    """The last token of a name whose surname is a word, too: `by Alex Vein in Exeter`, `Dr. Ann Rib`."""
    if last + 1 >= len(tokens):
        return last
    if tokens[last].text not in load_vocabulary().given:
        return last + 1 if titled and _may_be_surname(text, tokens, last) else last
    before = tokens[last - 1] if last and _touches(text, tokens, last - 1) else None
    if before is not None and before.standing is Standing.UNKNOWN and before.may_be_name:
        return last  # a given name and a surname stand already
    following = tokens[last + 1]
    ends = text[following.end :].lstrip(" ")[:1] in ("", ".", ",", ";", ")", "\n")
    led = last + 2 < len(tokens) and tokens[last + 2].text in _AFTER_NAMES
    beside = text[tokens[last].end : following.start] == " " and following.capital
    return last + 1 if beside and following.standing is Standing.CLINICAL and (ends or led) else last


def find_name_blocks(text: str, tokens: list[Token]) -> Iterator[Found]:
    """Surnames that are words, too, before a given name and a date: `Hill_Emma_06.07.2023`, `Bright Ike DOB 1.2.52`."""
    given = load_vocabulary().given
    for index, token in enumerate(tokens[:-1]):
        following = tokens[index + 1]
        if following.text not in given or following.vouched or not (token.capital and following.capital):
            continue
        if not token.may_be_name or len(token.text) < _SHORTEST_SURNAME:
            continue
        before = text[: token.start].rstrip(" ")
        enclosed = before[-1:] in ("(", "[") and text[following.end : following.end + 1] in (")", "]", ",")
        led = (
            "," in text[token.end : following.start]
            and index > 0
            and tokens[index - 1].text in ("pt", "patient", "name")
        )
        block = (_BLOCK.match(text, following.end) is not None and not before.strip(" _([{")) or enclosed or led
        if _BLOCK_JOINT.fullmatch(text, token.end, following.start) and block:
            yield token.start, following.end, "name", "name beside a given name", 0.7


def _with_others(text: str, tokens: list[Token], last: int) -> int:
    """The last token of a list of names: `Drs. Colon and Valérie Colon`."""
    if last + 2 < len(tokens) and tokens[last + 1].text in _AND and tokens[last + 2].capital:
        count, unvouched = name_run(text, tokens, last + 2)
        if unvouched or tokens[last + 2].may_be_name:
            return last + 1 + max(count, 1)
    return last


def find_degreed(text: str, tokens: list[Token]) -> Iterator[Found]:
    """Names before `MD` and the like, with the degree."""
    for match in _DOTTED_DEGREE.finditer(text):
        if any(token.name or not token.vouched for token in tokens if match.start(1) <= token.start < match.end(1)):
            yield match.start(), match.end(), "name", "name before a degree", 0.8
    for index, token in enumerate(tokens):
        if token.text not in _DEGREES or not index or tokens[index - 1].vouched:
            continue
        first = index - 1
        while first and index - first < _MOST_WORDS and tokens[first - 1].standing in _NAMELIKE:
            first -= 1
        if "\n" not in text[tokens[first].start : token.start]:
            yield tokens[first].start, token.end, "name", "name before a degree", 0.8


def find_places_beside(text: str, tokens: list[Token], names: Sequence[Found]) -> Iterator[Found]:
    """Places after a name (`seen by A Bee in Exeter`) or after what announces one (`transferred from Exeter`)."""
    ends = {end for _, end, kind, _, _ in names if kind == "name"}
    for index, token in enumerate(tokens[:-1]):
        if token.text not in PLACE_CUES or not index:
            continue
        previous = tokens[index - 1]
        announced = previous.text in _AGENT_VERBS or previous.end in ends
        count = _place_run(text, tokens, index + 1, announced=announced)
        if count:
            last = tokens[index + count]
            yield tokens[index + 1].start, last.end, "place", "place after a cue word", 0.7


def _place_run(text: str, tokens: list[Token], index: int, *, announced: bool) -> int:
    """How many tokens from `index` on name a place: a listed town, or, where one is announced, anything."""
    first = tokens[index]
    if not first.capital or not _touches(text, tokens, index - 1):
        return 0
    words = [token.text for token in tokens[index : index + _MOST_WORDS + 1]]
    listed = (len(town) for town in load_vocabulary().towns.get(first.text, ()) if tuple(words[: len(town)]) == town)
    town = next(listed, 0)
    if town > 1 or (town and (announced or not first.vouched)):
        return town
    count, unvouched = name_run(text, tokens, index)
    if not announced or unvouched:
        return count if announced else 0
    run = takewhile(_may_be_place, tokens[index : index + _MOST_WORDS])
    return len(list(run)) if _touches(text, tokens, index - 1) else 0


def _may_be_place(token: Token) -> bool:
    """Whether a word that is vouched for may stand in the name of a place: it is nothing that radiology says."""
    return token.capital and token.text.isalpha() and token.text not in load_vocabulary().words


def _touches(text: str, tokens: list[Token], index: int) -> bool:
    return (
        index + 1 < len(tokens)
        and _BETWEEN_NAMES.fullmatch(text, tokens[index].end, tokens[index + 1].start) is not None
    )
