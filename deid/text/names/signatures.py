"""Initials that someone signed with: `tech KMB`, `scanned by CK`, `(verified 12.3. QKV)`, `CHEST (WR)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text.words.tokens import Standing, Token, standing_of
from deid.text.words.vocabulary import load_vocabulary, read_sections, read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.text.fold import Folded

_STAFF = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(read_sections('cues.txt')['labels of staff that initials follow'])})(?: id)?"
    r"[ :./=]{1,3}([a-z]{2,3})(?![^\W_])"
)
"""`tech KMB`, `Laborantin: CK`."""
_INITIALS = re.compile(
    r"(?<![^\W_])(?:(?:scanned|performed|verified|typed|dictated|read|imaged|done|entered|img|acq|acquired) by|"
    r"qc(?:ed)?|"
    r"schicht|dienst|turno|plantao|equipe|shift(?!:? (?:ap|si|rl|lr|lat|vrt|lng) -?[0-9])|crew|(?:drawn|made) up|"
    r"(?:physics|qa|id|lmp|position|image)s? check(?:ed)?|"
    r"qc'?d|reader [12]|assay(?:ed)?|(?:dose|activity|syringe|contrast|blood) drawn(?: up)?|lab(?=:))"
    r"[ :./=]{1,3}([a-z]{2,3})(?![^\W_])"
    r"|(?<![^\W_])(?:called|notified|reported|given|handed|injected|placed|assisted|faxed|discussed)"
    r"[^.;:\n]{0,48}? by ([a-z]{2,3})(?= ?[.;,)]| ?$)"
)
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|fev|avr|mai|juin|juil|aout|ene|abr|ago|dic|gen|mag|giu|lug|set|"
    r"ott|okt|dez|out|maa|mei)[a-z]{0,7}"
)
TIME_OR_DATE = (
    r"(?:[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?|[0-9]{1,4}[-./][0-9a-z]{1,3}[-./][0-9]{2,4}|[0-9]{8}"
    rf"|[0-3]?[0-9]\.? {_MONTH} [0-9]{{2,4}}|{_MONTH} [0-3]?[0-9], [0-9]{{2,4}})"
)
_DONE = re.compile(
    r"(?<![^\W_])(?:set ?up(?! (?:ap|pa|lat|ll|rl)(?![^\W_]))|"
    r"scanned|checked|performed|verified|done|imaged|typed|dictated|injected|reviewed|approved|"
    rf"prelim|wet ?read|overread|vetted|opera(?:tore?|dor|teur)|signed|firmad[oa]|firmat[oa]|assinad[oa]|signee?|"
    rf"getekend|unterschrieben)"
    rf"(?: ?[:=] ?| {TIME_OR_DATE} | )([a-z]{{2,3}})(?= ?[.;,)]| ?$| {TIME_OR_DATE})"
)
"""`Scanned: KMB; checked: CK`, `injected 10:42 KMB`."""
_GIVEN = re.compile(
    r"(?<![^\W_])(?:ingespoten|injetad[oa]|iniettat[oa]|inject(?:ed|ee?)|injection|inyectad[oa]|gespritzt|injiziert|applied|inj|km|kontrastmittel|contraste?|mdc|pdc|"
    rf"administered|verabreicht|toegediend) (?:{TIME_OR_DATE} ([a-z]{{2,3}})|([a-z]{{2,3}}) {TIME_OR_DATE})(?![^\W_])"
)
"""`Ingespoten 10:42 KMB`, whatever follows."""
_BY_HAND = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(sorted(words_of_section('what hands do')))}) (?:by|par|por|pel[oa]|door|dal?|von|durch) "
    rf"([a-z]{{2,3}})(?= ?[.;,)\]/&@]| ?$| {TIME_OR_DATE})"
)
"""`geprikt door RA`, `(injecté par UA)`."""
_STAMPED = re.compile(
    rf"(?<![^\W_])d: ?{TIME_OR_DATE} t: ?{TIME_OR_DATE}(?: {TIME_OR_DATE})? ?/? ?([a-z]{{2,3}})(?![^\W_])"
)
"""`D: 12.03.2021 T: 13.03.2021 KMB`, when and by whom a report was dictated and typed."""
_SAME_TWICE = re.compile(r"[^\W_],? (check(?:ed)? |checked by |chk )?([a-z]{2,3})(?: ?/ ?| )(\2)\Z")
"""`CT CHEST KMB KMB`, `Gadovist 7.5 ml, checked OG/OG`."""
_BY_TWO = r"(?<![^\W_])(?:checked|witnessed|signed|identified|positioned) by ([a-z]{2,3}) (?:and|&|und|et|y|e|en)"
_BOTH = re.compile(_BY_TWO + r" ([a-z]{2,3})(?= ?[.;,)]| ?$)")
_TWICE = re.compile(_BY_TWO + r" (\1)(?= ?[.;,)]| ?$)")
"""`ID checked by KMB and CR.`"""
_REPEATED = re.compile(
    r"(?<![^\W_])(?:rpt|repeat(?:ed)?|retake[ns]?|redo|wiederholt|refait|repetid[oa]|ripetut[oa]|herhaald)"
    r"(?: (?:x ?[0-9]|[0-9]x|for|due to|d/t|wg|pour|por|per|wegen))*(?: motion| movement| art[ei]facts?)?"
    r" ([a-z]{2,3}) ?$"
)
"""`rpt x2 motion NT`."""
_QUALITY = re.compile(
    r"(?<![^\W_])(?:q[ac]|te?r|quality (?:control|assurance)|qualitatskontrolle|(?:konstanz|abnahme)prufung|"
    r"controle (?:de )?qualite|control de calidad|controllo (?:di |della )?qualita|"
    r"kwaliteitscontrole|control[eo] de qualidade)"
    rf"[ :]{{1,2}}([a-z]{{2,3}})(?= (?:{TIME_OR_DATE}|[0-9]{{1,2}}\.? [a-z]{{3}}))"
)
"""`QA KMB 12.03.2021`, and in other languages."""
_BEFORE_ROLE = re.compile(
    r"(?<![^\W_])([a-z]{2,3}) ?[/+,] ?(?:resident|fellow|registrar|reg|consultant|sho|aios|anios|assistente?|"
    r"interne?|intern[oa]|residente|oberarzt|oberarztin|spec(?:ializzando)?)(?=[ .:])"
)
"""`TR KMB / interno Gouveia`: the technologist before the physician."""
_IN_NOTE = re.compile(
    r"(?<![^\W_])tech(?:nologist)?(?:'?s)? (?:impressions?|notes?|comments?|worksheet|findings)(?![^\W_])"
    r"[^()\n]{0,80}\(([a-z]{2,3})\)"
)
"""`tech notes: patient moved (LD)`."""
_TO_DO = re.compile(
    r"(?<![^\W_])([a-z]{2,3}) to "
    r"(?:check|chase|confirm|call|review|dictate|follow|repeat|report|phone|ring|email|speak)(?![^\W_])"
)
"""`KMB to chase`."""
_IN_ROW = re.compile(rf"[^\W\d_][:/|;]([a-z]{{2,3}})[:/|;]{TIME_OR_DATE}|{TIME_OR_DATE}[:|;]([a-z]{{2,3}})[:|;]")
"""`WALTON:KMB:12.03.2021`."""
_CERTIFIED = re.compile(r"(?<![^\W_])([a-z]{2,3}),? (?:rt ?\(|r\.t\.|rtr|rdms|rdcs|rvt|cnmt|arrt)")
"""`KMB RT(R)`."""
_PLANNED = re.compile(
    r"(?<![^\W_])plan(?:ned)?[ :]{1,2}([a-z]{2,3}),? (?:qa|check(?:ed)?|2nd|second)[ :]{1,2}([a-z]{2,3})(?![^\W_])"
)
_SECOND = re.compile(
    r"(?:tech(?:nologist)?|tec|radiographers?)[ :.]{1,2}[a-z]{2,3} ?(?:[/&+]|and) ?([a-z]{2,3})(?![^\W_])"
)
_OPERATED = re.compile(r"(?<![^\W_])op ([a-z]{2,3}) ch(?:k|ecked) ([a-z]{2,3})(?![^\W_])")
_SIGNED = re.compile(r"(?:verified|signed|checked|approved)[ :]{1,2}[^()\n]{4,24}? ([a-z]{2,3})(?=\)|$)")
_BY = re.compile(
    r"(?<![^\W_])(?:by|per)[ :]{1,2}([a-z]{2,3})(?: ?[./&+] ?([a-z]{2,3}))?"
    r"(?= ?[.;,)@]| ?$| on | at | for | [0-9]|/[^\W\d_]{3})"
)
_NOBODY = words_of_section("two or three letters that do nothing")
"""Modalities, departments and professions that something is done by or per."""
_NO_LABEL = frozenset({"id", "no", "nr"})
"""They go on with what staff is called: `Operator ID`."""
_CLOSED = re.compile(rf" ?(?:[.;,)\]/&|]|$| {TIME_OR_DATE})")
_BRACKETED = re.compile(r"[^\W_] [(<*\[]([a-z]{2,3})[)>*\]]\Z")
_BRACKETED_PAIR = re.compile(r"\(([^\W\d_]{3,24}(?:[ '-][^\W\d_]{2,24})?) ?/ ?([a-z]{2,3})\)")
_PUT_BEHIND = re.compile(r"[\w)](?: ?[-,;] ?| / | ?\[| (?=[b-df-hj-np-tv-xz]{2}))([a-z]{2,3})\]?\Z")
_PUT_BEFORE_TIME = re.compile(
    r"(?<![^\W_])([a-z]{2,3}) (?:@ ?)?[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?\)?\Z"
    r"|\(([a-z]{2,3}) [^()]{0,4}[0-9][^()]{5,14}\)\Z"
)
_PAIR_WITH_DATE = re.compile(rf"\A([a-z]{{2,3}}) ?[/:] ?([a-z]{{2,3}}) {TIME_OR_DATE}(?: {TIME_OR_DATE})?\Z")
_NOTHING_ELSE = re.compile(r"\A[~*@#=-]{1,3} ?([a-z]{2,3})\W{0,2}\Z")
_BEFORE_DATE = re.compile(rf"\A([a-z]{{2,3}}) {TIME_OR_DATE} [a-z0-9]")
_BEHIND_RECON = re.compile(rf"\A(?:[23]d|mpr|mip|recons?|vrt|cpr) ([a-z]{{2,3}}) {TIME_OR_DATE}\Z")
_PAIR_BEFORE = re.compile(r"\A([a-z]{2,3})/([a-z]{2,3})[ :]")
_AND_TYPIST = re.compile(r"(?<![^\W_])([a-z]{2,3})/([a-z]{2,3})\Z")
_PUT_BEFORE = re.compile(r"\A([a-z]{2,3}):[ ]")
_AFTER_SLASH = re.compile(r"(?<![^\W_])([^\W\d_]{3,24}) ?/ ?([a-z]{2,3})\Z")
NO_INITIALS = words_of_section("two or three letters that sign nothing")
"""Modalities, sides and zones of time."""
NONE_AT_END = NO_INITIALS | words_of_section("two or three letters that sign nothing in brackets")
"""And projections, phases, units and Roman numbers."""
STAND_ALONE = words_of_section("two or three letters that stand alone on displays")
_SIDES = frozenset({"lt", "rt", "re", "li"})
_PAIR = 2
_JOINING = words_of_section("words before places") | {
    "with",
    "for",
    "of",
    "and",
    "mit",
    "und",
    "con",
    "avec",
    "et",
    "met",
    "com",
    "nach",
    "na",
    "per",
    "pour",
    "des",
    "du",
}
_SIGNATURES = (
    _INITIALS, _SIGNED, _BY, _DONE, _GIVEN, _PLANNED, _SECOND, _OPERATED, _QUALITY, _BEFORE_ROLE, _IN_ROW, _IN_NOTE,
    _TO_DO, _CERTIFIED, _STAFF, _STAMPED, _BOTH, _TWICE, _BY_HAND, _REPEATED,
)  # fmt: skip
_REASON = "initials of a person"
_Found = tuple[int, int, str, str, float]


def find_signatures(folded: Folded, tokens: list[Token], *, line: bool) -> Iterator[_Found]:
    """Someone's initials; in small letters only where the text has no others. On a line of pixels not at its end."""
    for expression in _SIGNATURES:
        for match in expression.finditer(folded.text):
            for group in range(1, expression.groups + 1):
                letters = match[group]
                if letters and _may_follow(folded, expression, match.span(group)):
                    yield *match.span(group), "name", _REASON, 0.7
    yield from _twice(folded)
    yield from _behind_names(folded, tokens)
    if not line:
        yield from _at_end(folded, tokens)
        yield from _alone(folded)


def _may_follow(folded: Folded, expression: re.Pattern[str], span: tuple[int, int]) -> bool:
    """Whether letters are initials where they stand; behind what staff is called any are, if nothing goes on."""
    letters = folded.text[slice(*span)]
    closed = expression is _STAFF and letters not in _NO_LABEL and _CLOSED.match(folded.text, span[1])
    repeats = expression is _REPEATED and letters in NONE_AT_END
    sure = expression in (_STAMPED, _TWICE) or (closed and not folded.source.islower())
    usual = letters in _NOBODY and not sure
    return not usual and not repeats and are_written_as_initials(folded, span)


def _twice(folded: Folded) -> Iterator[_Found]:
    """The same letters twice at the end, if they mean nothing or follow that something was checked."""
    match = _SAME_TWICE.search(folded.text)
    if match is None:
        return
    checked = match[1] and match[2] not in NO_INITIALS and folded.written(*match.span(2)).isupper()
    if checked or _means_nothing(folded, match.span(2)):
        yield match.start(2), match.end(3), "name", _REASON, 0.65


def _at_end(folded: Folded, tokens: list[Token]) -> Iterator[_Found]:
    match = _BRACKETED.search(folded.text)
    if match is not None and are_written_as_initials(folded, match.span(1)) and _can_sign(match[1]):
        yield *match.span(1), "name", _REASON, 0.6
    for put, signs in ((_PUT_BEHIND, may_sign), (_PUT_BEFORE, _means_nothing), (_PUT_BEFORE_TIME, may_sign)):
        match = put.search(folded.text)
        if match is None or len(tokens) == 1:
            continue
        bare = put is _PUT_BEHIND and match.group()[1:] == f" {match[1]}"
        if bare and tokens[-2].text in _JOINING:
            continue  # `posizionamento di CVC`
        if (_means_nothing if bare else signs)(folded, match.span(match.lastindex or 1)):
            yield *match.span(match.lastindex or 1), "name", _REASON, 0.55
    match = _AND_TYPIST.search(folded.text)
    if match is not None and may_sign(folded, match.span(1)) and _is_typist(folded, match.span(2)):
        yield *match.span(), "name", _REASON, 0.6
    match = _PAIR_BEFORE.search(folded.text)
    same = match is not None and match[1] == match[2] not in NONE_AT_END
    if match is not None and (same or all(_means_nothing(folded, match.span(group)) for group in (1, 2))):
        yield match.start(1), match.end(2), "name", _REASON, 0.55


def _behind_names(folded: Folded, tokens: list[Token]) -> Iterator[_Found]:
    """A name with initials after a slash, in brackets or at the end: `(Wolterbeek/QX)`."""
    match = _BRACKETED_PAIR.search(folded.text)
    if match is not None and match[2] not in _SIDES and are_written_as_initials(folded, match.span(2)):
        inside = [token for token in tokens if match.start(1) <= token.start < match.end(1)]
        if all(token.capital for token in inside) and _may_be_surname_or_strange(inside):
            yield match.start(1), match.end(2), "name", "name with initials", 0.6
    match = _AFTER_SLASH.search(folded.text)
    if match is not None and are_written_as_initials(folded, match.span(2)):
        before = next((token for token in tokens if token.start == match.start(1)), None)
        unknown = standing_of(match[2]) is Standing.UNKNOWN
        if before is None or not before.capital:
            return
        strange = not before.vouched and len(match[2]) == _PAIR and match[2] not in NONE_AT_END
        if strange or (unknown and " / " in match.group() and _may_be_surname(before.text)):
            yield *match.span(), "name", "name with initials", 0.6


def _alone(folded: Folded) -> Iterator[_Found]:
    """Letters with nothing but signs, a date or a reconstruction: `~KMB`, `KB/KB 12.03.2021`, `3D KMB 12.03.2021`."""
    for alone in (_NOTHING_ELSE, _BEHIND_RECON, _PAIR_WITH_DATE, _BEFORE_DATE):
        match = alone.search(folded.text)
        spans = [match.span(group) for group in range(1, alone.groups + 1)] if match else []
        signs = _means_nothing if alone is _BEFORE_DATE else may_sign
        twice = match is not None and len(spans) > 1 and match[1] == match[2] not in NO_INITIALS
        if spans and (twice or all(signs(folded, span) for span in spans)):
            yield spans[0][0], spans[-1][1], "name", _REASON, 0.55


def _can_sign(letters: str) -> bool:
    """Whether letters can be initials: two that are no common abbreviation, three that mean nothing."""
    if letters in NONE_AT_END:
        return False
    return len(letters) == _PAIR or standing_of(letters) is Standing.UNKNOWN


def _means_nothing(folded: Folded, span: tuple[int, int]) -> bool:
    """Whether letters at an end of a text are capitals and no abbreviation."""
    letters = folded.text[slice(*span)]
    written = folded.written(*span)
    return written.isupper() and letters not in NONE_AT_END and standing_of(letters) is Standing.UNKNOWN


def _is_typist(folded: Folded, span: tuple[int, int]) -> bool:
    """Whether letters after a slash are small and mean nothing: `JR/tm`."""
    letters, written = folded.text[slice(*span)], folded.written(*span)
    return written.islower() and letters not in NONE_AT_END and standing_of(letters) is Standing.UNKNOWN


def may_sign(folded: Folded, span: tuple[int, int]) -> bool:
    """Whether letters by themselves can be initials: capitals that mean nothing, or two that mean nothing usual."""
    return folded.written(*span).isupper() and _can_sign(folded.text[slice(*span)])


def _may_be_surname(word: str) -> bool:
    return word not in read_terms().core and load_vocabulary().is_name(word)


def _may_be_surname_or_strange(words: Sequence[Token]) -> bool:
    """Whether nothing vouches for one of some words, or the last is a surname that is nothing of radiology's."""
    return any(not word.vouched for word in words) or _may_be_surname(words[-1].text)


def are_written_as_initials(folded: Folded, span: tuple[int, int]) -> bool:
    """Whether a folded range is in capitals, or the text has none."""
    return not any(map(str.isupper, folded.source)) or folded.written(*span).isupper()
