"""The forms that identify by themselves, as regular expressions over folded text. Every repetition is bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STATES = (
    "a[klrz]|c[aot]|d[ce]|fl|ga|hi|i[adln]|k[sy]|la|m[adeinost]|n[cdehjmvy]|o[hkr]|pa|ri|s[cd]|t[nx]|ut|v[ati]|w[aivy]"
)
_STREETS = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|drive|court|parkway|pkwy|highway|hwy|square|terrace|"
    r"crescent|close)(?![a-z])\.?"
)
_STREET_ADDRESS = r"(?<![\w.])[0-9]{1,5}[a-z]?,? (?:[nsew]\.? )?(?:[a-z][a-z.'-]{0,20} ){1,3}" + _STREETS
_YEARS_OLD = r"[- ]{0,2}(?:y/?o|yrs?[- ]{0,2}old|years?[- ]{0,2}old"


@dataclass(frozen=True, slots=True)
class Form:
    """A form, what it is evidence of, and how strong; `repaired`: looked for with misread digits repaired."""

    kind: str
    reason: str
    score: float
    expression: re.Pattern[str]
    repaired: bool = False


def _form(kind: str, reason: str, score: float, expression: str) -> Form:
    return Form(kind, reason, score, re.compile(expression))


def _number_form(kind: str, reason: str, score: float, expression: str) -> Form:
    return Form(kind, reason, score, re.compile(expression), repaired=True)


TIME = re.compile(
    r"(?<![0-9.:])[0-2]?[0-9][:.h][0-5][0-9](?:[:.][0-5][0-9](?:[.,][0-9]{1,6})?)?"
    r"(?: ?[ap]\.?m\b\.?)?(?: ?(?:utc|gmt|est|edt|cst|pst|cet))?(?![0-9:])"
)

FORMS = (
    _form(
        "contact",
        "e-mail address",
        1.0,
        r"(?<![\w.%+-])[\w.%+-]{1,64} ?@ ?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}",
    ),
    _form("contact", "web address", 0.9, r"(?:https?://|ftp://|www\.)[^\s<>\"]{1,2000}"),
    _form("contact", "network address", 0.6, r"(?<![0-9.])[1-9][0-9]{1,2}(?:\.[0-9]{1,3}){3}(?![0-9.])"),
    _number_form(
        "contact",
        "telephone number",
        0.9,
        r"(?<![0-9.])(?:\+?1[-. ]?)?\(?[2-9][0-9]{2}\)?[-. ]{1,2}[0-9]{3}[-. ][0-9]{4}"
        r"(?: ?(?:x|ext\.?) ?[0-9]{1,6})?(?![0-9])",
    ),
    _form(
        "contact",
        "telephone number",
        0.85,
        r"(?<![0-9])(?:\+|00)[1-9][0-9]{0,2}[ ()./-]{0,3}(?:[0-9]{1,4}[ ()./-]{0,3}){2,5}[0-9]{2,4}",
    ),
    _form(
        "contact",
        "telephone number",
        0.85,
        r"(?<![a-z])(?:tel|phone|fax|telephone|telefon|telefax|tlf|telefono)[.: #]{1,4}[0-9+(][0-9 ()./-]{4,20}[0-9]",
    ),
    _number_form("identifier", "social security number", 0.9, r"(?<![0-9-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9-])"),
    _form("identifier", "national number", 0.85, r"(?<![0-9])[0-9]{3} [0-9]{3} [0-9]{4}(?![0-9])"),
    _form("identifier", "unique identifier", 0.9, r"(?<![0-9.])[0-2](?:\.[0-9]{1,39}){5,30}"),
    _number_form("identifier", "long number", 0.8, r"(?<![0-9.,])[0-9]{7,64}(?![0-9])(?!\.[0-9])"),
    _form("identifier", "hyphenated number", 0.75, r"(?<![0-9.])[0-9]{2,6}(?:-[0-9]{2,6}){1,4}(?![0-9.-])"),
    _form(
        "identifier",
        "number with letters",
        0.8,
        r"(?<![a-z0-9.])(?=[a-z0-9]{0,12}[0-9]{5})(?=[0-9]{0,12}[a-z])[a-z0-9]{7,24}(?![a-z0-9])",
    ),
    _form("address", "street address", 0.85, _STREET_ADDRESS),
    _form(
        "place",
        "street, town and postcode",
        0.9,
        rf"{_STREET_ADDRESS}[, ]{{1,3}}[a-z][a-z.'-]{{1,20}}(?: [a-z.'-]{{2,20}})?,? {{0,2}}(?:{_STATES})[ ,.]{{1,2}}"
        r"[0-9]{5}(?:-[0-9]{4})?(?![0-9])",
    ),
    _form(
        "address",
        "street address",
        0.85,
        r"(?<![a-z])[a-z][a-z.-]{1,24}(?:strasse|str\.|gasse|allee|platz|weg|straat|laan)"
        r"[ ,]{1,2}[0-9]{1,4}(?: ?[a-h])?(?![a-z0-9])",
    ),
    _form(
        "address",
        "street address",
        0.8,
        r"(?<![a-z])(?:rue|avenue|calle|via|viale|piazza|rua|avenida|plaza) (?:d[aeiou]l? )?"
        r"[a-z'-]{2,20}(?: [a-z'-]{2,20})?,? [0-9]{1,4}(?![0-9])",
    ),
    _form(
        "address",
        "town with its postcode",
        0.85,
        rf"(?<![a-z])[a-z][a-z.'-]{{1,20}}(?: [a-z.'-]{{2,20}})?,? {{0,2}}(?:{_STATES})[ ,.]{{1,2}}"
        r"[0-9]{5}(?:-[0-9]{4})?(?![0-9])",
    ),
    _form(
        "address",
        "town with its postcode",
        0.8,
        r"(?<![a-z0-9])(?:d|a|ch|f|b|nl|i|e|p)-[0-9]{4,5} [a-z][a-z-]{2,24}",
    ),
    _form("address", "postal box", 0.85, r"(?<![a-z])p\.? ?o\.? box [0-9]{1,6}"),
    _form(
        "age",
        "age over 89",
        0.85,
        rf"(?<![0-9.])(?:9[0-9]|1[0-2][0-9]){_YEARS_OLD}|ans|jahre alt|anos)(?![a-z])",
    ),
    _form("age", "age over 89", 0.85, r"(?<![a-z0-9])(?:09[0-9]|1[0-2][0-9])y(?![a-z0-9])"),
)
"""What identifies in any text."""

LINE_FORMS = (
    _form(
        "age",
        "age",
        0.7,
        rf"(?<![0-9.])(?:[0-9]{{1,3}}{_YEARS_OLD}|yrs?)|0[0-9]{{2}}[dwmy]|[0-9]{{1,2}}y)(?![a-z0-9])",
    ),
    _form(
        "age",
        "sex and age",
        0.7,
        r"(?<![a-z0-9.])(?:[mf][ /,-]{0,2}[0-9]{2,3}y?|[0-9]{2,3}y?[ /,-]{0,2}[mf])(?![a-z0-9/])",
    ),
    _form("identifier", "long number", 0.7, r"(?<![0-9.,])[0-9]{6}(?![0-9])(?!\.[0-9])"),
    # A date with its time glued to it, a number with its dots: whatever it is, it is long enough to single someone out.
    _number_form("identifier", "many digits", 0.7, r"(?<![\w.])[0-9](?:[.:/-]?[0-9]){8,40}(?![\w])"),
    # No calendar day, but written like one: a digit was misread.
    _number_form("date", "date, as misread", 0.7, r"(?<![0-9.])[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{4}(?![0-9.])"),
    _number_form("date", "date, as misread", 0.7, r"(?<![0-9.])[0-9]{4}([-/.])[0-9]{2}\1[0-9]{2}(?![0-9.])"),
)
"""What more identifies on a line of pixels."""
