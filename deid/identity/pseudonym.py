"""What replaces an identifying value: UIDs, dummies and patient pseudonyms, all made from the key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pydicom._uid_dict import UID_dictionary

from deid.attributes.vrs import CHARACTER_SET_VRS

if TYPE_CHECKING:
    from deid.identity.key import Key

_CLASS: Final = re.compile(r"1\.2\.840\.10008\.5\.1\.4(\.(0|[1-9][0-9]{0,2})){1,6}")
"""Under the root of service-object pairs, with numbers as small as the standard gives."""
_UID: Final = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+")
_MAX_UID: Final = 64
_PADDING: Final = " \0"
# No vowels, so that no word appears by chance; no 0, 1, I, L, O, which are taken for each other.
_ALPHABET: Final = "23456789BCDFGHJKMNPQRSTVWXYZ"
_PSEUDONYM_LENGTH: Final = 12
_DUMMY_LENGTH: Final = 8
_HASH_LENGTH: Final = 16
_HASH_NUMBERS: Final = 1_000_000_000
_FIXED_DUMMIES: Final[dict[str, Any]] = {
    "AS": "000Y",
    "AT": 0,
    "DA": "19000101",
    "DS": "0",
    "DT": "19000101000000",
    "FD": 0.0,
    "FL": 0.0,
    "IS": "0",
    "OB": bytes(2),
    "OD": bytes(8),
    "OF": bytes(4),
    "OL": bytes(4),
    "OV": bytes(8),
    "OW": bytes(2),
    "SL": 0,
    "SS": 0,
    "SV": 0,
    "TM": "000000",
    "UL": 0,
    "UN": bytes(2),
    "US": 0,
    "UV": 0,
}


def patient_pseudonym(key: Key, scope: tuple[str, ...]) -> str:
    """The pseudonymous patient ID of a subject's scope: `DEID-` and 12 letters and digits (57 bits)."""
    return f"DEID-{_code(key.derive('pseudonym', *scope), _PSEUDONYM_LENGTH)}"


def new_uid(key: Key, uid: str) -> str:
    """The UID that replaces `uid` everywhere: `2.25.` and 128 bits from the key (PS3.5 B.2).

    UIDs that the standard registers (PS3.6 Annex A) name classes, syntaxes and the like, and are returned as they are;
    so is what has the shape of a class, which may be newer than the table at hand; and an empty one, which names
    nothing. Other UIDs under the DICOM root are made by systems that should not, and hold numbers and dates like any.
    """
    stripped = uid.strip(_PADDING)
    if not stripped or stripped in UID_dictionary or _CLASS.fullmatch(stripped):
        return stripped
    return f"2.25.{int.from_bytes(key.derive('uid', stripped)[:16], 'big')}"


def is_valid_uid(uid: str) -> bool:
    """Whether `uid` is a UID by PS3.5 9.1: at most 64 characters, numbers without leading zeros."""
    return len(uid) <= _MAX_UID and _UID.fullmatch(uid) is not None


def dummy_value(key: Key, vr: str, original: str) -> Any:  # noqa: ANN401 - its type depends on the VR
    """The non-empty dummy of action D for a VR, as pydicom's `DataElement.value` takes it (PS3.15 E.1).

    Texts become 8 letters and digits made from the key and the original, so equal values stay equal; numbers become 0,
    dates 19000101, UIDs a new UID, URIs a URN of one. VR alternatives such as `US or SS` take the first.

    Raises:
        ValueError: The VR is unknown or SQ: a sequence has no dummy of its own, its items have.
    """
    first = vr.split(" or ", maxsplit=1)[0]
    text = original.strip(_PADDING)
    if first in CHARACTER_SET_VRS:
        return _code(key.derive("dummy", text), _DUMMY_LENGTH)
    if first == "UI":
        return _dummy_uid(key, text)
    if first == "UR":
        return f"urn:oid:{_dummy_uid(key, text)}"
    if first not in _FIXED_DUMMIES:
        raise ValueError(f"no dummy for VR {first}")
    return _FIXED_DUMMIES[first]


def hashed_value(key: Key, original: str) -> str:
    """What stands for a text: 16 letters and digits (75 bits), which fit every VR of texts; padding does not count."""
    return _code(key.derive("hash", original.strip(_PADDING)), _HASH_LENGTH)


def hashed_number(key: Key, original: str) -> str:
    """What stands for a number: another of up to 9 digits (30 bits), which fits IS and DS."""
    return str(int.from_bytes(key.derive("hash", original.strip(_PADDING)), "big") % _HASH_NUMBERS)


def _dummy_uid(key: Key, original: str) -> str:
    """A replaced UID even where `new_uid` would leave the original."""
    uid = new_uid(key, original)
    return uid if uid != original else new_uid(key, f"dummy:{original}")


def _code(data: bytes, length: int) -> str:
    number = int.from_bytes(data, "big")
    characters = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        characters.append(_ALPHABET[digit])
    return "".join(characters)
