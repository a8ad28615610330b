"""What identifies by its place: the value after a label, the name after a title or `for`, the words before `Hospital`."""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING

from deid.text.fold import Folded
from deid.text.spans import Span, disjoint
from deid.text.tokens import Standing, Token, standing_of, tokenise, vouch_for_phrases

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME_LABELS = (
    r"(?:patient|pat|pt|subject|last|first|family|given|middle|maiden|mother'?s|full)?'?s?[ ._]{0,2}names?|patient|pat|pt|nom|nome|nombre|prenom|"
    r"vorname|nachname|apellidos?|cognome|naam|achternaam|paziente|paciente|patiente?n?|"
    r"(?:ref(?:erring|\.)?|req(?:uesting)?|perf(?:orming|ormed)?|reading|ordering|attending|att|consulting|admitting)?[ ._]{0,2}"
    r"(?:phys(?:ician)?|doctor|md|dr|radiologist)(?:'?s)?(?:[ ._]{0,2}name)?|operator(?:s)?(?:'?s)?(?: name)?|"
    r"tech(?:nologist|nician)?(?:'?s)?(?: name| initials)?|sonographer|radiographer|arzt|medecin|medico|arts|"
    r"(?:performed|read|ordered|requested|dictated|signed|reviewed|reported|scanned|interpreted|approved) by|referred by|by|ordering provider|provider|author"
)
_ID_LABELS = (
    r"(?:patient|pat|pt|study|exam|visit|order|medical record|hospital|hosp|person|case|request|req|case|chart|file|ssn|nhs)?[ ._']{0,2}"
    r"(?:id|i\.d\.|no|nr|num|number|#)|mrn?|m\.r\.n\.|pid|ssn|nhs|acc(?:ession)?(?:[ ._]{0,2}(?:no|nr|num|number|#))?|acc#|a#|ac#|encounter|csn|fin|mpi|"
    r"account(?: (?:no|number))?|insurance(?: (?:no|number))?"
)
_OTHER_LABELS = (
    r"(?:date of birth|birth ?date|birthday|dob|d\.o\.b\.?|born|geb(?:oren|\.)?(?:datum)?|geburtsdatum|ne\(?e?\)? le|date de naissance|fecha de nacimiento|"
    r"data di nascita|data de nascimento|geboortedatum)|(?:study|exam|series|acq(?:uisition)?|scan|report|content|visit|admission|image|print(?:ed)?)?[ ._]{0,2}"
    r"date(?:[ /]{0,2}time)?|(?:patient(?:'s)?[ ._]{0,2})?(?:age|sex|gender)|"
    r"institution(?:al)?(?:[ ._]{0,2}name)?|hospital(?:[ ._]{0,2}name)?|facility|site|clinic|location|station(?:[ ._]{0,2}name)?|department|ward|"
    r"(?:patient(?:'s)? |home |institution )?address|phone|tel(?:ephone)?|fax|e-?mail|ethnic group|occupation|religion|performed at|datum|uhrzeit"
)
_START = r"(?<![^\W_])"
_LABELS = tuple(
    (kind, reason, re.compile(rf"{_START}(?:{words})[ \t]{{0,2}}[:=#][ \t]{{0,4}}"))
    for kind, reason, words in (
        ("name", "value after a name label", _NAME_LABELS),
        ("identifier", "value after an ID label", _ID_LABELS),
        ("cue", "value after an identifying label", _OTHER_LABELS),
    )
)
_ANY_LABEL = re.compile(
    r"(?:^|[ \t,;|/])[ \t]{0,2}[a-z][a-z'#.]{0,20}(?: [a-z'#.]{1,20}){0,2}[ \t]{0,2}[:=](?!\d)|\n|[ \t]{3,}|[;|]"
)
_BARE_ID = re.compile(
    rf"{_START}(?:mrn|pid|patient id|pat id|id|acc|accession|ssn|dob)[ \t#.-]{{1,3}}([a-z0-9/-]{{0,12}}[0-9][a-z0-9/-]{{2,24}})"
)
_BARE_AGE = re.compile(
    rf"{_START}(?:age|alter|edad|eta)[ \t]{{1,2}}(0{{0,2}}[0-9]{{1,3}} ?(?:y|yrs?|years?|m|w|d)?)(?![a-z0-9.])"
)
_BARE_SEX = re.compile(rf"{_START}(?:sex|gender|geschlecht|sexe)[ \t]{{1,2}}(male|female|[mfow])(?![a-z0-9])")
_TITLES = frozenset(
    "dr doctor prof professor mr mrs ms miss sir herr frau dott dra sr sra mme mlle monsieur madame sig signora dhr mevr drs ing pd".split()
)
_DOUBLE_TITLES = frozenset({"mr", "ms", "dr", "sr", "pd", "ing", "sig", "miss"})
_DEGREES = frozenset("md do phd rdms rvt rdcs frcr mbbs rtr rn np facr".split())
_STRONG_CUES = frozenset({"by", "attn", "von", "vom", "durch", "par", "por"})
_CUES = frozenset({"for", "from", "per", "to", "c/o", "fur", "pour", "para", "voor", "pt", "patient"})
_HEADS = frozenset(
    "hospital hospitals clinic clinics infirmary university universitat klinikum krankenhaus klinik hopital ospedale ziekenhuis hospice sanatorium polyclinic "
    "universitatsklinikum policlinico chu medcenter practice associates healthcare surgery health memorial praxis clinica institut institute college centre center".split()
)
_PLACE_WORDS = frozenset(
    "community general memorial medical regional county city national central university children childrens children's women's womens saint st san santa mercy "
    "veterans north south east west northern southern eastern western valley royal district presbyterian methodist baptist lutheran catholic "
    "jewish health healthcare imaging radiology diagnostic center centre clinic hospital system systems care associates cancer heart of the and de la del y et und".split()
)
_PARTICLES = frozenset(
    "van von de der den del della di da la le du al el bin ibn abu ben mac mc o' zu zur ten ter dos das do st".split()
)
_BETWEEN_NAMES = re.compile(r"[ .,'_-]{1,3}")
_MOST_WORDS = 4


def find_cues(folded: Folded, *, line: bool) -> list[Span]:
    """Spans of the original text that a label, title, preposition or institution word points at."""
    tokens = vouch_for_phrases(tokenise(folded))
    spans = [*_labelled(folded, tokens, line=line), *_bare(folded)]
    spans += [Span(*folded.place(start, end), kind, reason, score)
              for start, end, kind, reason, score in (*_titled(folded.text, tokens), *_institutions(folded.text, tokens), *_carets(folded.text))]  # fmt: skip
    return disjoint(spans)


def _labelled(folded: Folded, tokens: list[Token], *, line: bool) -> Iterator[Span]:
    for kind, reason, label in _LABELS:
        for match in label.finditer(folded.text):
            start = match.end()
            stop = _ANY_LABEL.search(folded.text, start)
            end = stop.start() if stop else len(folded.text)
            if kind == "name" and not line:
                end = _end_of_name(tokens, start, end)
            end = start + len(folded.text[start:end].rstrip())
            if end > start and any(map(str.isalnum, folded.text[start:end])):
                yield Span(*folded.place(start, end), kind, reason, 0.9)


def _end_of_name(tokens: list[Token], start: int, end: int) -> int:
    """In running text a name ends before the first clinical word; its first word may be one itself."""
    first = bisect_left(tokens, start, key=attrgetter("start"))
    last = None
    for token in tokens[first : first + _MOST_WORDS + 1]:
        if token.start >= end:
            break
        if last is not None and token.standing in (Standing.CLINICAL, Standing.NUMBER) and not token.name:
            break
        last = token
    return last.end if last else end


def _bare(folded: Folded) -> Iterator[Span]:
    for expression, kind, reason in (
        (_BARE_ID, "identifier", "value after an ID label"),
        (_BARE_AGE, "age", "value after an age label"),
        (_BARE_SEX, "cue", "value after an identifying label"),
    ):
        for match in expression.finditer(folded.text):
            yield Span(*folded.place(*match.span(1)), kind, reason, 0.85)


def name_run(text: str, tokens: list[Token], index: int) -> tuple[int, int]:
    """How many tokens from `index` on can be a name, and how many of them nothing vouches for."""
    count = unvouched = 0
    for token in tokens[index : index + _MOST_WORDS]:
        if count and not _BETWEEN_NAMES.fullmatch(text, tokens[index + count - 1].end, token.start):
            break
        if token.standing is Standing.UNKNOWN and token.capital and not any(map(str.isdigit, token.text)):
            unvouched += 1
        elif not _may_stand_in_name(token, first=not count):
            break
        count += 1
    while count and tokens[index + count - 1].text in _PARTICLES:
        count -= 1
    return count, unvouched


def _may_stand_in_name(token: Token, *, first: bool) -> bool:
    if token.text in _PARTICLES:
        return True
    return token.capital and (token.standing is Standing.LETTER or (token.name and not first))


def _titled(text: str, tokens: list[Token]) -> Iterator[tuple[int, int, str, str, float]]:
    for index, token in enumerate(tokens):
        count, unvouched = name_run(text, tokens, index + 1)
        run = tokens[index + 1 : index + 1 + count]
        if run and unvouched and run[0].start - token.end < 4 and "\n" not in text[token.end : run[0].start]:  # noqa: PLR2004
            if token.text in _TITLES:
                dotted = text[token.end : token.end + 1] == "."
                if dotted or token.text not in _DOUBLE_TITLES or any(t.name for t in run):
                    yield token.start, run[-1].end, "name", "name after a title", 0.85
            elif token.text in _STRONG_CUES:
                yield run[0].start, run[-1].end, "name", "name after a cue word", 0.75
            elif token.text in _CUES and (unvouched > 1 or any(t.name for t in run)):
                yield run[0].start, run[-1].end, "name", "name after a cue word", 0.75
        if token.text.replace(".", "") in _DEGREES and index and tokens[index - 1].standing is Standing.UNKNOWN:
            first = index - 1
            while (
                first
                and tokens[first - 1].standing in (Standing.UNKNOWN, Standing.LETTER)
                and index - first < _MOST_WORDS
            ):
                first -= 1
            if "\n" not in text[tokens[first].start : token.start]:
                yield tokens[first].start, token.end, "name", "name before a degree", 0.8


def _institutions(text: str, tokens: list[Token]) -> Iterator[tuple[int, int, str, str, float]]:
    """The proper words before and after `Hospital`, `Medical Center`, `Klinikum`."""
    for index, token in enumerate(tokens):
        if token.text not in _HEADS:
            continue
        first = last = index
        while (
            first
            and index - first < 7
            and _belongs(tokens[first - 1])
            and "\n" not in text[tokens[first - 1].end : tokens[first].start]
        ):  # noqa: PLR2004
            first -= 1
        while (
            last + 1 < len(tokens)
            and last - index < _MOST_WORDS
            and _belongs(tokens[last + 1])
            and _near(text, tokens, last)
        ):
            last += 1
        while first < index and tokens[first].text in ("of", "the", "and", "de", "la", "y", "et", "und"):
            first += 1
        while last > index and tokens[last].text in _PARTICLES | {"of", "the", "and", "y", "et", "und"}:
            last -= 1
        proper = [
            t
            for t in tokens[first : last + 1]
            if t.standing is Standing.UNKNOWN or (t.name and t.standing is not Standing.GENERAL)
        ]
        if any(t.standing is Standing.UNKNOWN and t.text not in _PLACE_WORDS | _HEADS for t in proper):
            yield tokens[first].start, tokens[last].end, "place", "institution", 0.8


def _near(text: str, tokens: list[Token], index: int) -> bool:
    return bool(re.fullmatch(r"[ .,'-]{1,2}", text[tokens[index].end : tokens[index + 1].start]))


def _belongs(token: Token) -> bool:
    return token.standing is Standing.UNKNOWN or token.text in _PLACE_WORDS or token.text in _HEADS


_CARET = re.compile(r"(?<![^\s\\=])[^\s^=\\]{1,64}(?: [^\s^=\\:]{1,64})?\^[^\s^=\\]{0,64}(?:\^[^\s^=\\]{0,64}){0,3}")


def _carets(text: str) -> Iterator[tuple[int, int, str, str, float]]:
    """Names as DICOM writes them, `A^B^C`; parameters such as `10^3` are none."""
    for match in _CARET.finditer(text):
        words = re.findall(r"[^\W\d_]{2,}", match.group())
        if any(standing_of(word) is Standing.UNKNOWN for word in words):
            yield match.start(), match.end(), "name", "name in DICOM form", 0.85
