"""What coded frames carry that no decoder shows: comments, application segments, bytes between the data of scans.

Redaction leaves them as they are, so an instance with identifying ones may not be released.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydicom.uid import RLELossless

from deid.errors import InstanceError, Reason
from deid.identity.known_values import ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.identity.known_values import KnownValue
    from deid.pixels.frames.image import PixelImage
    from deid.text import TextEngine

_PICTURES = (b"Exif\0", b"\xff\xd8\xff", b"JFIF\0", b"JFXX\0")
_PROFILE_SEGMENT = b"ICC_PROFILE\0"
_PROFILE_MARK, _BEFORE_MARK, _PROFILE_HEADER = b"acsp", 36, 128
"""Bytes of a colour profile before its mark, and of its header, which begins with its length (ICC.1:2022, 7.2)."""
_PRINTED = re.compile(r"[^\W_][^\x00-\x1f\x7f-\x9f\ufffd]{3,}")
_WIDE = re.compile(rb"(?:[ -~]\0){4,}|(?:\0[ -~]){4,}")
"""Latin letters in UTF-16, of either byte order."""
_MARK = 4
"""Bytes beside them in a segment that is nothing else: a byte order mark, a final zero."""
_WRITERS = re.compile(
    r"kdu-layer-info: log_2\{delta-d\([a-z-]{3,16}\)/delta-l\(bytes\)\}, l\(bytes\)|(?:(?:created|written) by )?(?:"
    r"adobe photoshop|aware|comprimato|eastman kodak|gimp|grok|hp labs|jasper|kakadu|lead technologies|"
    r"mitra_dicom_standard|openjpeg|pegasus imaging|pictools|pvrg)(?![^\W_])|copyright.*",
    re.IGNORECASE,
)
"""Names of programs and their makers, which encoders write into the comments of their streams."""
_NAMING = frozenset({ValueKind.PATIENT_NAME, ValueKind.PERSON_NAME, ValueKind.PATIENT_ID, ValueKind.IDENTIFIER})
_SHORTEST_RAW = 6
"""Bytes; shorter values turn up in coded pixels by chance."""
_HOLDING_SAMPLES = frozenset({RLELossless, "1.2.840.10008.1.2.1.98"})
"""RLE, and encapsulated but not coded: samples stand there as they are, and greys of 48 to 57 are digits, so that
smooth shadows say numbers."""


def check_streams(image: PixelImage, known: Sequence[KnownValue], engine: TextEngine, *, coded: bool) -> None:
    """Look into the coded frames of an instance, but not at their pixels.

    Comments and application segments may hold nothing that identifies anybody, known or not. Names and identifiers of
    the header may stand nowhere in the coded bytes; mere numbers may where these are samples.

    Raises:
        InstanceError: UNCHECKED_CONTENT for a picture, EXIF data, or a comment that may name somebody;
            KNOWN_VALUE_LEFT for an identifying value of the header.
    """
    forms = sorted(_raw_forms(known)) if coded else []
    if image.transfer_syntax in _HOLDING_SAMPLES:
        forms = [form for form in forms if not form.isdigit()]
    segments: set[bytes] = set()
    for index in range(image.format.frames):
        segments.update(image.metadata(index))
        frame = image.encoded_frame(index) if forms else b""
        if any(form in frame for form in forms):
            raise InstanceError(Reason.KNOWN_VALUE_LEFT, "in the bytes of a coded frame")
    for segment in sorted(segments):
        _check_segment(segment, known, engine)


def _check_segment(segment: bytes, known: Sequence[KnownValue], engine: TextEngine) -> None:
    if any(mark in segment for mark in _PICTURES):
        raise InstanceError(Reason.UNCHECKED_CONTENT, "a coded frame carries EXIF data or another picture")
    for text in sorted({segment.decode("latin-1"), segment.decode("utf-8", "replace")}):
        spans = engine.find_known(text, known, strict=True)
        if spans:
            raise InstanceError(Reason.KNOWN_VALUE_LEFT, f"in a comment of a coded frame: {spans[0].kind}")
    if any(_names_somebody(*text, engine) for text in _printed(_without_profiles(segment))):
        raise InstanceError(Reason.UNCHECKED_CONTENT, "a comment of a coded frame may name somebody")


def _without_profiles(segment: bytes) -> bytes:
    """The segment without colour profiles, whose texts name their makers."""
    if segment.startswith(_PROFILE_SEGMENT):
        return b""
    place = segment.find(_PROFILE_MARK)
    while place >= 0:
        start = place - _BEFORE_MARK
        length = int.from_bytes(segment[start : start + 4], "big") if start >= 0 else 0
        if _PROFILE_HEADER <= length <= len(segment) - start:
            segment = segment[:start] + segment[start + length :]
            place = start - 1
        place = segment.find(_PROFILE_MARK, place + 1)
    return segment


def _printed(segment: bytes) -> Iterator[tuple[str, bool]]:
    """The texts in a segment, and whether all of it is text."""
    try:
        text = segment.decode("utf-8")
    except UnicodeDecodeError:
        text = segment.decode("latin-1")
    found = _PRINTED.findall(text)
    whole = len(found) == 1 and len(found[0]) + 1 >= len(text.strip("\0"))
    yield from ((_WRITERS.sub("", one), whole) for one in found)
    for wide in _WIDE.findall(segment):
        yield _WRITERS.sub("", wide.replace(b"\0", b"").decode()), len(wide) + _MARK >= len(segment)


def _names_somebody(text: str, whole: bool, engine: TextEngine) -> bool:
    """Whether something in it identifies; among other data nothing counts that is only guessed, or of no known form."""
    spans = engine.clean(text, ()).spans
    return any(whole or not (span.is_inferred or span.kind == "unknown") for span in spans)


def _raw_forms(known: Sequence[KnownValue]) -> set[bytes]:
    """Names, their parts, and identifiers as they would be written, long enough not to be there by chance."""
    texts = {value.text for value in known if value.kind in _NAMING}
    texts |= {part for text in texts for part in re.split(r"[\^=,\s]+", text)}
    texts |= {text.upper() for text in texts}
    forms = {text.encode(encoding, "ignore") for text in texts for encoding in ("utf-8", "latin-1")}
    return {form for form in forms if len(form) >= _SHORTEST_RAW}
