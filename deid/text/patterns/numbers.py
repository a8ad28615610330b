"""The forms of contacts and of national numbers, as expressions over folded text."""

from __future__ import annotations

_FREE, _END = r"(?<![\w.,/-])", r"(?![\w/-])(?!\.[0-9])"
_DOMAINS = "com|org|net|edu|gov|int|info|health|hospital|clinic|uk|de|fr|es|it|nl|pt|ch|at|be|eu|br|us|ca|au"
_HOST = rf"[a-z][a-z0-9-]{{2,40}}(?:\.[a-z0-9-]{{2,40}}){{0,3}}\.(?:{_DOMAINS})"
_CALLED = (
    "tel|telf|telef|tfno|tfn|tlfn|ph|phone|fax|telephone|telefon|telefax|tlf|telefono|telefone|telefoon|mobile?|cell|handy|movil|gsm|pager|beeper|bleep|"
    "(?<!/)(?:extension|ext)|durchwahl|dw"
)
_CALLING = "fax|call|contact|phone|tel|ring|page"
_NUMBERED = "sin|nif|nipc|niss|siren|bsn|sns|utente|rg|nss|id|no|nr"
_FRENCH = r"[12] [0-9]{2} (?:0[1-9]|1[0-2]|[2-9][0-9]) (?:[0-9]{2}|2[ab]) [0-9]{3} [0-9]{3}(?: [0-9]{2})?"

CONTACTS = (
    (
        "e-mail address",
        1.0,
        r"(?<![\w.%+'-])[\w.%+'-]{1,64} ?(?:@|[(\[]at[)\]]) ?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}",
    ),
    ("web address", 0.9, r"(?:https?://|ftp://|www\.|mailto:)[^\s<>\"]{1,2000}"),
    ("host name", 0.7, rf"(?<![\w.@-]){_HOST}(?![\w.])(?:/[^\s]{{0,200}})?"),
    ("network address", 0.6, r"(?<![0-9.])[1-9][0-9]{1,2}(?:\.[0-9]{1,3}){3}(?![0-9.])"),
    ("folder of a user", 0.8, r"(?:(?:[a-z]:)?[/\\](?:home|users|documents and settings)[/\\])[^/\\\s]{1,64}"),
    ("folder of a server", 0.8, r"(?<![\w\\])\\\\[a-z0-9][\w.-]{1,62}(?:\\[^\\\s]{1,200}){1,20}"),
    (
        "telephone number",
        0.85,
        r"(?<![0-9.,])(?:\+|00)(?=(?:[ ()./-]{0,3}[0-9]){7})[1-9][0-9 ()./-]{5,28}[0-9]",
    ),
    (
        "telephone number",
        0.85,
        rf"(?<![a-z])(?:{_CALLED})[.: #]{{1,4}}(?:x|ext[. ]{{0,2}})?[0-9+(][0-9 ()./-]{{2,20}}[0-9]",
    ),
    (
        "telephone number",
        0.8,
        rf"(?<![a-z])(?:{_CALLING})[a-z ,.]{{1,30}}[ :](?=(?:[^0-9]{{0,3}}[0-9]){{7}})[0-9+(][0-9 ()./-]{{5,20}}[0-9]",
    ),
    (
        "telephone number",
        0.75,
        rf"{_FREE}\(?0[1-9][0-9]{{0,4}}\)?[-/ ]{{1,3}}[0-9]{{3,9}}(?:[- ][0-9]{{2,5}}){{0,3}}{_END}",
    ),
    ("telephone number", 0.75, rf"{_FREE}0[1-9](?:[ .-][0-9]{{2}}){{4}}{_END}"),
    # Spain, Portugal, Poland; Brazil.
    ("telephone number in threes", 0.75, rf"{_FREE}[5-9][0-9]{{2}}([ .])[0-9]{{3}}\1[0-9]{{3}}{_END}"),
    ("telephone number", 0.8, rf"{_FREE}\([1-9][0-9]\) ?[0-9]{{4,5}}-[0-9]{{4}}{_END}"),
)
"""Reason, score and expression."""
WORDED_CONTACTS = frozenset({"e-mail address", "web address", "host name", "folder of a user", "folder of a server"})
"""The contacts that can be without a digit."""

NATIONAL_NUMBERS = (
    ("national number", r"(?<![0-9])[0-9]{3} [0-9]{3} [0-9]{4}(?![0-9])"),  # NHS (United Kingdom)
    (
        "national number",
        rf"{_FREE}[a-ceghj-pr-tw-z]{{2}} ?[0-9]{{2}} ?[0-9]{{2}} ?[0-9]{{2}} ?[a-d]{_END}",
    ),  # NINO (UK)
    ("national number", rf"{_FREE}[0-9]{{2}} [0-9]{{6}} [a-z] [0-9]{{3}}{_END}"),  # Sozialversicherung (Germany)
    ("national number", rf"{_FREE}{_FRENCH}{_END}"),  # NIR (France)
    ("national number", rf"{_FREE}[0-9]{{2}}\.?[0-9]{{3}}\.?[0-9]{{3}}[- ]?[a-z]{_END}"),  # DNI (Spain)
    ("national number", rf"{_FREE}[xyz]-?[0-9]{{7}}-?[a-z]{_END}"),  # NIE (Spain)
    (  # codice fiscale (Italy)
        "national number",
        rf"{_FREE}[a-z]{{3}} ?[a-z]{{3}} ?[0-9]{{2}}[a-ehlmprst][0-9]{{2}} ?[a-z][0-9]{{3}}[a-z]{_END}",
    ),
    ("national number", rf"{_FREE}[0-9]{{4}}\.[0-9]{{2}}\.[0-9]{{3}}{_END}"),  # BSN (Netherlands)
    ("national number", rf"{_FREE}756\.[0-9]{{4}}\.[0-9]{{4}}\.[0-9]{{2}}{_END}"),  # AHV (Switzerland)
    (
        "national number",
        rf"{_FREE}[0-9]{{4}} (?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{{2}}{_END}",
    ),  # SVNR (Austria)
    ("national number", rf"{_FREE}[0-9]{{2}}\.[0-9]{{2}}\.[0-9]{{2}}-[0-9]{{3}}\.[0-9]{{2}}{_END}"),  # Belgium
    ("national number", rf"{_FREE}[0-9]{{6}}[-+a][0-9]{{3}}[0-9a-z]{_END}"),  # Nordic countries
    ("national number", rf"{_FREE}[0-9]{{6}} [0-9]{{5}}{_END}"),  # Norway
    ("national number", rf"{_FREE}[0-9]{{6}}/[0-9]{{3,4}}{_END}"),  # Czechia, Slovakia
    ("national number", rf"{_FREE}[0-9]{{3}}\.[0-9]{{3}}\.[0-9]{{3}}-[0-9]{{2}}{_END}"),  # CPF (Brazil)
    ("national number", rf"{_FREE}[0-9]{{4}} [0-9]{{5}} [0-9]{_END}"),  # Medicare (Australia)
    ("national number", rf"{_FREE}[0-9]{{4}}(?:[ -][0-9]{{4}}){{2,3}}{_END}"),  # health and payment cards
    (  # a number of nine digits in groups, after what it is called
        "national number",
        rf"(?<![a-z])(?:{_NUMBERED})[.:# ]{{1,3}}[0-9]{{2,4}}(?:[ .-][0-9]{{2,4}}){{1,4}}(?![0-9])",
    ),
)
"""Reason and expression. Letters and digits without separators are long numbers anyway (`number with letters`)."""
