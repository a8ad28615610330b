"""The forms that identify by themselves, as regular expressions over folded text. Every repetition is bounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.text.lazily import compile_lazily
from deid.text.patterns.ages import ANY_AGE, OVER_89, SEX_AND_AGE
from deid.text.patterns.numbers import CONTACTS, NATIONAL_NUMBERS, WORDED_CONTACTS

if TYPE_CHECKING:
    import re

_STATES = (
    "a[klrz]|c[aot]|d[ce]|fl|ga|hi|i[adln]|k[sy]|la|m[adeinost]|n[cdehjmvy]|o[hkr]|pa|ri|s[cd]|t[nx]|ut|v[ati]|w[aivy]"
)
_BEFORE_TOWN = r"(?<![\w.])[0-9]{1,5}[a-z]?,? (?:[a-z][a-z.'-]{0,20} ){1,4}?[a-z]{2,12}\.?, ?"
_UK_AREAS = (
    "a[bl]|b[abdhlnrst]?|c[abfhmortvw]|d[adeghlnty]|e[chnx]?|f[ky]|g[luy]?|h[adgprsux]|i[gpmv]|j[e]|k[atwy]|l[adelnsu]?|"
    "m[ekl]?|n[egnprw]?|o[lx]|p[aehlor]|rg|rh|rm|s[aegklmnoprstwy]?|t[adfnqrsw]|u[b]|w[acdfnrsv]?|yo|z[e]"
)


@dataclass(frozen=True, slots=True)
class Form:
    """A form, what it is evidence of, and how strong; `repaired`: looked for with misread digits repaired.

    A text with fewer digits than `fewest` need not be searched.
    """

    kind: str
    reason: str
    score: float
    expression: re.Pattern[str]
    repaired: bool = False
    fewest: int = 1


def _form(kind: str, reason: str, score: float, expression: str | re.Pattern[str], *, fewest: int = 1) -> Form:
    compiled = compile_lazily(expression) if isinstance(expression, str) else expression
    return Form(kind, reason, score, compiled, fewest=fewest)


def _number_form(kind: str, reason: str, score: float, expression: str, *, fewest: int = 6) -> Form:
    return Form(kind, reason, score, compile_lazily(expression), repaired=True, fewest=fewest)


_CLOCK = r"[0-2]?[0-9][:.h][0-5][0-9](?:[:.][0-5][0-9](?:[.,][0-9]{1,6})?)?(?: ?[ap]\.?m\b\.?)?"
_ZONE = r"(?: ?(?:utc|gmt|e[sd]t|c[sd]t|p[sd]t|cet|cest|uhr|uur|h|z|[+-][0-9]{2}:?[0-9]{2})(?![a-z0-9]))?"
TIME = compile_lazily(rf"(?<![0-9.:])(?:{_CLOCK}{_ZONE}|[0-2]?[0-9] ?(?:[ap]\.?m\b\.?|uhr\b|uur\b|h\b))(?![0-9:])")
"""A time of day, which identifies only beside a date."""

FORMS = (
    *(
        _form("contact", reason, score, expression, fewest=0)
        if reason in WORDED_CONTACTS
        else _number_form("contact", reason, score, expression, fewest=3)
        for reason, score, expression in CONTACTS
    ),
    _number_form(
        "contact",
        "telephone number",
        0.9,
        r"(?<![0-9.])(?:\+?1[-. ]?)?(?:\(?[2-9][0-9]{2}\)?[-. ]{1,2}|\([0-9]{3}\)[-. ]{0,2})[0-9]{3}[-. ][0-9]{4}"
        r"(?: ?(?:x|ext\.?) ?[0-9]{1,6})?(?![0-9])",
    ),
    *(_number_form("identifier", reason, 0.85, expression, fewest=3) for reason, expression in NATIONAL_NUMBERS),
    _number_form("identifier", "social security number", 0.9, r"(?<![0-9-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9-])"),
    _form("identifier", "unique identifier", 0.9, r"(?<![0-9.])[0-2](?:\.[0-9]{1,39}){5,30}", fewest=6),
    _number_form(
        "identifier",
        "long number",
        0.8,
        r"(?<![0-9.,])(?:[0-9]{1,4}[-/])?[0-9]{7,64}(?:[-/][0-9]{1,6})?(?![0-9])(?!\.[0-9])",
    ),
    _number_form(
        "identifier",
        "hyphenated number",
        0.75,
        r"(?<![0-9])(?<![0-9]\.)[0-9]{2,14}(?:-[0-9]{2,14}){1,4}(?![0-9]|[.-][0-9])",
        fewest=4,
    ),
    # `080374`, `740308`: six digits alone are said of next to nothing but a day (`_CHECKS` asks whether they are one).
    _form(
        "date",
        "day in six digits",
        0.7,
        r"(?<![a-z0-9])(?<![0-9][.,:/-])[0-9]{6}(?![a-z0-9])(?![.,:/-][0-9])"
        r"(?! ?(?:iu|ie|ui|u|ms|hz|rpm|cps|counts|kbq|bq|cells|per|pro|x|/)(?![a-z]))",
        fewest=6,
    ),
    # Of a specimen: laboratories count from one each year, `H24/12345`, `SP-2024.01234`. `CT12/2019` is a month.
    _form(
        "identifier",
        "number of a specimen",
        0.8,
        r"(?<![a-z0-9.])[a-z]{1,3}-?(?:[0-9]{2}[-/](?!(?:19|20)[0-9]{2}(?![0-9]))|20[0-9]{2}[-/.])[0-9]{4,6}"
        r"(?:-[0-9]{1,3})?(?![a-z0-9])",
        fewest=6,
    ),
    _form(
        "identifier",
        "number with letters",
        0.8,
        r"(?<![a-z0-9])(?<![0-9]\.)(?=[a-z0-9]{0,12}[0-9]{5})(?=[0-9]{0,12}[a-z])[a-z0-9]{7,24}(?![a-z0-9])",
        fewest=5,
    ),
    # Before the number may stand letters of any meaning, `CT123456`; so few digits need an unknown word before them.
    _form(
        "identifier",
        "letters with a number",
        0.7,
        r"(?<![a-z0-9.])[a-z]{3}[0-9]{4}(?![a-z0-9.])",
        fewest=4,
    ),
    _form(
        "place",
        "street, town and postcode",
        0.9,
        rf"{_BEFORE_TOWN}[a-z][a-z.'-]{{1,20}}(?: [a-z.'-]{{2,20}})?,? {{0,2}}(?:{_STATES})[ ,.]{{1,2}}"
        r"[0-9]{5}(?:-[0-9]{4})?(?![0-9])",
        fewest=5,
    ),
    _form(
        "address",
        "house and flat",
        0.85,
        r"(?<![\w.])[0-9]{1,5} (?:[a-z][a-z.'-]{0,20} ){1,4}(?:apt|apartment|suite|ste|flat)\.? ?#?[0-9]{1,5}[a-z]?"
        r"(?![a-z0-9])(?:[, ]{1,3}[a-z][a-z.'-]{1,20}(?: [a-z.'-]{2,20}){0,2},? "
        rf"(?:{_STATES}),? [0-9]{{5}}(?:-[0-9]{{4}})?)?",
        fewest=2,
    ),
    _form(
        "address",
        "address of the forces",
        0.9,
        r"(?<![a-z])(?:psc|cmr|unit|usns|usnv|uss|uscgc) [a-z0-9]{1,15},? (?:box [0-9]{1,5},? )?"
        r"(?:apo|fpo|dpo),? a[aep],? [0-9]{5}(?:-[0-9]{4})?(?![0-9])",
        fewest=5,
    ),
    _form(
        "address",
        "town with its postcode",
        0.85,
        rf"(?<![a-z])[a-z][a-z.'-]{{1,20}}(?: [a-z.'-]{{2,20}})?,? {{0,2}}(?:{_STATES})[ ,.]{{1,2}}"
        r"[0-9]{5}(?:-[0-9]{4})?(?![0-9])",
        fewest=5,
    ),
    _form(
        "address",
        "town with its postcode",
        0.8,
        r"(?<![a-z0-9])(?:(?:d|a|ch|f|b|nl|i|e|p)-[0-9]{4,5}|(?<![0-9.,:/-])[0-9]{5}(?!-)) [a-z][a-z-]{2,24}",
        fewest=4,
    ),
    _form(
        "address", "town with its postcode", 0.8, r"(?<![a-z0-9.,-])[1-9][0-9]{3} [a-z]{2},? [a-z'-]{3,24}", fewest=4
    ),
    _form(
        "place",
        "postcode",
        0.75,
        rf"(?<![a-z0-9.,/-])(?:{_UK_AREAS})[0-9][0-9a-z]? [0-9](?!(?:st|nd|rd|th)(?![a-z]))[abd-hjlnp-uw-z]{{2}}"
        r"(?![a-z0-9/-])",
    ),
    _form("place", "postcode", 0.75, r"(?<![a-z0-9])[abceghj-nprstvxy][0-9][a-z] [0-9][a-z][0-9](?![a-z0-9])"),
    _form(
        "place",
        "postal box",
        0.85,
        r"(?<![a-z])(?:p\.? ?o\.? box|postfach|boite postale|apartado(?: de correos)?|postbus) [0-9]{1,6}",
    ),
    *(_form("age", "age over 89", 0.85, expression, fewest=0) for expression in OVER_89),
)
"""What identifies in any text."""

_NO_AXES = "(?<!axes )(?<!-t )"
"""Of an electrocardiogram: `P-R-T 54 32 41`."""

LINE_FORMS = (
    Form("age", "age", 0.7, ANY_AGE, repaired=True),
    _form("age", "sex and age", 0.7, SEX_AND_AGE),
    _number_form(
        "identifier",
        "groups of digits",
        0.6,
        rf"{_NO_AXES}(?<![0-9./-])[0-9]{{2}}([-./ ])[0-9]{{2}}\1[0-9]{{2}}(?![0-9./-])",
    ),
    _form("identifier", "long number", 0.7, r"(?<![0-9.,])[0-9]{6}(?![0-9])(?!\.[0-9])"),
    # A date that lost one of its separators: `02.052012`.
    _number_form(
        "date",
        "date",
        0.8,
        r"(?<![\w.])(?:[0-3][0-9][./-][01][0-9]|[0-3][0-9][01][0-9][./-]|[01][0-9][./-][0-3][0-9])(?:19|20)[0-9]{2}(?![\w.])",
    ),
    # A date with its time glued to it, a number with its dots: whatever it is, it is long enough to single someone out.
    _number_form(
        "identifier",
        "many digits",
        0.7,
        r"(?<![\w.])(?![0-9]{1,3}\.[0-9]{1,3}/[0-9]\.[0-9]{1,3}:1(?![0-9]))[0-9](?:[.:/-]?[0-9]){8,40}(?![\w])",
    ),
    _number_form(
        "identifier",
        "groups of digits",
        0.6,
        rf"{_NO_AXES}(?<![0-9.,-])[0-9]{{2,4}}(?: [0-9]{{2,5}}){{2,5}}(?![0-9.])",
    ),
    _form(
        "identifier",
        "number with letters",
        0.7,
        r"(?<![\w.-])(?!ww|wl|wc|tr|te|ti|td|et|se|im|sl|fa|fr|pr|hz|kv|ma|bw|vb|dr|us)[a-z]{2}[0-9]{4}(?![\w.-])",
        fewest=4,
    ),
    # A word of radiology vouches for a number of at most three digits, unless it is a parameter.
    _form(
        "identifier",
        "number with letters",
        0.7,
        r"(?<![\w.-])(?!fov|thk|ser|ima|img|acq|frm|kvp|mas|mhz|khz|rot|bpm|roi|avg|max|min|sum|seq|scn|num|res|mtx|pix|del|dly|tis|dwi|adc)"
        r"[a-z]{3}[0-9]{4}(?![\w.-])",
        fewest=4,
    ),
    _form(
        "contact",
        "telephone number, in part",
        0.7,
        r"(?<![\w)])\([0-9]{3}\)(?: ?[0-9]{1,3}(?:-(?:[0-9]{1,4})?)?)?(?![\w(])",
        fewest=3,
    ),
    _form("date", "date, in part", 0.7, r"(?<![a-z0-9])(?:date|dob|born)[.: ]{0,2}[0-9]{1,6}\s*\Z"),
    _form(
        "date",
        "date, in part",
        0.7,
        r"(?<![0-9.])[0-9]{2}([-/.])[0-9]{2}\1(?:19|20)[0-9](?![0-9./-])",
        fewest=7,
    ),
    # No calendar day, but written like one: a digit or a letter of the month was misread.
    _form(
        "date",
        "date, as misread",
        0.7,
        r"(?<![a-z0-9.])[0-3oil]?[0-9oil]([-/.])[a-z0-9]{3}\1(?:1[89]|20)[0-9]{2}(?![0-9.])",
        fewest=4,
    ),
    _number_form("date", "date, as misread", 0.7, r"(?<![0-9.])[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{4}(?![0-9.])"),
    _number_form(
        "date",
        "date, as misread",
        0.7,
        r"(?<![\w./-])(?=[0-9./-]{0,9}\.)[0-9]\.?[0-9]?[/-][0-9]\.?[0-9]?[/-][0-9](?:\.?[0-9]){1,3}(?![\w/-])",
        fewest=5,
    ),
    _number_form("date", "date, as misread", 0.7, r"(?<![0-9.])[0-9]{4}([-/.])[0-9]{2}\1[0-9]{2}(?![0-9.])"),
)
"""What more identifies on a line of pixels."""
