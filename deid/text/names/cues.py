"""What identifies by its place: the value after a label, the name after a title or `for`, the words at `Hospital`."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise, takewhile
from operator import attrgetter
from typing import TYPE_CHECKING

from deid.text.lazily import compile_lazily
from deid.text.names.blocks import find_degreed, find_name_blocks
from deid.text.names.carets import find_carets
from deid.text.names.institutions import find_hospitals, find_institutions, find_places
from deid.text.names.particled import find_particled
from deid.text.names.places_beside import find_places_beside
from deid.text.names.signatures import find_signatures
from deid.text.names.stations import find_stations
from deid.text.names.subjects import find_subjects
from deid.text.names.titles import find_titled
from deid.text.names.towns import find_towns
from deid.text.names.where_people_stand import find_where_people_stand
from deid.text.names.word_names import find_word_names
from deid.text.patterns.streets import find_streets
from deid.text.spans import Span, disjoint
from deid.text.words.scripts import find_in_scripts
from deid.text.words.tokens import Standing, Token, words_of
from deid.text.words.vocabulary import load_vocabulary, read_sections, read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.text.fold import Folded

_TABLE = read_sections("cues.txt")
_START = r"(?<![^\W_])"
_LABELS = tuple(
    (kind, reason, compile_lazily(rf"{_START}(?:{'|'.join(_TABLE[section])})[\"']?[ \t]{{0,2}}[:=#][ \t]{{0,4}}[\"']?"))
    for kind, reason, section in (
        ("name", "value after a name label", "name labels"),
        ("identifier", "value after an ID label", "id labels"),
        ("cue", "value after an identifying label", "other labels"),
    )
)


NAME_LABEL_BEFORE = compile_lazily(
    rf"{_START}(?:{'|'.join(_TABLE['name labels'])})[\"']?[ \t]{{0,2}}[:=][ \t]{{0,4}}[\"']?\Z"
)
"""A label right before a name."""
_LABEL_END = re.compile(r"[:=#]")
_AFTER_NAME = re.compile(r"[^\W\d_], ?\Z")
_LOOK_BACK = 4
_INSTITUTION = re.compile(r"hospital|clinic|facility|institution|krankenhaus|klinik|ziekenhuis|centro")
_WORD_BEFORE = re.compile(r"[^\W\d_]{2}\.? \Z")
_IRISH = re.compile(r"o'(?!clock)[^\W\d_]{3}")
_BLANK = re.compile(r"[ \t,;]")
_SETTING = re.compile(r"(?:dr|md|nm|px)[:=] ?[-+]?[0-9]{1,3}(?:[.,][0-9]{1,2})?(?![\w/.,:-]| ?[0-9])")
"""A dynamic range, a mean deviation: what two letters of these say before a number, as nobody is called by one."""
_DECIMAL = re.compile(r"[-+]?[0-9]{0,6}\.[0-9]{1,6}(?![0-9a-z.])")
_LONG_WITH_DOT = re.compile(r"0[0-9]+\.[0-9]{3}|[0-9]{2,6}\.[0-9]{4}")
"""Written as no measurement is: `05.0131`."""
_ANY_LABEL = re.compile(
    r"(?:^|[ \t,;|/])[ \t]{0,2}[a-z][a-z'#.]{0,20}(?: [a-z'#.]{1,20}){0,2}[ \t]{0,2}[:=](?!\d)|\n|[ \t]{3,}|[;|\"]"
)
_NUMBERED = (
    r"(?:med(?:ical)?\.? rec(?:ord)?s?\.?(?: n(?:o|r|umber)\.?)?|"
    r"hosp(?:ital)?[. ]{1,2}no\.?|reg(?:istration)?[. ]{1,2}no\.?|nhs(?: no\.?)?|chi|urn?|uhid|chart|case|visit|"
    r"(?:membership|policy|claim|lab)(?: no\.?)?|s/n|"
    r"(?:sn|serial(?: n(?:o|umber))?)(?=[ #:.]{1,2}[a-z]{0,3}[-/]?[0-9][0-9/-]{4})|matricola|serien?(?:nummer|nr)\.?|"
    r"fin|hn|nhc|ipp|dossier|ord(?:er)?|encounter|csn|dni|mpi|episode|file no\.?|record no\.?|"
    r"(?:pat(?:ienten)?|fall|auftrags?|aufnahme)[. -]{0,2}n(?:r|ummer)\.?)"
)
_BARE_NUMBER = (
    rf"{_NUMBERED}[ #:.]{{1,2}}(?![0-9]{{1,2}}/[0-9]{{1,2}}(?![0-9/-]))"
    r"([a-z]{0,3}[-/]?[0-9][0-9/-]{3,20}[a-z]?)(?![a-z0-9]|\.[a-z0-9])"
)
_MOVED_NUMBER = r"(?:cod(?:ice)?\.?|moved to|merged (?:with|into|from)) ([a-z]{1,3}-?[0-9]{4,10}|[0-9]{6,10})(?![\w.])"
_GLUED_NUMBER = (
    r"(?:(?:patient|pat|study|exam|visit|order)_?id|accession_?(?:number|no|nr))[ \t#.-]{0,3}"
    r"([a-z0-9/-]{0,12}[0-9][a-z0-9/-]{2,24})"
)
_BARE_PHYSICIAN = (
    r"(?:ref(?:erring)?|req(?:uesting)?|perf(?:orming)?|att(?:ending)?)[. ]{1,2}(?:phys(?:ician)?|doctor|md)[. ]{1,3}"
    r"([^\W\d_]{2,24}(?:[ ,.]{1,2}[^\W\d_]{1,24}){0,2})(?![^\W_])"
)
_PLACE_OF_BED = (
    r"(?:station|poste|cama|bett(?:platz)?|bed|theatre|letto|lit|leito)[ :]{1,3}([a-z]{2,4}[0-9]{1,3})(?![\w.])"
)
"""`Station CCT16`."""
_BARE_ADDRESS = (
    r"(?:(?:lives|resides|residing) (?:at|in|on)|(?:home|postal|mailing) address|habit(?:ant|e)(?: a| au)?|"
    r"demeurant(?: a| au)?|mora (?:em|na|no)|(?:vive|reside) (?:en|em|in)|abita (?:in|a)|"
    r"adres(?:se)?|anschrift|domicilio|direccion|indirizzo|morada|endereco|"
    r"domiciliee? (?:a|au)|wohnhaft(?: in)?|con domicilio en|residente (?:in|em|en)|"
    r"woont(?: in| op)?|woonachtig(?: in| op)?)[ :]{1,2}"
    r"((?=[^;|\n]{0,60}[0-9])[^;|\n]{4,80})"
)
_RELATIVES = "|".join(sorted(words_of_section("relatives and carers"), key=len, reverse=True))
_NUMBER_OF_RELATIVE = (
    rf"(?:{_RELATIVES})(?![^\W_])[^0-9;\n]{{0,30}}[ (:](?=(?:[0-9][ -]?){{7}})"
    r"(?!(?:512|256|128|192|320|384|640|768) )"
    r"([0-9]{4}[ -][0-9]{4}|[0-9]{2,3}(?:[ -][0-9]{2,3}){2,4}[0-9]?)(?![0-9:./-])"
)
_GROUPED_NUMBER = (
    r"(?:mrn|pid|pat(?:ient)? id|(?:pat(?:ient)?|policy|member) n[or]\.?|member id|id)[ \t:#.-]{1,3}"
    r"(?=(?:[^0-9\n]{0,3}[0-9]){6})((?:[a-z]{1,3} ?)?[0-9]{2,5}(?: [0-9]{2,6}){1,4})(?![\w.])"
)
"""In groups with blanks: `MRN 12 34 567`, `MRN: A 447 1902`."""
_BARE_AGE = (
    r"(?<!bone )(?<!gestational )(?:age|alter|edad|eta)[ \t]{1,2}"
    r"(0{0,2}[0-9]{1,3} ?(?:y|yrs?|years?|m|w|d)?)(?![a-z0-9.])"
)
_BARE = tuple(
    (kind, reason, compile_lazily(_START + r"(?<!-)" + form))
    for kind, reason, form in (
        (
            "identifier",
            "value after an ID label",
            r"(?:mrn|pid|pat(?:ient)? id|id|acc|accession|ssn|dob)[ \t#.-]{1,3}([a-z0-9/-]{0,12}[0-9][a-z0-9/-]{2,24})",
        ),
        (
            "identifier",
            "value after an ID label",
            _GLUED_NUMBER,
        ),
        ("identifier", "value after an ID label", _GROUPED_NUMBER),
        ("identifier", "value after an ID label", _MOVED_NUMBER),
        ("cue", "value after an identifying label", _PLACE_OF_BED),
        ("name", "value after a name label", _BARE_PHYSICIAN),
        (
            "identifier",
            "value after an ID label",
            _BARE_NUMBER,
        ),
        ("contact", "telephone number of a relative", _NUMBER_OF_RELATIVE),
        ("address", "address after its cue", _BARE_ADDRESS),
        (
            "age",
            "value after an age label",
            _BARE_AGE,
        ),
        (
            "cue",
            "value after an identifying label",
            r"(?:sex|gender|geschlecht|sexe)[ \t]{1,2}(male|female|[mfow])(?![a-z0-9])",
        ),
    )
)
_TITLES = words_of_section("titles")
_SHORT_TITLE = 3
_MOST_WORDS, _MOST_BEFORE, _FEWEST_OF_PROSE = 4, 7, 3


def find_cues(folded: Folded, *, line: bool) -> list[Span]:
    """Spans of the original text that a label, title, preposition or institution word points at."""
    tokens = words_of(folded)
    spans = [
        *_labelled(folded, tokens, line=line),
        *_bare(folded, tokens, line=line),
        *find_places(folded),
        *find_in_scripts(folded),
    ]
    names = (
        *find_titled(folded, tokens, line=line),
        *find_degreed(folded.text, tokens),
        *find_signatures(folded, tokens, line=line),
        *find_word_names(folded, tokens, line=line),
        *find_where_people_stand(folded, tokens),
        *find_subjects(folded),
    )
    names = (*names, *find_name_blocks(folded.text, tokens), *find_particled(folded, tokens))
    found = (
        *names,
        *find_places_beside(folded.text, tokens, names),
        *find_institutions(folded, tokens),
        *find_stations(folded),
        *find_streets(folded.text, tokens),
        *find_carets(folded.text, tokens),
    )
    spans += [
        Span(*folded.place(token.start, token.end), "name", "surname with O'", 0.7)
        for token in tokens
        if _IRISH.match(token.text) and token.standing is Standing.UNKNOWN
    ]
    spans += find_towns(folded, tokens)
    spans += [] if line else find_hospitals(folded)
    spans += [Span(*folded.place(start, end), kind, reason, score) for start, end, kind, reason, score in found]
    return disjoint(spans)


def _labelled(folded: Folded, tokens: list[Token], *, line: bool) -> Iterator[Span]:
    if not _LABEL_END.search(folded.text):
        return
    for kind, reason, label in _LABELS:
        for match in label.finditer(folded.text):
            if _AFTER_NAME.search(folded.text[max(0, match.start() - _LOOK_BACK) : match.start()]):
                continue  # the degree of the name before it
            if (
                not line
                and _INSTITUTION.match(match.group())
                and _WORD_BEFORE.search(folded.text[max(0, match.start() - _LOOK_BACK) : match.start()])
            ):
                continue  # the end of an institution's name: `Parker Hospital: AX T2 TSE`
            start = match.end()
            stop = _ANY_LABEL.search(folded.text, start)
            end = stop.start() if stop else len(folded.text)
            end = (
                _end_on_line(folded.text, tokens, kind, start, end)
                if line
                else _end_in_prose(folded.text, tokens, kind, start, end)
            )
            end = start + len(folded.text[start:end].rstrip())
            if _is_value(kind, folded.text[start:end]) and not _SETTING.match(folded.text, match.start()):
                yield Span(*folded.place(start, end), kind, reason, 0.9)


def _end_on_line(text: str, tokens: list[Token], kind: str, start: int, end: int) -> int:
    """Before the words of radiology that end a line and are nobody's name, behind a value: `Tel: 555 0100 ERECT`."""
    end = _end_of_sentence(text, tokens, start, end) if kind == "cue" else _end_before_prose(text, tokens, start, end)
    inside = [token for token in tokens if start <= token.start < end]
    core = read_terms().core
    while len(inside) > 1 and inside[-1].text in core and not inside[-1].may_be_name:
        end = inside.pop().start
    return end


def _end_in_prose(text: str, tokens: list[Token], kind: str, start: int, end: int) -> int:
    """Where a labelled value ends in running text; `start` if it is no value: `Patient: supine`."""
    if kind == "identifier":
        return next((match.start() for match in _BLANK.finditer(text, start, end)), end)
    first = bisect_left(tokens, start, key=attrgetter("start"))
    value = list(takewhile(lambda token: token.start < end, tokens[first : first + _MOST_BEFORE]))
    core = read_terms().core
    named = any(token.may_be_name and token.capital and token.text not in core for token in value[:2])
    if all(token.vouched and not (token.name and token.capital) for token in value) and not (kind == "name" and named):
        return start
    if kind == "cue" and all(token.vouched and (not token.name or token.text in core) for token in value):
        return start
    return _end_of_name(text, tokens, start, end) if kind == "name" else _end_of_sentence(text, tokens, start, end)


def _end_of_sentence(text: str, tokens: list[Token], start: int, end: int) -> int:
    """Before the sentence after a value: `Anschrift: Kirchweg 6, Husum. Schichten axial`."""
    inside = [token for token in tokens if start <= token.start < end]
    for last, following in pairwise(inside):
        if _ends_sentence(text, last, following):
            return last.end
    return end


def _end_before_prose(text: str, tokens: list[Token], start: int, end: int) -> int:
    """Before a sentence of vouched-for words after a value: `Hausarzt: Ruck, Husum. Leber diffus echoreich`."""
    inside = [token for token in tokens if start <= token.start < end]
    for index, (last, following) in enumerate(pairwise(inside), 1):
        sentence = inside[index : index + _FEWEST_OF_PROSE]
        prose = len(sentence) == _FEWEST_OF_PROSE and all(token.vouched for token in sentence)
        if prose and _ends_sentence(text, last, following):
            return last.end
    return end


def _is_value(kind: str, value: str) -> bool:
    """Whether what follows a label can be its value: an ID is no measurement."""
    if kind == "identifier" and _DECIMAL.match(value):
        return _LONG_WITH_DOT.match(value) is not None
    return any(map(str.isalnum, value))


def _end_of_name(text: str, tokens: list[Token], start: int, end: int) -> int:
    """In running text a name ends with its sentence and before the first clinical word; its first may be one itself."""
    first = bisect_left(tokens, start, key=attrgetter("start"))
    last = None
    for token in tokens[first : first + _MOST_WORDS + 1]:
        if token.start >= end or (last is not None and _ends_sentence(text, last, token)):
            break
        if last is not None and token.standing in (Standing.CLINICAL, Standing.NUMBER) and not token.name:
            if token.end == end and token.may_be_name and token.capital and last is tokens[first]:
                last = token  # a surname that is a word, too, with nothing after it
            break
        last = token
    return last.end if last else end


def _ends_sentence(text: str, last: Token, following: Token) -> bool:
    """Whether a sentence ends with a word: `PCP: Auziņa. Coil failure`, not `Ref: Prof. Vale` or `Name: J. Vale`."""
    whole = len(last.text) > _SHORT_TITLE and last.text not in _TITLES
    return whole and following.vouched and text[last.end : following.start] == ". "


def _bare(folded: Folded, tokens: list[Token], *, line: bool) -> Iterator[Span]:
    for kind, reason, expression in _BARE:
        for match in expression.finditer(folded.text):
            if kind == "age" and not line and _is_below_90(match[1]):
                continue  # `family history, mother age 52`
            start, end = match.span(1)
            end = _end_of_address(folded.text, tokens, start, end) if kind == "address" else end
            yield Span(*folded.place(start, end), kind, reason, 0.85)


def _end_of_address(text: str, tokens: list[Token], start: int, end: int) -> int:
    """Before the next sentence, and the first word of radiology behind a comma: `Kerkweg 8, Brugge, CT hals`."""
    numbered = False
    for before, token in pairwise(token for token in tokens if start <= token.start < end):
        numbered |= before.standing is Standing.NUMBER
        comma = "," in text[before.end : token.start] or before.text in load_vocabulary().small_towns
        if numbered and text.startswith(". ", before.end) and token.vouched:
            return before.end
        if numbered and comma and token.standing is Standing.CLINICAL and not token.may_be_name:
            return before.end
    return end


def _is_below_90(age: str) -> bool:
    """Whether an age says little: in header text those over 89 go, as everywhere without a label."""
    return int(re.sub(r"[^0-9]", "", age)) < 90  # noqa: PLR2004 - HIPAA's bound
