"""Names that are words, too, told by what is around them: a given name, a verb that takes people, a date of birth."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from deid.text.names.placing import begins_part, ends_part, is_after_date, is_before_date
from deid.text.names.runs import HEADLINES
from deid.text.words.tokens import Standing, Token
from deid.text.words.vocabulary import load_vocabulary, read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.text.fold import Folded

_PATIENT = words_of_section("words for the patient")
PEOPLE_DO = words_of_section("what only people do")
_BY_PEOPLE = words_of_section("what is done by people only")
_OWNED = words_of_section("what a physician or a patient has")
ROLES = words_of_section("roles that a name follows")
_TOLD_PEOPLE = words_of_section("what people are told")
DONE_TO_PEOPLE = words_of_section("what is done to people")
_REACHED = words_of_section("verbs before whom one reaches")
_FIRMS = words_of_section("words at the end of names of firms")
_LEADING = words_of_section("cue words before names") | words_of_section("doubtful cue words before names") | {"of"}
_FOLLOWING = PEOPLE_DO | words_of_section("words after people")
_JOINT = re.compile(r"[ ,_^-]{1,2}")
_INITIAL = re.compile(r" [a-z](?:\.|(?![^\W_]))")
_NUMBER_AFTER = re.compile(r"[ _-]{1,2}[a-z]{0,3}[0-9]{4}")
_BORN = re.compile(
    r"(?<![^\W_])(?:geb\.?|geboren(?: am)?|nee? le|nat[oa] il|nasc\.?|nacid[oa] el|f\. ?nac\.?|fecha de nacimiento|"
    r"data de nascimento|data di nascita|date de naissance|geboortedatum|geburtsdatum|dob|d\.o\.b\.?|born|"
    r"\*(?= ?[0-9]{1,4}[-./ ][0-9a-z]{1,3}[-./ ]))"
    r"[ :.]{0,3}[0-9]"
)
_TOLD = re.compile(
    r"(?<![^\W_])(?:(?:spoke|talked|speaking) (?:to|with)|d/w|discussed with|discusso con|(?:comentado|hablado) con|"
    r"besproken met|besprochen mit|ruecksprache mit|rucksprache mit|discutido com|(?:discute|vu) avec) \Z"
)
_ORDERED = re.compile(r"(?<![^\W_])(?:ordered|requested|repeat(?:ed)?|needed) for \Z")
_BY = re.compile(r" (?:by|from|per)(?![^\W_])")
_TO_NAME, _TIME_AFTER = re.compile(r" ?[:=]? ?"), re.compile(r" ?@? ?[0-2]?[0-9]:[0-5][0-9]")
_LOOK_BACK, _SHORTEST, _MOST_BORN, _PAIR = 24, 3, 4, 2
_REASON_GIVEN, _REASON_AROUND = "name beside a given name", "name by the words around it"
_Found = tuple[int, int, str, str, float]


def find_word_names(folded: Folded, tokens: Sequence[Token], *, line: bool) -> Iterator[_Found]:
    """Ranges of folded text. On a line of pixels a word beside a given name goes whatever it means."""
    for index, token in enumerate(tokens):
        if token.text in load_vocabulary().given and not token.vouched and token.capital:
            yield from _beside_given(folded.text, tokens, index, line=line)
        elif token.vouched and _can_be_surname(token) and _is_taken_as_person(folded.text, tokens, index):
            yield token.start, token.end, "name", _REASON_AROUND, 0.7
    yield from _born(folded.text, tokens)


def _can_be_surname(token: Token) -> bool:
    """Whether a vouched-for word is written as a name can be; words such as `for` are none."""
    return (
        token.capital
        and token.text.removesuffix("'s").isalpha()
        and len(token.text) >= _SHORTEST
        and (token.standing is not Standing.GENERAL or (token.may_be_name and token.text not in read_terms().general))
    )


def _beside_given(text: str, tokens: Sequence[Token], index: int, *, line: bool) -> Iterator[_Found]:
    """A surname that is a word, too, before or after a given name, if nothing else belongs to the two."""
    beside = [at for at in (index - 1, index + 1) if 0 <= at < len(tokens) and _touch(text, tokens, index, at)]
    if any(not tokens[at].vouched and tokens[at].text.isalpha() for at in beside):
        return  # it has a surname
    for at in beside:
        first, last = tokens[min(at, index)], tokens[max(at, index)]
        if not _can_be_surname(tokens[at]) or not _stands_apart(text, tokens, min(at, index), max(at, index)):
            continue
        in_role = min(at, index) > 0 and tokens[min(at, index) - 1].text in ROLES
        if line or in_role or tokens[at].text not in read_terms().core or _is_sure(text, tokens, index, at):
            yield first.start, last.end, "name", _REASON_GIVEN, 0.7


def _is_sure(text: str, tokens: Sequence[Token], index: int, at: int) -> bool:
    """Whether a word of radiology can only be a surname: `Wrist, Lorina`, `: Lorina Wrist (`, not `MIP_COR JAMES`."""
    first, last = tokens[min(at, index)], tokens[max(at, index)]
    if not (text[: first.start] + text[last.end :]).strip(" ."):
        return False
    if at > index or text[first.start - 1 : first.start] in ("(", "["):
        return True
    listed = bool(set(",^_") & set(text[first.end : last.start]))
    return listed and tokens[index].text not in load_vocabulary().surnames


def _touch(text: str, tokens: Sequence[Token], one: int, other: int) -> bool:
    first, last = tokens[min(one, other)], tokens[max(one, other)]
    return _JOINT.fullmatch(text, first.end, last.start) is not None


def _stands_apart(text: str, tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether two words have a separator, a date, or a word that takes a person on either side."""
    start, end = tokens[first].start, tokens[last].end
    led = first > 0 and tokens[first - 1].text in _LEADING | ROLES
    followed = last + 1 < len(tokens) and tokens[last + 1].text in _FOLLOWING
    if not (led or begins_part(text, start) or is_after_date(text, start)):
        return False
    initial = _INITIAL.match(text, end)
    ends = [end, initial.end()] if initial else [end]
    return followed or any(
        ends_part(text, at) or is_before_date(text, at) or _NUMBER_AFTER.match(text, at) for at in ends
    )


def _is_taken_as_person(text: str, tokens: Sequence[Token], index: int) -> bool:
    """`patient WALL refused`, `spoke to Rib`, `ordered for Tube by`, `dictated by Valve,`."""
    token = tokens[index]
    before = text[max(0, token.start - _LOOK_BACK) : token.start]
    if index and _is_in_role(text, tokens, index):
        return True
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    told = after in _TOLD_PEOPLE and token.may_be_name and token.text not in read_terms().core
    if told or (index and tokens[index - 1].text in _PATIENT and after in PEOPLE_DO):
        return True
    if token.text.endswith("'s") and after in _OWNED and not read_terms().owns(token.text[:-2]):
        return True
    if token.may_be_name and _is_reached_or_firm(text, tokens, index):
        return True
    ordered = _ORDERED.search(before) is not None and _BY.match(text, token.end) is not None
    if _TOLD.search(before) or (ordered and token.text not in read_terms().core):
        return True
    ends = text[token.end :].lstrip(" ")[:1] in ("", ",", ".", ";", ")")
    done = any(other.text in _BY_PEOPLE for other in tokens[max(0, index - _MOST_BORN - 2) : index])
    return before.endswith("by ") and ends and done


def _is_reached_or_firm(text: str, tokens: Sequence[Token], index: int) -> bool:
    """`bleeped SWAN x2`, `drives for Long Haulage`."""
    token, terms = tokens[index], read_terms()
    named = token.text not in terms.general if token.name else not terms.owns(token.text)
    if named and index and tokens[index - 1].text in _REACHED and _touch(text, tokens, index - 1, index):
        return True
    return index + 1 < len(tokens) and tokens[index + 1].text in _FIRMS and _touch(text, tokens, index, index + 1)


def is_some_name(token: Token) -> bool:
    """Whether any list holds a word, or what an apostrophe parts from its article: `D'Amato`."""
    return token.may_be_name or load_vocabulary().may_be_name(token.text.partition("'")[2])


def _is_in_role(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether a common name follows a role and ends a part of a text: `surgeon TONGUE`, `Endoscopist: Small, 10:42`."""
    token, role = tokens[index], tokens[index - 1]
    if role.text not in ROLES or not is_some_name(token) or not _TO_NAME.fullmatch(text, role.end, token.start):
        return False
    return (
        ends_part(text, token.end)
        or text[token.end : token.end + 1] == ":"
        or is_before_date(text, token.end)
        or _TIME_AFTER.match(text, token.end) is not None
    )


def _born(text: str, tokens: Sequence[Token]) -> Iterator[_Found]:
    """The capitalised words before a date of birth, without clinical ones at their beginning."""
    for match in _BORN.finditer(text):
        before = [token for token in tokens if token.end <= match.start()][-_MOST_BORN:]
        run = list(takewhile(lambda token: token.capital and token.text.replace("'", "").isalpha(), reversed(before)))
        run.reverse()
        if not run or "\n" in text[run[-1].end : match.start()] or text[run[-1].end : match.start()].strip(" ,;_("):
            continue
        while len(run) > _PAIR and run[0].vouched:
            run.pop(0)
        if len(run) == _PAIR and run[0].text in HEADLINES:
            run.pop(0)
        if not all(token.vouched for token in run):
            yield run[0].start, run[-1].end, "name", "name before a date of birth", 0.75
