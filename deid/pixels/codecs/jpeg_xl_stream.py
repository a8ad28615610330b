"""The outside of a JPEG XL frame: the boxes of its container (ISO/IEC 18181-2) and the head of its codestream (-1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from deid.errors import InstanceError, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

CODESTREAM_START: Final = b"\xff\x0a"
CONTAINER_START: Final = b"\x00\x00\x00\x0cJXL \r\n\x87\n"
RECONSTRUCTION: Final = b"jbrd"
"""The box from which a recompressed JPEG stream is put together again, byte for byte."""
_COMPRESSED: Final = b"brob"
_STRUCTURE: Final = frozenset({b"JXL ", b"ftyp", b"jxll", b"jxli"})
_PARTS: Final = {b"jxlc": 0, b"jxlp": 4}
"""Boxes that hold the codestream, and how many bytes come before it in them."""
_BOX_HEAD: Final = 8
_LONG_BOX_HEAD: Final = 16
_RATIOS: Final = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_HEAD_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the container."""

    kind: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class JpegXlHead:
    """SizeHeader and BitDepth of a codestream."""

    rows: int
    columns: int
    precision: int


def boxes_of(frame: bytes) -> tuple[Box, ...]:
    """The boxes of a frame; none if it is a bare codestream.

    Raises:
        InstanceError: They are broken, or it is no JPEG XL at all.
    """
    if frame.startswith(CODESTREAM_START):
        return ()
    if not frame.startswith(CONTAINER_START):
        raise InstanceError(Reason.UNDECODABLE_PIXELS, "the frame is no JPEG XL stream")
    return tuple(_boxes(frame))


def _boxes(frame: bytes) -> Iterator[Box]:
    position, last = 0, len(frame.rstrip(b"\0"))
    while position < last:
        length, kind = int.from_bytes(frame[position : position + 4], "big"), frame[position + 4 : position + _BOX_HEAD]
        head = _BOX_HEAD
        if length == 1:
            length, head = int.from_bytes(frame[position + 8 : position + 16], "big"), _LONG_BOX_HEAD
        end = position + length if length else len(frame)
        if len(kind) < len(RECONSTRUCTION) or not position + head <= end <= len(frame):
            raise InstanceError(Reason.UNDECODABLE_PIXELS, "the boxes of a JPEG XL frame are broken")
        yield Box(kind, frame[position + head : end])
        position = end


def codestream(frame: bytes) -> bytes:
    """The codestream, taken out of its container.

    Raises:
        InstanceError: There is none.
    """
    boxes = boxes_of(frame)
    found = b"".join(box.content[_PARTS[box.kind] :] for box in boxes if box.kind in _PARTS) if boxes else frame
    if not found.startswith(CODESTREAM_START):
        raise InstanceError(Reason.UNDECODABLE_PIXELS, "a JPEG XL frame without a codestream")
    return found


def is_recompressed(frame: bytes) -> bool:
    """Whether a JPEG stream can be put together from the frame."""
    return any(box.kind == RECONSTRUCTION for box in boxes_of(frame))


def extra_boxes(frame: bytes) -> tuple[bytes, ...]:
    """What a container holds beside the picture: EXIF, XML, thumbnails.

    Raises:
        InstanceError: A box is compressed, so that nobody can look into it.
    """
    if any(box.kind == _COMPRESSED for box in boxes_of(frame)):
        raise InstanceError(Reason.UNCHECKED_CONTENT, "a JPEG XL frame with compressed metadata")
    known = _STRUCTURE | _PARTS.keys() | {RECONSTRUCTION}
    return tuple(box.kind + box.content for box in boxes_of(frame) if box.kind not in known)


def read_head(frame: bytes) -> JpegXlHead:
    """Read size and precision.

    Raises:
        InstanceError: The head is broken, or says of something that DICOM has no room for: another orientation,
            animation, a preview, floating point samples, extra channels.
    """
    bits = _Bits(codestream(frame)[len(CODESTREAM_START) : _HEAD_BYTES])
    rows, columns = _read_size(bits)
    if bits.take(1):
        return JpegXlHead(rows, columns, 8)
    # Orientation, intrinsic size, preview and animation; then samples in floating point.
    extra_fields = bits.take(1)
    if (extra_fields and (bits.take(3) or bits.take(3))) or bits.take(1):
        raise InstanceError(Reason.UNDECODABLE_PIXELS, "a JPEG XL frame with more than one plain picture")
    precision = bits.take_chosen((0, 8), (0, 10), (0, 12), (6, 1))
    bits.take(1)
    if bits.take(2):
        raise InstanceError(Reason.UNDECODABLE_PIXELS, "a JPEG XL frame with extra channels")
    return JpegXlHead(rows, columns, precision)


def _read_size(bits: _Bits) -> tuple[int, int]:
    """Rows and columns of SizeHeader."""
    small = bits.take(1)
    rows = _read_side(bits, small=small)
    ratio = bits.take(3)
    if not ratio:
        return rows, _read_side(bits, small=small)
    across, down = _RATIOS[ratio - 1]
    return rows, rows * across // down


def _read_side(bits: _Bits, *, small: int) -> int:
    return (bits.take(5) + 1) * 8 if small else bits.take_chosen((9, 1), (13, 1), (18, 1), (30, 1))


class _Bits:
    """Bits, the least significant of a byte first; behind the end they are zero."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        """An unsigned number of `count` bits."""
        number = self._value & ((1 << count) - 1)
        self._value >>= count
        return number

    def take_chosen(self, *choices: tuple[int, int]) -> int:
        """A U32: two bits choose among four pairs of a number of bits and what is added to them."""
        count, offset = choices[self.take(2)]
        return self.take(count) + offset
