"""What stands beside a name or a place that was found: the rest of the name, initials, the town, the postcode."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from deid.text.fold import fold_word
from deid.text.names.around_places import find_around_places
from deid.text.names.places_beside import PLACE_CUES
from deid.text.names.signatures import NO_INITIALS, NONE_AT_END, are_written_as_initials
from deid.text.spans import Span, disjoint
from deid.text.words.tokens import Standing, Token, standing_of, words_of
from deid.text.words.vocabulary import load_vocabulary, read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.text.fold import Folded

_NAMES, _PLACES = frozenset({"name", "cue", "known"}), frozenset({"place", "address"})
_JOINT = re.compile(r" ?, ?|[ _-]")
_HOUSE = re.compile(r" (?:[A-ZÀ-Þ][^\W\d_]+ ){0,2}[0-9]{1,4}, ")
"""The end of a street with the number of a house, before a town: `El Pedernal Segundo 555, Carmona`."""
_BARE_HOUSE = re.compile(r" [0-9]{1,4}[a-h]? ")
_MIDDLE = re.compile(r"-[A-Za-zÀ-ÿ']{1,4}-")
_REST_OF_PLACE = re.compile(
    r"(?i:-(?:le|la|les|lès|en|sur|sous|aux|au|de|du|des|d|l|am|an|der|im|o|do|da)-[^\W\d_]{2,20}(?:-[^\W\d_]{2,20}){0,3})"
    r"| (?i:an der|am|an dem|ob der|im|in der|a\.d\.|bei|sur|aan den|aan de) [A-ZÀ-Þ][^\W\d_]{2,20}(?![^\W_])"
)
_CALLED_AFTER = re.compile(r" (?i:del|de la|de los|de las|do|da|dos|della|dell') ?([A-ZÀ-Þ][^\W\d_]{3,20})(?![^\W_])")
_LINKED = re.compile(r"-(?:le|la|les|lès|en|sur|sous|aux|au|de|du|des)\Z", re.IGNORECASE)
_LAST_LINK = re.compile(r"-[^\W\d_]{2,20}")
_CODES = r"[0-9]{4,6}|[0-9]{3} [0-9]{2}|[0-9]{2,5}-[0-9]{3,4}|[0-9]{4} ?[a-z]{2}|[a-z]{1,2}[0-9][0-9a-z]? [0-9][a-z]{2}"
_CODE_AFTER = re.compile(rf"[ ,]{{1,2}}({_CODES})(?![\w./:-])(?! ?(?:mm|cm|ms|hz|kv|ma|hu))")
_CODE_BEFORE = re.compile(
    r"(?:^|[,;:(] ?)((?:[a-z]{1,2}-)?[0-9]{4,5}|[0-9]{4} [a-z]{2}|[0-9]{3} [0-9]{2}|[0-9]{2}-[0-9]{3}) \Z"
)
_INITIALS_AFTER = re.compile(r" ?/ ?([a-z]{2,3})(?: ?[.;,)]| ?$)|/([a-z]{2,3}) ")
_INITIALS_IN_BRACKETS = re.compile(r" ?\(([a-z]{2,3})\)(?: ?[.;,]| ?$)")
_INITIALS_BEHIND_BRACKETS = re.compile(r"\) ?([a-z]{2,3}) ?$")
_ROLES_IN_BRACKETS = words_of_section("degrees") | words_of_section("two or three letters that do nothing")
_INITIALS_AFTER_DATE = re.compile(r" ?[ ,;/-]? ?([a-z]{2,3})(?: ?[.;,)\]]| ?$)")
_INITIALS_AFTER_NUMBER = re.compile(r" ([a-z]{2,3}) ?$")
_INITIALS_BEFORE_DATE = re.compile(r"[^\W_]\)? ([a-z]{2,3}) ?[,-]? \Z")
_SEX_AFTER = re.compile(r"[ ,/]{1,2}([mfw])(?![^\W_]|[/:.=+-][^\W_])(?! ?[0-9]{1,3}(?![0-9/.:-]))")
_BETWEEN_NAMES = re.compile(r",? [^\W\d_]{2,4} ")
_IN_BRACKETS = re.compile(r",? \(([^\W\d_]{3,20}(?:[ -][^\W\d_]{2,20}){0,2})\)")
"""`seen by Vale (Nice)`."""
_SHORTEST_DATE = 8
_END = re.compile(r"[ .;)\]]*\Z")
_LINKS = words_of_section("particles") | {"le", "la", "les", "en", "sur", "sous", "aux", "am", "an", "im"}
_PARTICLES = words_of_section("particles") | {"'t"}
_OF_SURNAMES = words_of_section("particles of surnames")
_AS_WRITTEN = frozenset(
    {"dal", "dalla", "dalle", "lo", "kleine", "groot", "grote", "oude", "te", "an", "ni", "mac", "nic", "ui"}
)
"""Before surnames only if they have a capital: `Dal Fior`, `Kleine Heurne`."""
_IRISH = frozenset({"ni", "nic", "ui"})
"""Of these in capitals, too: `NI BHRIAIN`."""
_SUFFIXES = frozenset({"filho", "neto", "sobrinho", "junior", "jr"})
"""`Souza Filho`."""
_IN_ADDRESS = re.compile(r"(?:[a-z][._-]|[a-z]{2,20}[._-])([a-z]{4,24})@")
"""The surname in `p.vale@` and `pat.vale@`."""
_SHORTEST, _MOST_WORDS, _LOOK_BACK = 3, 4, 24
WORD_BESIDE = "word beside a name"


def find_beside(folded: Folded, found: Sequence[Span]) -> list[Span]:
    """More spans of the original text that follow from what was found."""
    united = disjoint(found)
    if not united:
        return []
    tokens = words_of(folded)
    more: list[Span] = []
    for span in united:
        more += _beside(folded, tokens, span)
    more += (rest for span in united if span.kind in _NAMES | _PLACES for rest in _hyphened(folded, tokens, span))
    together = disjoint([*united, *more])
    for span in together:
        if span.kind in _PLACES:
            more += _postcodes(folded, *folded.back(span.start, span.end))
        rest = _REST_OF_PLACE.match(folded.source, span.end) if _may_go_on(folded.source, span) else None
        if span.kind in _PLACES and rest is None:
            rest = _of_place(folded.source, span.end)
        if _LINKED.search(folded.source, span.start, span.end):
            rest = _LAST_LINK.match(folded.source, span.end)
        if rest is not None:
            more.append(Span(*rest.span(), "place", "rest of a place", 0.65))
        if span.kind in _NAMES | _PLACES:
            more += find_around_places(folded, tokens, span)
    for left, right in pairwise(together):
        more += _between_names(folded, tokens, left, right)
    more += (
        Span(left.end, right.start, "place", "middle of a place", 0.65)
        for left, right in pairwise(together)
        if (right.kind in _PLACES and _MIDDLE.fullmatch(folded.source, left.end, right.start))
        or (left.kind in _NAMES | _PLACES and _HOUSE.fullmatch(folded.source, left.end, right.start))
        or (
            left.kind in _NAMES | _PLACES
            and right.kind in _PLACES
            and _BARE_HOUSE.fullmatch(folded.source, left.end, right.start)
        )
    )
    return more


def _between_names(folded: Folded, tokens: Sequence[Token], left: Span, right: Span) -> Iterator[Span]:
    """A short word between two parts of a name that some list calls a name: `NGUYEN, THI BICH NGOC`."""
    if not (
        left.kind in _NAMES and right.kind in _NAMES and _BETWEEN_NAMES.fullmatch(folded.source, left.end, right.start)
    ):
        return
    token = tokens[_index_of(tokens, folded.back(left.end, right.start)[0])]
    if token.may_be_name and token.text not in NONE_AT_END and folded.written(token.start, token.end)[0].isupper():
        yield _name(folded, token)


def _of_place(text: str, end: int) -> re.Match[str] | None:
    """What a town of a Romance language is called after: `Uruapan del Progreso`, no word of radiology."""
    match = _CALLED_AFTER.match(text, end)
    return match if match and not read_terms().owns(fold_word(match[1])) else None


def _beside(folded: Folded, tokens: Sequence[Token], span: Span) -> Iterator[Span]:
    """What follows from one date, number or name."""
    start, end = folded.back(span.start, span.end)
    if "date" in span.reason:
        yield from _initials(folded, end, _INITIALS_AFTER_DATE, signed="time" in span.reason, paired=True)
        yield from _initials_before(folded, tokens, start, end)
        yield from _sex(folded, tokens, start, end)
    elif span.kind == "identifier":
        yield from _initials(folded, end, _INITIALS_AFTER_NUMBER)
    elif span.kind == "contact":
        yield from _of_address(folded, tokens, start, end)
    elif span.kind in _NAMES:
        yield from _rest_of_name(folded, tokens, start, end)
        yield from _over_particles(folded, tokens, start, end)
        signed = " / " in folded.text[end : end + 3]
        yield from _initials(folded, end, _INITIALS_AFTER, signed=signed, paired=end - start > _SHORTEST)
        yield from _around_brackets(folded, start, end)
        yield from _town(folded, tokens, end)


def _around_brackets(folded: Folded, start: int, end: int) -> Iterator[Span]:
    """Someone's initials in brackets behind a name, or behind a name in brackets: `Dr Vale (IS)`, `(Vale) PIX`."""
    inside = _INITIALS_IN_BRACKETS.match(folded.text, end)
    behind = _INITIALS_BEHIND_BRACKETS.match(folded.text, end) if folded.text[start - 1 : start] == "(" else None
    match = inside or behind
    if match is None or not are_written_as_initials(folded, match.span(1)):
        return
    unknown = standing_of(match[1]) is Standing.UNKNOWN
    usual = match[1] in (NO_INITIALS | _ROLES_IN_BRACKETS - {"is"} if inside else NONE_AT_END)
    if not usual and (behind or unknown or len(match[1]) < _SHORTEST):
        yield Span(*folded.place(*match.span(1)), "name", "initials of a person", 0.6)


def _of_address(folded: Folded, tokens: Sequence[Token], start: int, end: int) -> Iterator[Span]:
    """The surname that an e-mail address holds, wherever else it stands: `Pat Vein (p.vein@clinic.example)`."""
    match = _IN_ADDRESS.match(folded.text, start, end)
    if match is not None:
        same = (token for token in tokens if token.text == match[1] and not start <= token.start < end)
        yield from (_name(folded, token) for token in same)


def _hyphened(folded: Folded, tokens: Sequence[Token], span: Span) -> Iterator[Span]:
    """The other half of a name or a town with a hyphen, though it means something: `Etten-Leur`, `Halloran-Strand`."""
    start, end = folded.back(span.start, span.end)
    first, last = _index_of(tokens, start), _index_of(tokens, end)
    for index, left, right in ((first - 1, first - 1, first), (last, last - 1, last)):
        if left < 0 or right >= len(tokens) or folded.text[tokens[left].end : tokens[right].start] != "-":
            continue
        token = tokens[index]
        written = folded.written(token.start, token.end)
        strange = token.standing is Standing.UNKNOWN and token.text.isalpha() and len(written) > _SHORTEST
        other_half = token.standing is Standing.GENERAL and written[0].isupper() and len(written) >= _SHORTEST
        if strange or other_half:
            yield Span(*folded.place(token.start, token.end), span.kind, "other half of a name", 0.6)


def _may_go_on(text: str, span: Span) -> bool:
    """Whether a span is a place, or a name that ends within joined words: `Lois Dumoulin de Rosny-sous-Bois`."""
    return span.kind in _PLACES or (span.kind in _NAMES and text.startswith("-", span.end))


def _rest_of_name(folded: Folded, tokens: Sequence[Token], start: int, end: int) -> Iterator[Span]:
    """Capitalised words that nothing vouches for, next to a name in Latin letters."""
    first, last = _index_of(tokens, start), _index_of(tokens, end)
    if not folded.text[start:end].isascii():
        return
    if first and _is_rest(folded, tokens[first - 1], tokens[first - 1].end, start):
        yield _name(folded, tokens[first - 1])
    if last < len(tokens) and (
        _is_rest(folded, tokens[last], end, tokens[last].start) or _is_suffix(folded.text, tokens[last], end)
    ):
        yield _name(folded, tokens[last])


def _is_rest(folded: Folded, token: Token, left: int, right: int) -> bool:
    return (
        token.standing is Standing.UNKNOWN
        and token.capital
        and token.text.isalpha()
        and len(token.text) >= _SHORTEST
        and _JOINT.fullmatch(folded.text, left, right) is not None
    )


def _over_particles(folded: Folded, tokens: Sequence[Token], start: int, end: int) -> Iterator[Span]:
    """The rest of a surname with particles: `der Spek` behind `Sebastiaan van`, `van de` before `Ven Pim`."""
    first, last = _index_of(tokens, start), _index_of(tokens, end)
    if not folded.text[start:end].isascii():
        return
    before = first
    while before and _is_particle(folded, tokens[before - 1]) and folded.text.startswith(" ", tokens[before - 1].end):
        before -= 1
    if before < first and tokens[before].text in _OF_SURNAMES:
        yield Span(*folded.place(tokens[before].start, tokens[first - 1].end), "name", WORD_BESIDE, 0.6)
    elif first and tokens[first - 1].text in _AS_WRITTEN and folded.text.startswith(" ", tokens[first - 1].end):
        place = folded.place(tokens[first - 1].start, tokens[first - 1].end)
        written = folded.source[slice(*place)]
        if written.istitle() or (written.isupper() and tokens[first - 1].text in _IRISH):
            yield Span(*place, "name", WORD_BESIDE, 0.6)
    behind = last
    while behind < len(tokens) and tokens[behind].text in _PARTICLES and _touches_before(folded.text, tokens, behind):
        behind += 1
    led = [token.text for token in tokens[max(0, last - 1) : behind] if token.text in _PARTICLES]
    if not led or behind >= len(tokens) or not _touches_before(folded.text, tokens, behind):
        return
    surname = tokens[behind]
    if _is_written_as_surname(folded, surname) and (led[0] in _OF_SURNAMES or not surname.vouched):
        yield Span(*folded.place(tokens[last].start, surname.end), "name", WORD_BESIDE, 0.6)


def _is_particle(folded: Folded, token: Token) -> bool:
    """Whether a word is a particle, or the `'t` of `van 't Hoff`."""
    return token.text in _PARTICLES or (token.text == "t" and folded.text.startswith("'", token.start - 1))


def _touches_before(text: str, tokens: Sequence[Token], index: int) -> bool:
    return index > 0 and text[tokens[index - 1].end : tokens[index].start] == " "


def _is_written_as_surname(folded: Folded, token: Token) -> bool:
    """Whether a word has a capital and is nothing that radiology says."""
    written = folded.written(token.start, token.end)
    return (
        written[:1].isupper() and written.isalpha() and len(written) >= _SHORTEST and not read_terms().owns(token.text)
    )


def _is_suffix(text: str, token: Token, end: int) -> bool:
    return token.text in _SUFFIXES and text[end : token.start] == " "


def _name(folded: Folded, token: Token) -> Span:
    return Span(*folded.place(token.start, token.end), "name", WORD_BESIDE, 0.6)


def _initials(
    folded: Folded, end: int, after: re.Pattern[str], *, signed: bool = False, paired: bool = False
) -> Iterator[Span]:
    """Someone's initials after a name or a date, at the end of a text: `Wolterbeek / KMB`, `12.03.2021 KMB`.

    `signed`: after a date with its time, or a slash between blanks, they may mean something else, too, if that is no
    modality, side or zone. `paired`: two letters, if that is no projection, phase or unit either.
    """
    match = after.match(folded.text, end)
    if match is None:
        return
    group = match.lastindex or 1
    letters = match[group]
    pair = paired and len(letters) < _SHORTEST and letters not in NONE_AT_END
    unknown = standing_of(letters) is Standing.UNKNOWN or pair
    if letters in NO_INITIALS if signed else not unknown:
        return
    if are_written_as_initials(folded, match.span(group)):
        yield Span(*folded.place(*match.span(group)), "name", "initials of a person", 0.6)


def _sex(folded: Folded, tokens: Sequence[Token], start: int, end: int) -> Iterator[Span]:
    """The sex behind a date of birth, a full date behind an unknown word: `Vale 12.03.1941 M`."""
    match = _SEX_AFTER.match(folded.text, end)
    index = _index_of(tokens, start)
    if match is None or not index or end - start < _SHORTEST_DATE:
        return
    if folded.text[tokens[index - 1].end : start].strip(" ,*(/") == "" and not tokens[index - 1].vouched:
        yield Span(*folded.place(*match.span(1)), "cue", "sex behind a date of birth", 0.6)


def _initials_before(folded: Folded, tokens: Sequence[Token], start: int, end: int) -> Iterator[Span]:
    """Someone's initials between what was done and its date at the end of a text: `CT thorax KMB 12.03.2021`.

    Two letters may mean something else, too, if that is no modality, side, projection, phase or unit; three mean
    nothing.
    """
    match = _INITIALS_BEFORE_DATE.search(folded.text, max(0, start - _LOOK_BACK), start)
    if match is None or not _END.match(folded.text, end) or match[1] in NONE_AT_END:
        return
    place = folded.place(*match.span(1))
    unknown = standing_of(match[1]) is Standing.UNKNOWN or len(match[1]) < _SHORTEST
    index = _index_of(tokens, match.start(1))
    joined = index > 0 and tokens[index - 1].standing is Standing.GENERAL
    if unknown and not joined and folded.source[slice(*place)].isupper():
        yield Span(*place, "name", "initials of a person", 0.6)


def _town(folded: Folded, tokens: Sequence[Token], end: int) -> Iterator[Span]:
    """The place after a name: `seen by A Bee in Exeter`, `Dr. Wolterbeek, Appenzell`."""
    index = _index_of(tokens, end)
    if index >= len(tokens):
        return
    bracketed = _IN_BRACKETS.match(folded.text, end)
    if bracketed is not None and load_vocabulary().is_town(tuple(bracketed[1].split())):
        yield Span(*folded.place(*bracketed.span(1)), "place", "place after a name", 0.65)
        return
    announced = tokens[index].text in PLACE_CUES and folded.text[end : tokens[index].start] == " "
    if not announced and folded.text[end : tokens[index].start] != ", ":
        return
    run: list[Token] = []
    core = read_terms().core
    for token in tokens[index + announced : index + announced + _MOST_WORDS]:
        beside = not run or _JOINT.fullmatch(folded.text, run[-1].end, token.start)
        hyphen = bool(run) and folded.text[run[-1].end : token.start] == "-"
        if not hyphen and (not token.capital or not token.text.isalpha() or not beside or (run and token.text in core)):
            break
        run.append(token)
    if run and (_is_place(run) if announced else _is_last_place(folded, run)):
        yield Span(*folded.place(run[0].start, run[-1].end), "place", "place after a name", 0.65)


def _is_place(run: Sequence[Token]) -> bool:
    """Whether a word can be a place where one is announced: no word of radiology, unless a town is called so."""
    return run[0].text not in read_terms().core or load_vocabulary().is_town((run[0].text,))


def _is_last_place(folded: Folded, run: Sequence[Token]) -> bool:
    """Whether words end a text and name a town, or are written as one and are nothing that radiology says."""
    if folded.text[run[-1].end :].strip(" ."):
        return False
    if load_vocabulary().is_town(tuple(token.text for token in run)):
        return not all(token.text in read_terms().core for token in run)
    mixed = not folded.source.isupper() and not folded.source.islower()
    proper = [token for token in run if token.text not in _LINKS]
    return mixed and len(run[0].text) > _SHORTEST and not any(token.text in read_terms().words for token in proper)


def _postcodes(folded: Folded, start: int, end: int) -> Iterator[Span]:
    """The postcode after a place, or before it."""
    after = _CODE_AFTER.match(folded.text, end)
    before = _CODE_BEFORE.search(folded.text[max(0, start - _LOOK_BACK) : start])
    if after is not None:
        yield Span(*folded.place(*after.span(1)), "place", "postcode beside a place", 0.65)
    if before is not None:
        offset = max(0, start - _LOOK_BACK)
        place = folded.place(offset + before.start(1), offset + before.end(1))
        yield Span(*place, "place", "postcode beside a place", 0.65)


def _index_of(tokens: Sequence[Token], position: int) -> int:
    """The first token that begins at a position or later."""
    return bisect_left(tokens, position, key=attrgetter("start"))
