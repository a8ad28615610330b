"""Native frames in fragments of their own: as they are, or deflated singly.

Encapsulated Uncompressed Explicit VR Little Endian (1.2.840.10008.1.2.1.98; PS3.5 A.4.11) and Deflated Image Frame
Compression (1.2.840.10008.1.2.8.1; PS3.5 8.2.16, A.4.13).
"""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.guard import check_frame_bytes, check_surplus
from deid.pixels.codecs.native import NativeFrames

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.pixels.codecs.fill import Fill
    from deid.pixels.codecs.format import PixelFormat
    from deid.pixels.codecs.samples import Array
    from deid.plan import Box

_RAW_DEFLATE: Final = -zlib.MAX_WBITS
_PART: Final = 1 << 20
_PADDING: Final = 2
"""Bytes: one to fill up a word, and one to see that there is no more."""


class EncapsulatedNativeCodec:
    """Frames of every native kind; a frame with a box is unpacked, painted in place and packed again."""

    def _unpacked(self, frame: bytes, fmt: PixelFormat) -> bytes:
        """The native frame, with a byte or two more if there are any."""
        check_frame_bytes(fmt)
        return frame

    def _packed(self, native: bytes) -> bytes:
        """A frame as it is stored."""
        return native

    def decode_frame(self, frame: bytes, fmt: PixelFormat) -> Array:
        """Stored values."""
        return self._native(frame, fmt).decode(0)

    def words(self, frame: bytes, fmt: PixelFormat) -> tuple[Array, int]:
        """The words of the frame."""
        return self._native(frame, fmt).words(0)

    def precision(self, _frame: bytes, fmt: PixelFormat) -> int:
        """Whole words are stored."""
        return fmt.bits_allocated

    @property
    def sets_samples(self) -> bool:
        """Any bit can be set alone."""
        return True

    def colour_space(self, frame: bytes, fmt: PixelFormat) -> str:
        """As for native frames."""
        return self._native(frame, fmt).colour_space()

    def snap(self, frame: bytes, fmt: PixelFormat, box: Box) -> Box:
        """As for native frames."""
        return self._native(frame, fmt).snap(0, box)

    def redact_frame(self, frame: bytes, fmt: PixelFormat, boxes: Sequence[Box], fill: Fill) -> bytes:
        """Every bit outside the boxes stays."""
        painted = self._native(frame, fmt).redacted({0: boxes}, fill)[fmt.keyword]
        return self._packed(painted)

    def photometric_after(self, fmt: PixelFormat) -> str:
        """As before."""
        return fmt.photometric

    def changed_outside(self, before: bytes, after: bytes, fmt: PixelFormat, boxes: Sequence[Box]) -> int:
        """Samples that differ in any bit."""
        return self._native(before, fmt).changed_outside(self._native(after, fmt), 0, boxes)

    def metadata(self, _frame: bytes) -> tuple[bytes, ...]:
        """None: what is behind the samples is refused when they are looked at."""
        return ()

    def are_blank(self, frame: bytes, fmt: PixelFormat, boxes: Sequence[Box]) -> bool:
        """By all bits."""
        return self._native(frame, fmt).are_blank(0, boxes)

    def _native(self, frame: bytes, fmt: PixelFormat) -> NativeFrames:
        return NativeFrames(self._unpacked(frame, fmt), replace(fmt, frames=1), big_endian=False, words=False)


class DeflatedFrameCodec(EncapsulatedNativeCodec):
    """The same, deflated."""

    def metadata(self, frame: bytes) -> tuple[bytes, ...]:
        """None; raises for anything behind the end of the stream."""
        check_surplus(_surplus(frame))
        return ()

    def _unpacked(self, frame: bytes, fmt: PixelFormat) -> bytes:
        check_frame_bytes(fmt)
        inflater = zlib.decompressobj(_RAW_DEFLATE)
        with _inflating():
            inflated = inflater.decompress(frame, fmt.frame_bytes + _PADDING)
        if not inflater.eof:
            raise InstanceError(Reason.UNDECODABLE_PIXELS, "a deflated frame does not end where the attributes say")
        return inflated

    def _packed(self, native: bytes) -> bytes:
        deflater = zlib.compressobj(wbits=_RAW_DEFLATE)
        return deflater.compress(native) + deflater.flush()


def _surplus(frame: bytes) -> bytes:
    """What stands behind the end of the deflated stream."""
    inflater = zlib.decompressobj(_RAW_DEFLATE)
    with _inflating():
        inflater.decompress(frame, _PART)
        while inflater.unconsumed_tail:
            inflater.decompress(inflater.unconsumed_tail, _PART)
    return inflater.unused_data


@contextmanager
def _inflating() -> Iterator[None]:
    try:
        yield
    except zlib.error:
        raise InstanceError(Reason.UNDECODABLE_PIXELS, "a deflated frame is broken") from None
