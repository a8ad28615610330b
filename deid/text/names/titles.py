"""Names by what stands before them: titles, `by`, `for`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text.names.places_beside import AGENT_VERBS, PLACE_CUES
from deid.text.names.placing import ends_part, is_before_date
from deid.text.names.runs import BETWEEN_NAMES, MOST_WORDS, Found, name_run, touches
from deid.text.names.word_names import DONE_TO_PEOPLE, PEOPLE_DO, ROLES, is_some_name
from deid.text.words.shape import is_spelled_as_name
from deid.text.words.tokens import Standing, Token
from deid.text.words.vocabulary import load_vocabulary, read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.text.fold import Folded

_TITLES = words_of_section("titles")
_DOUBLE_TITLES = words_of_section("titles that are abbreviations of other things too")
_SURE_TITLES = words_of_section("titles that can hardly be anything else")
_ADDRESSED = frozenset("herr herrn dhr mevr mevrouw mme mlle monsieur madame signor signora senor senora mrs".split())  # noqa: SIM905
_SHORT_TITLE, _TELLING = 3, 5
_SEVERAL = frozenset({"drs", "doctors", "mm", "dres", "sres", "dott"})
_TITLE_ENDINGS = frozenset({"ra", "ssa", "na", "a", "med", "dr", "rer", "nat", "univ", "prof", "doc", "mr", "mrs"})
_STRONG_CUES = words_of_section("cue words before names")
_DOUBTFUL_CUES = words_of_section("doubtful cue words before names")
_CUES = _DOUBTFUL_CUES | ROLES
_ANY_CUES = _STRONG_CUES | _CUES
_ROLES_ONLY = ROLES - _STRONG_CUES - _DOUBTFUL_CUES
"""They lead to a name only where capitals can tell one: not in `vet: palm lesion`."""
_PREPOSITIONS = frozenset({"de", "do", "del", "di", "da", "met", "mit", "avec", "con", "com", "bei", "bij"})
"""After these two words that nothing vouches for are as often a finding: `avec rehaussement tardif`."""
_BESIDE = re.compile(r"[ .'_-]{1,2}")
_AND = frozenset({"and", "und", "et", "y", "e", "en"})
_AFTER_NAMES = PLACE_CUES | words_of_section("words behind a titled name")
_SAYING = words_of_section("what people say and do")
_BEFORE_TITLE = ROLES | {"cc", "to"}
_RELATIVES = words_of_section("relatives and carers")
_AGENT_REACH = 8
_GLUED_TITLE = re.compile(r"(?:dr|prof|mrs|herr|frau|dott|oa|pd)(?=[^\W\d_]{3})")
_LIKELY, _TITLE_IN_CAPITALS = 1.0, 2
"""How much likelier a name than a word, in nats, capitals glued to a title must be by their spelling."""


def find_titled(folded: Folded, tokens: list[Token], *, line: bool) -> Iterator[Found]:
    """Names after a title or a preposition, with the title. On a line of pixels `DR. STONE` is no modality."""
    text = folded.text
    yield from _glued(folded, tokens)
    for index, token in enumerate(tokens):
        if token.text in _TITLES or _is_monsieur(text, token):
            yield from _after_title(folded, tokens, index, line=line)
        elif token.text in _ANY_CUES and (token.text not in _ROLES_ONLY or not folded.source.islower()):
            yield from _after_cue(text, tokens, index)


def _glued(folded: Folded, tokens: list[Token]) -> Iterator[Found]:
    """Names that no blank parts from their title: `DrWick`, `DRJURIŠIĆ`."""
    for token in tokens:
        match = _GLUED_TITLE.match(token.text)
        if match is None or token.vouched:
            continue
        name = token.start + match.end()
        written = folded.written(name, token.end)
        title = folded.written(token.start, name)
        rest = match.string[match.end() :]
        cased = written.istitle() and (title.istitle() or (title.isupper() and len(title) == _TITLE_IN_CAPITALS))
        listed = load_vocabulary().may_be_name(rest) and len(rest) > _SHORT_TITLE
        if cased or listed or (written.isupper() and title[:2] == "DR" and is_spelled_as_name(rest, _LIKELY)):
            yield token.start, token.end, "name", "name after a title", 0.8


def _after_cue(text: str, tokens: list[Token], index: int) -> Iterator[Found]:
    token = tokens[index]
    count, unvouched = name_run(text, tokens, index + 1)
    run = tokens[index + 1 : index + 1 + count]
    if run and unvouched and BETWEEN_NAMES.fullmatch(text, token.end, run[0].start):
        spelled = "_" not in text[token.end : run[0].start] and any(map(_is_spelled, run))
        several = unvouched > 1 and token.text not in _PREPOSITIONS
        telling = token.text in ROLES or len(token.text) >= _TELLING
        in_role = telling and count == 1 and ends_part(text, run[0].end)
        put = in_role or (telling and is_before_date(text, run[-1].end))
        if token.text in _STRONG_CUES or several or spelled or put or any(map(is_some_name, run)):
            last = _with_surname(text, tokens, index + count) if count == 1 else index + count
            yield run[0].start, tokens[last].end, "name", "name after a cue word", 0.75
    elif index + 1 < len(tokens) and _is_word_before_surname(text, tokens, index + 1):
        if token.text in _STRONG_CUES or tokens[index + 2].may_be_name or is_spelled_as_name(tokens[index + 2].text):
            yield tokens[index + 1].start, tokens[index + 2].end, "name", "name after a cue word", 0.7
    elif index + 1 < len(tokens) and _is_agent(text, tokens, index):
        yield tokens[index + 1].start, tokens[index + 1].end, "name", "name after a cue word", 0.7


def _is_spelled(token: Token) -> bool:
    """Whether nothing vouches for a word and it is spelled as names are."""
    return not token.vouched and is_spelled_as_name(token.text)


def _is_agent(text: str, tokens: list[Token], index: int) -> bool:
    """Whether a name that is a word, too, stands after `dictated … by`, or between `for` and `by`."""
    following = tokens[index + 1]
    if not following.may_be_name or following.standing is Standing.NUMBER or not touches(text, tokens, index):
        return False
    end = text[following.end :].lstrip(" ")[:1]
    after = tokens[index + 2].text if index + 2 < len(tokens) else ""
    if tokens[index].text in _STRONG_CUES:
        done = any(token.text in AGENT_VERBS for token in tokens[max(0, index - _AGENT_REACH) : index])
        return done and (not end or end in ",.;)\n" or after in _STRONG_CUES | _AND)
    ordered = index > 0 and tokens[index - 1].text in AGENT_VERBS
    return ordered and after in _STRONG_CUES


def _is_monsieur(text: str, token: Token) -> bool:
    """`M.` at the start of a text, or after a comma: what else `m` is stands after a number."""
    before = text[: token.start].rstrip(" ")[-1:]
    return token.text == "m" and text.startswith(". ", token.end) and before in ("", "\n", ",", ";", ":", "(")


def _after_title(folded: Folded, tokens: list[Token], index: int, *, line: bool) -> Iterator[Found]:
    text, token = folded.text, tokens[index]
    first = index + 1
    most = min(len(tokens), index + MOST_WORDS)
    while first < most and tokens[first].text in _TITLE_ENDINGS and touches(text, tokens, first - 1):
        first += 1
    if first >= len(tokens) or not _BESIDE.fullmatch(text, tokens[first - 1].end, tokens[first].start):
        return
    count, unvouched = name_run(text, tokens, first)
    run = tokens[first : first + count]
    if run and unvouched:
        named = any(t.may_be_name for t in run)
        dotted = text.startswith(".", token.end)
        led = index > 0 and tokens[index - 1].text in _STRONG_CUES
        sure = token.text not in _DOUBLE_TITLES or _is_mister(tokens, index, first + count)
        if dotted or sure or named or led or _is_written_as_title(folded, token, run[0]):
            last = _with_surname(text, tokens, first + count - 1, titled=count == 1)
            last = _with_others(text, tokens, last) if token.text in _SEVERAL else last
            yield token.start, tokens[last].end, "name", "name after a title", 0.85
    elif _is_word_before_surname(text, tokens, first):
        yield token.start, tokens[first + 1].end, "name", "name after a title", 0.8
    elif _is_word_and_name(folded, tokens, index, first, line=line):
        last = _with_others(text, tokens, first) if token.text in _SEVERAL else first
        yield token.start, tokens[last].end, "name", "name after a title", 0.85


def _is_mister(tokens: list[Token], index: int, after: int) -> bool:
    """Whether a relative stands before a title, or a verb of people behind its name: `FATHER, MR ABDI, DECLINED`."""
    related = index > 0 and tokens[index - 1].text in _RELATIVES
    return related or (after < len(tokens) and tokens[after].text in PEOPLE_DO)


def _is_word_before_surname(text: str, tokens: list[Token], index: int) -> bool:
    """Whether a given name that is a word, too, stands before a surname that is none: `Mme Nadir Belley`."""
    if index + 1 >= len(tokens) or not touches(text, tokens, index):
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
    if dotted and (written or line or following.text not in load_vocabulary().words):
        return True  # behind `DR.` an everyday word of any language is a name: `DOTT.SSA FAGIOLI`
    if written and token.text in _ADDRESSED and following.text not in read_terms().core:
        return True
    led = index > 0 and tokens[index - 1].text in _STRONG_CUES | _BEFORE_TITLE and following.may_be_name
    after = tokens[first + 1].text if first + 1 < len(tokens) else ""
    if following.may_be_name and (after in DONE_TO_PEOPLE or (not index and after in _SAYING)):
        return True
    return led or (text[token.start - 1 : token.start] == "(" and text[following.end : following.end + 1] == ")")


def _is_written_as_title(folded: Folded, title: Token, name: Token) -> bool:
    """Whether both are capitalised words, as in `Mr Field`: modalities and abbreviations are all capitals."""
    words = (folded.written(token.start, token.end) for token in (title, name))
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
    before = tokens[last - 1] if last and touches(text, tokens, last - 1) else None
    if before is not None and before.standing is Standing.UNKNOWN and before.may_be_name:
        return last  # a given name and a surname stand already
    following = tokens[last + 1]
    ends = text[following.end :].lstrip(" ")[:1] in ("", ".", ",", ";", ")", "\n")
    led = last + 2 < len(tokens) and tokens[last + 2].text in _AFTER_NAMES
    beside = text[tokens[last].end : following.start] == " " and following.capital
    named = following.may_be_name and following.text not in read_terms().general
    word = following.standing is Standing.CLINICAL or (titled and following.may_be_name) or (led and named)
    return last + 1 if beside and word and (ends or led) else last


def _with_others(text: str, tokens: list[Token], last: int) -> int:
    """The last token of a list of names: `Drs. Colon and Valérie Colon`."""
    if last + 2 < len(tokens) and tokens[last + 1].text in _AND and tokens[last + 2].capital:
        count, unvouched = name_run(text, tokens, last + 2)
        if unvouched or tokens[last + 2].may_be_name:
            return last + 1 + max(count, 1)
    return last
