"""Known names in texts of another character set than the name's: UTF-8 in a file of GB18030, Shift JIS in one of ASCII.

Modalities, gateways and archives write into one file in their own character sets, and one declaration can't be right
for all. Read by it, such a name is other letters; its bytes tell. Those of the name in all character sets that are in
use are looked for, and where the name itself may have been misread as Latin-1, of what it would be in those.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from deid.identity.known_values import KnownValue, ValueKind
from deid.text.known.strength import NAMES, is_wide
from deid.text.miscoded import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDE_CODECS: Final = ("utf-8", "gb18030", "big5", "cp932", "euc_jp", "cp949")
_LATIN_CODECS: Final = (
    *("latin-1", "cp1250", "cp1252", "cp1254", "cp1257", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-15"),
    *("cp437", "cp850", "cp852", "mac-roman"),
)
_OTHER_CODECS: Final = (
    *("iso8859-5", "cp1251", "cp866", "koi8-r", "iso8859-7", "cp1253", "iso8859-8", "cp1255"),
    *("iso8859-6", "cp1256", "cp874"),
)
_CODECS: Final = (*_WIDE_CODECS, "utf-16-le", *_LATIN_CODECS, *_OTHER_CODECS)
_ESCAPED: Final = "iso2022-jp"
_ESCAPE: Final = b"\x1b$"
_BACK: Final = len(b"\x1b(B")
_FEWEST_LETTERS, _FEWEST_WIDE, _FEWEST_BYTES = 4, 2, 4
_WHOLE: Final = frozenset({ValueKind.INSTITUTION, ValueKind.ADDRESS})
_LAST_LATIN_1: Final = "\xff"


def holds_recoded(data: bytes, text: str, known: tuple[KnownValue, ...]) -> bool:
    """Whether the bytes of a text hold a known name or institution in another character set.

    Args:
        data: The bytes.
        text: What was read from them: of a known name that stands there, other rules decide.
        known: The subject's known values.
    """
    escaped = _ESCAPE in data
    if data.isascii() and not escaped:
        return False
    folded = text.casefold()
    return any(
        form in data and (escaped or not form.isascii()) and (not word or word not in folded)
        for form, word in _forms_of(known)
    )


@lru_cache(maxsize=256)
def _forms_of(known: tuple[KnownValue, ...]) -> tuple[tuple[bytes, str], ...]:
    """The bytes to look for, with the word that they are; none where only another reading of the name is that word."""
    forms: dict[bytes, str] = {}
    for value in known:
        for reading in _readings(value.text):
            for word in filter(_is_distinct, _words_of(reading, value.kind)):
                own = word.casefold() if reading == value.text else ""
                forms |= {form: own for form in _encoded(word) if form not in forms}
    return tuple((form, word) for form, word in sorted(forms.items()) if len(form) >= _FEWEST_BYTES)


def _words_of(text: str, kind: ValueKind) -> tuple[str, ...]:
    if kind in NAMES:
        parts = PARTS.split(text)
        return (*parts, "".join(parts)) if is_wide(text) else tuple(parts)
    return (text.strip(),) if kind in _WHOLE else ()


def _is_distinct(word: str) -> bool:
    return not word.isascii() and len(word) >= (_FEWEST_WIDE if is_wide(word) else _FEWEST_LETTERS)


def _readings(text: str) -> Iterator[str]:
    """A name as it was read, and as it would be in character sets that were taken for Latin-1 or ASCII."""
    yield text
    if max(text, default="") > _LAST_LATIN_1:
        return
    raw = text.encode("latin-1")
    codecs = (_ESCAPED,) if _ESCAPE in raw else () if raw.isascii() else (*_WIDE_CODECS, *_LATIN_CODECS, *_OTHER_CODECS)
    for codec in codecs:
        with suppress(UnicodeDecodeError):
            reading = raw.decode(codec)
            if _is_name(reading, mixed=codec in _LATIN_CODECS):
                yield reading


def _is_name(text: str, *, mixed: bool) -> bool:
    """Whether there are letters only; in scripts that are not Latin, none of ASCII in the same part."""
    parts = [part for part in PARTS.split(text) if part]
    letters = all(part.replace("-", "").isalpha() for part in parts)
    return letters and (mixed or all(part.isascii() or not any(map(str.isascii, part)) for part in parts))


def _encoded(word: str) -> Iterator[bytes]:
    for cased in {word, word.lower(), word.upper(), word.title()}:
        for codec in _CODECS:
            with suppress(UnicodeEncodeError):
                yield cased.encode(codec)
    with suppress(UnicodeEncodeError):
        yield word.encode(_ESCAPED)[len(_ESCAPE) + 1 : -_BACK]
