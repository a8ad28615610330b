"""The marker segments of a JPEG interchange stream (ITU-T T.81 Annex B; T.87 for JPEG-LS)."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from deid.pixels.codecs.guard import StreamSize
from deid.pixels.codecs.jpeg_huffman import HuffmanTable
from deid.pixels.codecs.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADOBE_LENGTH, _JFIF_LENGTH = 12, 14
_EOI, _SOS, _DQT, _DHT, _DRI, _APP0, _APP14, _APP15, _COM = 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0xE0, 0xEE, 0xEF, 0xFE
SOF_LOSSLESS: Final = 0xC3
SOF_JPEG_LS: Final = 0xF7
SOF_BASELINE: Final = 0xC0
SOF_EXTENDED: Final = 0xC1
_SOF: Final = frozenset({*range(0xC0, 0xD0), SOF_JPEG_LS}) - {_DHT, 0xC8, 0xCC}
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_SCAN_END: Final = re.compile(rb"\xff\xff*[^\x00\xff\xd0-\xd7]")
_LS_SCAN_END: Final = re.compile(rb"\xff\xff*[\x80-\xcf\xd8-\xfe]")
"""JPEG-LS stuffs a zero bit, not a byte: after 0xFF, entropy-coded bytes are below 0x80 (T.87 A.1)."""
_BLOCK: Final = 64
_TRANSFORM: Final = 11
"""Where Adobe's segment says how colours were transformed."""


class JpegError(ValueError):
    """The stream does not follow T.81. The message quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Component:
    """One component of the frame header."""

    id: int
    horizontal: int
    vertical: int
    quantisation: int


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """SOF: the process, the size and the components."""

    process: int
    """The marker's second byte, such as 0xC0."""
    precision: int
    rows: int
    columns: int
    components: tuple[Component, ...]

    @property
    def size(self) -> StreamSize:
        """For the check against the attributes."""
        return StreamSize(self.rows, self.columns, len(self.components), self.precision)

    @property
    def max_horizontal(self) -> int:
        """The largest horizontal sampling factor."""
        return max(component.horizontal for component in self.components)

    @property
    def max_vertical(self) -> int:
        """The largest vertical sampling factor."""
        return max(component.vertical for component in self.components)

    @property
    def subsampled(self) -> bool:
        """Whether components have different sampling factors."""
        return len({(component.horizontal, component.vertical) for component in self.components}) > 1


@dataclass(frozen=True, slots=True)
class ScanComponent:
    """A component's part in a scan."""

    index: int
    """Its position in the frame header."""
    dc: HuffmanTable | None
    ac: HuffmanTable | None
    dc_id: int
    ac_id: int


@dataclass(frozen=True, slots=True)
class Scan:
    """SOS, the tables in force at it, and where its entropy-coded data lies."""

    header: int
    start: int
    end: int
    components: tuple[ScanComponent, ...]
    restart_interval: int
    quantisation: dict[int, tuple[int, ...]]
    parameters: bytes
    """Ss, Se, Ah/Al; for JPEG-LS NEAR, ILV, point transform."""


@dataclass(frozen=True, slots=True)
class JpegStream:
    """A parsed stream; offsets index `data`."""

    data: bytes
    frame: FrameHeader
    scans: tuple[Scan, ...]
    adobe_transform: int | None
    jfif: bool
    markers: frozenset[int]


def read_frame_header(data: bytes) -> FrameHeader:
    """The first frame header, without looking further.

    Raises:
        JpegError: There is none.
    """
    for marker, segment, _ in _segments(data):
        if marker in _SOF:
            return _frame_header(marker, segment)
        if marker == _SOS:
            break
    raise JpegError("no frame header before the first scan")


def read_adobe_transform(data: bytes) -> int | None:
    """What Adobe's marker before the first scan says of the colours; None without one.

    Raises:
        JpegError: The stream is not well-formed up to there.
    """
    for marker, segment, _ in _segments(data):
        if marker == _SOS:
            break
        if marker == _APP14 and _is_adobe(segment):
            return segment[_TRANSFORM]
    return None


def read_metadata(data: bytes) -> tuple[bytes, ...]:
    """The contents of comments and application segments.

    Of a JFIF or an Adobe header (T.871 10.1, T.872 6.5.3) that is all behind its fields; the whole of one with a
    thumbnail.

    Raises:
        JpegError: The stream is not well-formed.
    """
    contents = (
        _beside_header(marker, segment)
        for marker, segment, _ in _segments(data)
        if marker == _COM or _APP0 <= marker <= _APP15
    )
    return tuple(filter(None, contents))


def _beside_header(marker: int, segment: bytes) -> bytes:
    if marker == _APP14 and segment.startswith(b"Adobe"):
        return segment[_ADOBE_LENGTH:]
    if marker == _APP0 and segment.startswith(b"JFIF\x00"):
        return segment if any(segment[_JFIF_LENGTH - 2 : _JFIF_LENGTH]) else segment[_JFIF_LENGTH:]
    return segment


def read_surplus(data: bytes) -> bytes:
    """What follows the end of the image: padding, or something that no decoder shows.

    Raises:
        JpegError: The stream is not well-formed.
    """
    end = next((position for marker, _, position in _segments(data) if marker == _EOI), len(data))
    return data[end + 2 :]


def parse(data: bytes) -> JpegStream:
    """Parse a whole stream of sequential scans; what was parsed is remembered for a while.

    Raises:
        JpegError: It is not well-formed.
    """
    stream = _PARSED.recall(data, None)
    if stream is None:
        stream = _Parser(data).parse()
        _PARSED.keep(data, None, stream, len(data))
    return stream


_PARSED: Final = Memory[JpegStream](8 << 20)


class _Parser:
    """Keeps the tables that are in force while it walks the segments."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._quantisation: dict[int, tuple[int, ...]] = {}
        self._huffman: dict[tuple[int, int], HuffmanTable] = {}
        self._restart_interval = 0
        self._frame: FrameHeader | None = None
        self._scans: list[Scan] = []
        self._adobe: int | None = None
        self._jfif = False

    def parse(self) -> JpegStream:
        markers: set[int] = set()
        for marker, segment, position in _segments(self._data):
            markers.add(marker)
            if marker in _SOF:
                if self._frame is not None:
                    raise JpegError("more than one frame header")
                self._frame = _frame_header(marker, segment)
            elif marker == _SOS:
                self._scans.append(self._scan(segment, position))
            else:
                self._miscellaneous(marker, segment)
        if self._frame is None or not self._scans:
            raise JpegError("no frame or no scan")
        return JpegStream(self._data, self._frame, tuple(self._scans), self._adobe, self._jfif, frozenset(markers))

    def _miscellaneous(self, marker: int, segment: bytes) -> None:
        if marker == _DQT:
            self._quantisation.update(_quantisation_tables(segment))
        elif marker == _DHT:
            self._huffman.update(_huffman_tables(segment))
        elif marker == _DRI:
            self._restart_interval = _u16(segment, 0)
        elif marker == _APP14 and _is_adobe(segment):
            self._adobe = segment[_TRANSFORM]
        elif marker == _APP0 and segment.startswith(b"JFIF\x00"):
            self._jfif = True

    def _scan(self, segment: bytes, position: int) -> Scan:
        if self._frame is None:
            raise JpegError("a scan before the frame header")
        index_of = {component.id: index for index, component in enumerate(self._frame.components)}
        count = segment[0] if segment else 0
        if not 0 < count <= len(index_of) or len(segment) < 4 + 2 * count:
            raise JpegError("a broken scan header")
        components = []
        for n in range(count):
            selector, tables = segment[1 + 2 * n], segment[2 + 2 * n]
            if selector not in index_of:
                raise JpegError("a scan of a component that is not in the frame")
            dc_id, ac_id = tables >> 4, tables & 15
            components.append(
                ScanComponent(
                    index_of[selector], self._huffman.get((0, dc_id)), self._huffman.get((1, ac_id)), dc_id, ac_id
                )
            )
        start = position + 4 + len(segment)
        return Scan(
            header=position,
            start=start,
            end=_scan_end(self._data, start, self._frame.process),
            components=tuple(components),
            restart_interval=self._restart_interval,
            quantisation=dict(self._quantisation),
            parameters=segment[1 + 2 * count : 4 + 2 * count],
        )


def _is_adobe(segment: bytes) -> bool:
    return segment.startswith(b"Adobe") and len(segment) > _TRANSFORM


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Marker, parameters and the marker's position, of all segments and EOI; entropy-coded data is passed over."""
    if data[:2] != b"\xff\xd8":
        raise JpegError("no start of image")
    position = 2
    process = 0
    while position + 1 < len(data):
        if data[position] != 0xFF:  # noqa: PLR2004
            raise JpegError("no marker where one must be")
        marker = data[position + 1]
        if marker == 0xFF:  # noqa: PLR2004  # a fill byte
            position += 1
        elif marker == _EOI:
            yield marker, b"", position
            return
        elif marker in _STANDALONE:
            position += 2
        else:
            length = _u16(data, position + 2)
            segment = data[position + 4 : position + 2 + length]
            if length < 2 or len(segment) < length - 2:  # noqa: PLR2004
                raise JpegError("a segment reaches beyond the end")
            yield marker, segment, position
            position += 2 + length
            if marker in _SOF:
                process = marker
            elif marker == _SOS:
                position = _scan_end(data, position, process)


def _scan_end(data: bytes, start: int, process: int) -> int:
    """Where entropy-coded data ends: at the next marker that is no restart marker, or with the stream."""
    found = (_LS_SCAN_END if process == SOF_JPEG_LS else _SCAN_END).search(data, start)
    return found.start() if found else len(data)


def _frame_header(marker: int, segment: bytes) -> FrameHeader:
    if len(segment) < 6 or len(segment) < 6 + 3 * segment[5]:  # noqa: PLR2004
        raise JpegError("a broken frame header")
    precision, rows, columns, count = struct.unpack(">BHHB", segment[:6])
    fields = [segment[6 + 3 * n : 9 + 3 * n] for n in range(count)]
    components = tuple(Component(field[0], field[1] >> 4, field[1] & 15, field[2]) for field in fields)
    if not components or not all(1 <= c.horizontal <= 4 and 1 <= c.vertical <= 4 for c in components):  # noqa: PLR2004
        raise JpegError("a frame header without components or with impossible sampling factors")
    return FrameHeader(marker, precision, rows, columns, components)


def _quantisation_tables(segment: bytes) -> Iterator[tuple[int, tuple[int, ...]]]:
    position = 0
    while position < len(segment):
        wide, table = segment[position] >> 4, segment[position] & 15
        code, size = ("H", 2) if wide else ("B", 1)
        values = segment[position + 1 : position + 1 + _BLOCK * size]
        if len(values) < _BLOCK * size:
            raise JpegError("a broken quantisation table")
        yield table, struct.unpack(f">{_BLOCK}{code}", values)
        position += 1 + _BLOCK * size


def _huffman_tables(segment: bytes) -> Iterator[tuple[tuple[int, int], HuffmanTable]]:
    position = 0
    while position < len(segment):
        counts = tuple(segment[position + 1 : position + 17])
        symbols = segment[position + 17 : position + 17 + sum(counts)]
        if len(counts) < 16 or len(symbols) < sum(counts):  # noqa: PLR2004
            raise JpegError("a broken Huffman table")
        yield (segment[position] >> 4, segment[position] & 15), HuffmanTable(counts, symbols)
        position += 17 + len(symbols)


def _u16(data: bytes, position: int) -> int:
    if position + 2 > len(data):
        raise JpegError("the stream ends within a segment")
    return int.from_bytes(data[position : position + 2], "big")
