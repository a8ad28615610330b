"""The texts of an attribute, in every reading that may be meant: they are looked for, so one too many does no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from deid.attributes.charset import decode_anyway
from deid.errors import InstanceError, Reason
from deid.plan import tag_text

if TYPE_CHECKING:
    from deid.attributes.attribute import Attribute

MAX_VALUE_BYTES: Final = 1 << 16
_SINGLE_VALUED: Final = frozenset({"LT", "ST", "UR", "UT"})


def texts_of(attribute: Attribute) -> tuple[str, ...]:
    """The values of an attribute as text, one for each value or line; also other readings of a doubtful encoding.

    Raises:
        InstanceError: MALFORMED, if it is too large for an identifying value or can't be had as text.
    """
    data = attribute.data
    if data is None or len(data) > MAX_VALUE_BYTES:
        raise InstanceError(Reason.MALFORMED, f"{tag_text(attribute.tag)} can't be read as an identifying value")
    readings = _readings(data, attribute.encodings, attribute.vr)
    return tuple(part for text in readings for part in _split(text, attribute.vr))


def _split(text: str, vr: str) -> list[str]:
    return text.splitlines() if vr in _SINGLE_VALUED else text.split("\\")


def _readings(data: bytes, encodings: tuple[str, ...], vr: str) -> tuple[str, ...]:
    """The text in the declared encoding, and where that is doubtful in those that scanners really write.

    A name in Latin-1 or UTF-8 without a Specific Character Set is common. As the readings are only looked for, one too
    many does no harm.
    """
    declared = decode_anyway(data, encodings, vr)
    if data.isascii():
        return (declared,)
    readings = [declared]
    try:
        readings.append(data.decode("utf-8"))
    except UnicodeDecodeError:
        readings.append(data.decode("latin-1"))
    return tuple(dict.fromkeys(readings))
