"""The words of a line and what speaks for them: clinical, number, measurement, code, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from deid.text.fold import Folded, as_digits
from deid.text.spans import Span, covered
from deid.text.words.compounds import is_clinical_compound, is_compound_of_words
from deid.text.words.distorted import LONGEST_WORD, is_compound, is_misread, is_truncated
from deid.text.words.glued import LABELS, SHORTEST_ID, is_glued
from deid.text.words.medical_forms import is_medical_form
from deid.text.words.phrases import load_phrases
from deid.text.words.prose import words_in_small_letters
from deid.text.words.scripts import is_clinical_in_script
from deid.text.words.vocabulary import foreign_words, load_vocabulary, words_of_section


class Standing(Enum):
    """What speaks for a word."""

    CLINICAL = "clinical"
    """In the vocabulary with a meaning of its own."""
    GENERAL = "general"
    """Any other word that is nobody's name: vouched for, but no evidence that its neighbours are clinical."""
    NUMBER = "number"
    """A short number, a measurement, or ruler ticks."""
    LETTER = "letter"
    """A single Latin letter."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of folded text, its range and standing, and whether it is, or is written like, a name."""

    start: int
    end: int
    text: str
    standing: Standing
    name: bool
    capital: bool
    """Begins with a capital, or stands in a text without any."""
    placed: bool = False
    """What it stands beside vouches for it, the rest of a clinical phrase, a label; or the words it is made of."""

    @property
    def vouched(self) -> bool:
        """Whether anything vouches for it."""
        return self.standing is not Standing.UNKNOWN

    @property
    def strange(self) -> bool:
        """Whether it is nothing but letters, with a capital, that nothing vouches for."""
        return self.capital and not self.vouched and self.text.isalpha()

    @property
    def may_be_name(self) -> bool:
        """Whether it is any name of the census, however rare."""
        return load_vocabulary().may_be_name(self.text)

    def as_clinical(self) -> Token:
        """The same word, vouched for by where it stands."""
        return Token(self.start, self.end, self.text, Standing.CLINICAL, name=False, capital=self.capital, placed=True)


_TOKEN = re.compile(r"(?:dra?|prof|mrs?|ms|dott|sra?)(?=\.[^\W\d_]{2})|[^\W_]+(?:['.&*-]?[^\W_]+)*")
_WORD = re.compile(r"[^\W_]+(?:'[a-z]+)?")
_LETTER_BEFORE = re.compile(r"[+&]$|(?<![^\W_])[a-z]/$")
_LETTER_AFTER = re.compile(r"[+&=]|/[a-z]?(?![^\W_])|-(?![^\W_])")
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu|un|dell|all|nell|sull|dall|coll|quell|quest|lorsqu|jusqu)'(?=[a-z]{3})")
_ANGLED, _ANGLE = frozenset({"rao", "lao", "cra", "cran", "cau", "caud"}), re.compile(r"[ :-]?[0-9]{1,2}(?![0-9.:/-])")
_NEAR_SIDE = 2
_I_AS_L = re.compile(r"(?:\A|(?<=[A-Z]))l")
_HOURS, _MINUTES = re.compile(r"[0-9]{1,2}h"), re.compile(r"[0-5]?[0-9]m(?:in)?")
_AMPERES = re.compile(r"[1-9][0-9]{0,2} ma")
_UNITS = (
    "kvp?|ma|mas|msec|ms|s|secs?|min|hrs?|mm|cm|um|m|dm|in|inch|ft|cm2|cm3|mm2|mm3|ml|cc|dl|l|kg|g|gm|mg|ug|mcg|lbs?|hz|khz|mhz|ghz|db|"
    "bpm|fps|rpm|mmhg|mm/s|cm/s|m/s|cm/sec|m/sec|ml/s|mg/ml|g/ml|deg|t|kev|mev|gy|mgy|cgy|msv|usv|mbq|kbq|gbq|mci|kw|w|v|x|d|fr|f|hu|px|pix|"
    "pct|dpi|iu|bit|kb|mb|st|nd|rd|th|weeks?|wks?|w|days?|hours?|mins?|frames?|slices?|images?|ppm|thk|sp|k"
)
_MEASUREMENT = re.compile(rf"[-+<>=~]*[0-9]{{1,5}}(?:[.,][0-9]{{1,6}})?(?:{_UNITS})?")
_MATRIX = re.compile(rf"[0-9]{{1,4}}x[0-9]{{1,4}}(?:x[0-9]{{1,4}})?(?:{_UNITS})?")
_MEASUREMENTS = re.compile(rf"(?:[0-9]{{1,4}}(?:{_UNITS})){{2,4}}")
_COUNTED = re.compile(r"[a-z]?[0-9]{1,3}of[0-9]{1,3}")
_CODE = re.compile(
    r"[0-9]{1,2}w[0-6]?d?|[0-9]{1,2}w[0-6]d|[a-z][0-9]{1,3}[a-z]?|[0-9]{1,2}[a-z]|[a-z][0-9]{1,2}[a-z][0-9]{1,2}[a-z]?"
    r"|[1-9][0-9]?[clv][1-9][0-9]?[as]?"
    r"|v[a-e][0-9]{2}[a-e]"
    r"|(?:[tq]?se|t?fl|gre|ep|epfid|epse|t?fi|tir|spc|spcir|ci|me|pc|h)[23]d[0-9]{1,3}(?:r?ns|rr?|t|s)?|[1-9][0-9]{0,2}(?:ns|p[2-4])"
)
"""Week and day, names of probes, kernels and vertebrae, Siemens' versions and sequences (`tfl3d1_16ns`), matrices."""
_COUNTED_WORD = re.compile(r"(?:[234]d(?=[a-z]{2})|[0-9]{1,2}(?=[a-z]{3}|ph|vw|ch|sl|im|hn))([a-z]{2,16})")
"""A word of two letters at a number could be initials at a time, `10:42AC`: only those that are counted."""
_AGES = frozenset(
    {"yo", "yr", "yrs", "year", "years", "jahre", "jahr", "ans", "an", "anos", "anni", "jaar"}
    | {"mo", "mos", "month", "months", "monate", "mois", "meses", "mesi"}
)
_LABELLED = re.compile(r"([a-z]{1,12})[-.:]?([0-9]{1,5}(?:[.,][0-9]{1,4})?)([a-z]{0,4})")
_VALUE = re.compile(
    rf"[ :=]{{1,3}}[-+<>]?[0-9]{{1,4}}(?:[.,x][0-9]{{1,4}})?(?: ?(?:{_UNITS}|gycm2|dan))?(?![\w:/.\"-]|[ -][0-9])"
    r"|(?<=ta) [0-9]{1,2}:[0-5][0-9](?![0-9:])| ?\((?:g|%|cm2|g/cm2|mm|ml)\)"
)
"""What tells a measured quantity from initials: a number that is no date, clock or distance in inches, or its unit."""
_DIGITS_OF_ID, _SHORTEST_OF_PROSE = 5, 9
_TICKS = re.compile(r"[il1|o0]{2,4}|([^\W_])\1{2,}")
_SEX_AGE = re.compile(r"[mf][01]?[0-9]{2}|[01]?[0-9]{2}[mfy]|0[0-9]{2}[dwmy]")
"""Nobody is 240 years old: `240m` is a length."""


def tokenise(folded: Folded) -> list[Token]:
    """The words of a folded text; a compound with unvouched parts is taken apart."""
    tokens: list[Token] = []
    caseless = folded.source.islower() or folded.source.upper() == folded.source.lower()
    for match in _TOKEN.finditer(folded.text):
        token = _token(folded, match, _standing_in_case(folded, match), caseless=caseless)
        parts = _WORD.finditer(folded.text, match.start(), match.end())
        for one in [token] if token.vouched else (_token_as_written(folded, part, caseless=caseless) for part in parts):
            is_sign = _is_sign(folded, one, tokens) or _is_read_as_l(folded, one)
            tokens.append(one.as_clinical() if is_sign else one)
    return tokens if caseless else _vouch_for_small_letters(_without_lone_everyday(tokens))


def _vouch_for_small_letters(tokens: list[Token]) -> list[Token]:
    words = words_in_small_letters(tokens)
    return [replace(t, standing=Standing.GENERAL, name=False, placed=True) if t in words else t for t in tokens]


def _without_lone_everyday(tokens: list[Token]) -> list[Token]:
    """An everyday word vouches for itself in prose: beside no other general word it may be a surname (Denaro)."""
    general = [token for token in tokens if token.standing is Standing.GENERAL]
    if len(general) != 1 or not general[0].capital or not _is_mere_word(general[0].text):
        return tokens
    return [replace(token, standing=Standing.UNKNOWN) if token is general[0] else token for token in tokens]


def _is_mere_word(word: str) -> bool:
    """Whether all that speaks for a folded word is prose: people say or write it, or the words that it joins."""
    vocabulary = load_vocabulary()
    return vocabulary.is_everyday(word) or (not vocabulary.is_safe(word) and is_compound_of_words(word))


def _is_sign(folded: Folded, token: Token, before: list[Token]) -> bool:
    """Whether what a short word touches tells that it is no name: `C+`, `W/O`, `H&N`, `T=5`, `200 MA`, `RAO 30`.

    So does how a unit is written (`8 daN`, `4h 51m`), and a word of another language before a side (`Flanke re`).
    """
    text = folded.text
    if token.standing is Standing.LETTER:
        return bool(
            _LETTER_BEFORE.search(text, max(0, token.start - 3), token.start) or _LETTER_AFTER.match(text, token.end)
        )
    if token.text == "re":
        return any(one.text in foreign_words() for one in before[-_NEAR_SIDE:])
    if token.text in _ANGLED:
        return _ANGLE.match(text, token.end) is not None
    if not before or not before[-1].text[0].isdigit():
        return False
    if token.text == "dan":
        return folded.written(token.start, token.end) == "daN"
    is_current = token.text == "ma" and _AMPERES.fullmatch(text, before[-1].start, token.end) is not None
    is_time = _HOURS.fullmatch(before[-1].text) is not None and _MINUTES.fullmatch(token.text) is not None
    return is_current or is_time


def _standing_in_case(folded: Folded, match: re.Match[str]) -> Standing:
    """What speaks for a word; nothing for one of capitals that is but like a clinical one in small letters."""
    in_small = folded.written(*match.span()).isupper() and _is_like_none_in_capitals(match.group())
    return Standing.UNKNOWN if in_small else standing_of(match.group())


@lru_cache(maxsize=16384)
def _is_like_none_in_capitals(word: str) -> bool:
    speaks = next((speaks for speaks, _ in _STANDINGS if speaks(word)), None)
    return speaks is is_misread and not is_misread(word, capitals=True)


def _is_read_as_l(folded: Folded, token: Token) -> bool:
    """Whether a word is a clinical one whose capital `I` was read as a small `l`: `lodine`, `CTDlvol`."""
    written = folded.written(token.start, token.end)
    read = _I_AS_L.sub("i", written)
    word, vocabulary = read.lower(), load_vocabulary()
    return read != written and word in vocabulary.words and not vocabulary.is_name(word)


def _token(folded: Folded, match: re.Match[str], standing: Standing, *, caseless: bool) -> Token:
    text, start = match.group(), match.start()
    first = folded.source[folded.place(start, start + 1)[0]]
    capital = caseless or not first.islower()
    return Token(start, match.end(), text, standing, load_vocabulary().is_name(text), capital)


def _token_as_written(folded: Folded, part: re.Match[str], *, caseless: bool) -> Token:
    """A word with what speaks for it, alone or taken apart where case changes or numbers begin."""
    token = _token(folded, part, _standing_in_case(folded, part), caseless=caseless)
    glued = not token.vouched and is_glued(folded.written(*part.span()))
    return token.as_clinical() if glued else token


@lru_cache(maxsize=65536)
def standing_of(word: str) -> Standing:
    """What speaks for a folded word."""
    return next((standing for speaks, standing in _STANDINGS if speaks(word)), Standing.UNKNOWN)


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isascii() and word.isalpha()


def _is_general(word: str) -> bool:
    return word in load_vocabulary().general


def _is_clinical(word: str) -> bool:
    return load_vocabulary().is_clinical(word) or is_clinical_in_script(word)


def _is_safe(word: str) -> bool:
    return load_vocabulary().is_safe(word)


def _is_of_prose(word: str) -> bool:
    """Whether a folded word is a longer one of prose; of the shorter, surnames are made (Lehm, Karpfen)."""
    return len(word) >= _SHORTEST_OF_PROSE and word in load_vocabulary().prose


def _is_elided(word: str) -> bool:
    """Whether an article without its vowel stands before a word that is vouched for, and no name: `l'épaule`."""
    match = _ELIDED.match(word)
    if match is None or load_vocabulary().is_name(word[match.end() :]):
        return False
    return standing_of(word[match.end() :]) in (Standing.CLINICAL, Standing.GENERAL)


def _is_number(word: str) -> bool:
    if not word.isascii() or len(word) > LONGEST_WORD or _SEX_AGE.fullmatch(word):
        return False
    forms = (_MEASUREMENT, _MEASUREMENTS, _MATRIX, _COUNTED, _TICKS)
    if any(form.fullmatch(word) for form in forms) or _MEASUREMENT.fullmatch(as_digits(word)):
        return True
    return all(_MEASUREMENT.fullmatch(part) for part in re.split(r"[-.*]", word))


def _is_code(word: str) -> bool:
    """Scanner codes: a probe `C5-1` or `3C5s`, a kernel `B30f`, a weighting `T2`, a label `SE4`, `3DAC`, `18ph`."""
    if _SEX_AGE.fullmatch(word):
        return False
    if _CODE.fullmatch(word):
        return True
    match = _LABELLED.fullmatch(word)
    words = load_vocabulary().words
    counted = _COUNTED_WORD.fullmatch(word)
    if counted is not None and counted[1] in words and counted[1] not in _AGES | LABELS:
        return True
    if match is not None and len(match[1]) == 1 and len(match[2]) >= _DIGITS_OF_ID:
        return False  # `H34241` is a number of someone's
    if match is not None and _is_label(match[1]) and (not match[3] or match[3] in words):
        return match[1] not in LABELS or len(match[2]) < SHORTEST_ID
    parts = word.split("-")
    return len(parts) > 1 and all(_CODE.fullmatch(part) or _MEASUREMENT.fullmatch(part) for part in parts)


def _is_label(word: str) -> bool:
    """Whether a number may follow a word: a clinical word, or some joined (`matchctac`)."""
    return word in load_vocabulary().words or is_compound(word)


_STANDINGS = (
    (_is_letter, Standing.LETTER),
    (_is_general, Standing.GENERAL),
    (_is_clinical, Standing.CLINICAL),
    (_is_number, Standing.NUMBER),
    (_is_code, Standing.CLINICAL),
    (_is_safe, Standing.GENERAL),
    (_is_elided, Standing.CLINICAL),
    (is_medical_form, Standing.CLINICAL),
    (is_misread, Standing.CLINICAL),
    (is_truncated, Standing.CLINICAL),
    (is_clinical_compound, Standing.CLINICAL),
    (_is_of_prose, Standing.GENERAL),
    (is_compound_of_words, Standing.GENERAL),
)
"""The first that speaks for a word decides."""


def protected_phrases(tokens: list[Token]) -> list[Span]:
    """Folded ranges of clinical phrases, such as `Baker's cyst`, whose words alone would not be vouched for."""
    book, words = load_phrases(), [token.text for token in tokens]
    spans: list[Span] = []
    for index, token in enumerate(tokens):
        if spans and token.start < spans[-1].end:
            continue
        length = book.longest(words, index)
        if length:
            spans.append(Span(token.start, tokens[index + length - 1].end, "phrase", "clinical phrase", 1.0))
    return spans


@lru_cache(maxsize=64)
def words_of(folded: Folded) -> list[Token]:
    """The words of a folded text, those inside a clinical phrase made clinical; kept for those who ask next."""
    return _vouch_for_values(folded, vouch_for_phrases(tokenise(folded)))


def vouch_for_phrases(tokens: list[Token]) -> list[Token]:
    """The tokens, those inside a clinical phrase made clinical."""
    spans = protected_phrases(tokens)
    if not spans:
        return tokens
    return [t.as_clinical() if covered(spans, t.start, t.end) else t for t in tokens]


def _vouch_for_values(folded: Folded, tokens: list[Token]) -> list[Token]:
    """The tokens, those made clinical that a value follows: `TA 02:33`, `SDD 120`, `BMC (g)`; not `AK 10:42:31`."""
    return [
        token.as_clinical()
        if token.text in words_of_section("letters that a value follows") and _VALUE.match(folded.text, token.end)
        else token
        for token in tokens
    ]
