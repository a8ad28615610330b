"""Values that can't end where their reading ends: a telephone number of seven digits, a date without its year.

What was not read of them stands behind them all the same, too faint for the reader but not for a person.
"""

from __future__ import annotations

import re

from deid.text.patterns.dates import SHORT_MONTHS

_TELEPHONE = re.compile(r"\([0-9]{3}\) ?(?:[0-9]{1,3}(-(?:[0-9]{1,4})?)?)?\Z")
_DIGITS_OF_TELEPHONE = 10
_MONTH = f"(?:{'|'.join(SHORT_MONTHS)})"
_DATES = (
    (re.compile(r"(?<![0-9./-])(?:19|20)[0-9]{2}[-/.](?:[0-9]{1,2}(?:[-/.][0-9]?)?)?\Z"), 10),
    (re.compile(r"(?<![0-9./-])[0-9]{2}([-/.])(?:[0-9]{1,2}(?:\1[0-9]?)?)?\Z"), 8),
    (re.compile(r"(?<![0-9./-])[0-9]{2}([-/.])[0-9]{2}\1(?:19|20)[0-9]\Z"), 10),
    (re.compile(r"(?<![0-9./-])[0-9]{1,2}-[A-Za-z0-9]{3}-?[0-9]{0,3}\Z"), 11),
    (
        re.compile(
            rf"(?<![A-Za-z])(?:date|dob|born)[.: ]{{0,2}}(?P<value>[0-9]{{1,6}}|{_MONTH}[ .]?[0-9]{{0,2}})\Z",
            re.IGNORECASE,
        ),
        10,
    ),
)
"""With the length of a whole one."""


def missing(text: str) -> int:
    """How many characters of a value at the end of a line were not read; 0 where it may be whole."""
    telephone = _TELEPHONE.search(text)
    if telephone is not None:
        digits = sum(map(str.isdigit, telephone.group()))
        return max(_DIGITS_OF_TELEPHONE - digits + (telephone[1] is None), 0)
    for form, whole in _DATES:
        match = form.search(text)
        if match is not None:
            value = match["value"] if "value" in match.groupdict() else match.group()
            return max(whole - len(value), 0)
    return 0
