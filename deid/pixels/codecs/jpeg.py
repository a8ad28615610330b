"""JPEG Baseline and Extended (1.2.840.10008.1.2.4.50, .51): decoded by libjpeg-turbo, redacted in the DCT domain."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import imagecodecs
import numpy as np

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.guard import check_frame_bytes, check_size, check_surplus, native_calls
from deid.pixels.codecs.jpeg_compare import changed_units
from deid.pixels.codecs.jpeg_dct import NotEditableError, blank, block_size, check_editable, least_size, prepare
from deid.pixels.codecs.jpeg_huffman import HuffmanError
from deid.pixels.codecs.jpeg_stream import (
    FrameHeader,
    JpegError,
    JpegStream,
    parse,
    read_adobe_transform,
    read_frame_header,
    read_metadata,
    read_surplus,
)
from deid.pixels.codecs.memory import Memory
from deid.pixels.codecs.samples import is_uniform, ones, pattern_of, stored_values
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.pixels.codecs.fill import Fill
    from deid.pixels.codecs.format import PixelFormat
    from deid.pixels.codecs.samples import Array

_RGB_IDS: Final = tuple(b"RGB")
_ADOBE_NONE: Final = 0
_COLOUR: Final = 3
_DECODED: Final = Memory["Array"](16 << 20)
"""Verification asks for the same frame more than once; cines are decoded sooner than they are kept."""


class JpegCodec:
    """Sequential DCT with Huffman coding, 8 or 12 bits; the stream's own colour decides what is black."""

    def decode_frame(self, frame: bytes, fmt: PixelFormat) -> Array:
        """Samples as stored, without colour conversion; subsampled chroma is interpolated."""
        header = checked_header(frame, fmt)
        return stored_values(decode_jpeg(frame, fmt, "JPEG decoding"), fmt, header.precision)

    def words(self, frame: bytes, fmt: PixelFormat) -> tuple[Array, int]:
        """Samples as stored, unsigned."""
        return decode_jpeg(frame, fmt, "JPEG decoding"), self.precision(frame, fmt)

    def precision(self, frame: bytes, fmt: PixelFormat) -> int:
        """By the frame header."""
        return checked_header(frame, fmt).precision

    @property
    def sets_samples(self) -> bool:
        """No sample can be set alone."""
        return False

    def colour_space(self, frame: bytes, fmt: PixelFormat) -> str:
        """RGB or YBR_FULL by the stream's markers; the attribute where the stream leaves it open."""
        if fmt.samples != _COLOUR:
            return fmt.photometric
        with jpeg_errors():
            return "RGB" if _is_rgb(parse(frame), fmt.photometric) else "YBR_FULL"

    def snap(self, frame: bytes, fmt: PixelFormat, box: Box) -> Box:
        """Widen to the borders of blocks of luma, or to MCU borders where there is no luma."""
        with jpeg_errors():
            header = read_frame_header(frame)
            return _widened(box, least_size(header, has_luma=read_adobe_transform(frame) != _ADOBE_NONE), fmt)

    def redact_frame(self, frame: bytes, fmt: PixelFormat, boxes: Sequence[Box], fill: Fill) -> bytes:
        """Fill the blocks under the boxes; all other coefficients keep their values."""
        header = checked_header(frame, fmt)
        values = fill.values(None, self.colour_space(frame, fmt), header.precision)
        levels = [pattern_of(int(value), fmt, header.precision) & ones(header.precision) for value in values]
        with jpeg_errors():
            return blank(frame, boxes, levels)

    def prepare(self, frames: Sequence[tuple[bytes, Sequence[Box]]]) -> None:
        """Find the blocks of several frames at once. What is wrong with one of them is for `redact_frame` to say."""
        with suppress(JpegError, HuffmanError, NotEditableError):
            prepare(frames)

    def photometric_after(self, fmt: PixelFormat) -> str:
        """The stream's colour model stays."""
        return fmt.photometric

    def changed_outside(self, before: bytes, after: bytes, fmt: PixelFormat, boxes: Sequence[Box]) -> int:
        """MCUs that differ in coefficients, or else samples that an independent decoder finds to differ."""
        with jpeg_errors():
            stream = parse(before)
            check_editable(stream)
            changed = changed_units(before, after, boxes)
        if changed:
            return changed
        differ = _planes(self.decode_frame(before, fmt) != self.decode_frame(after, fmt))
        for index in range(fmt.samples):
            ring = _ring(stream.frame, index)
            for box in boxes:
                area = _widened(box, block_size(stream.frame, index), fmt)
                rows = slice(max(0, area.y0 - ring), area.y1 + ring)
                differ[rows, max(0, area.x0 - ring) : area.x1 + ring, index] = False
        return int(np.count_nonzero(differ))

    def metadata(self, frame: bytes) -> tuple[bytes, ...]:
        """COM and APPn segments; raises for anything behind the end of the image."""
        return jpeg_metadata(frame)

    def are_blank(self, frame: bytes, fmt: PixelFormat, boxes: Sequence[Box]) -> bool:
        """By each component's blocks under the boxes, as far as no decoder interpolates what is beside them."""
        header = checked_header(frame, fmt)
        samples = _planes(self.decode_frame(frame, fmt))
        return all(
            is_uniform(samples[..., index], _within(_widened(box, block_size(header, index), fmt), header, index, fmt))
            for index in range(fmt.samples)
            for box in boxes
        )


def checked_header(frame: bytes, fmt: PixelFormat) -> FrameHeader:
    """The frame header, once it agrees with the attributes.

    Raises:
        InstanceError: There is none, or it does not.
    """
    with jpeg_errors():
        header = read_frame_header(frame)
    check_size(header.size, fmt)
    check_frame_bytes(fmt)
    return header


def decode_jpeg(frame: bytes, fmt: PixelFormat, work: str) -> Array:
    """Decode with libjpeg-turbo, colour left as it is; the samples are not to be written on.

    Raises:
        InstanceError: The decoder refuses, or gives another shape.
    """
    space = "RGB" if fmt.samples == _COLOUR else None
    known = _DECODED.recall(frame, fmt)
    if known is not None:
        return known
    with native_calls(work):
        decoded: Array = imagecodecs.jpeg8_decode(frame, colorspace=space, outcolorspace=space)
    if decoded.shape != fmt.shape:
        raise InstanceError(Reason.UNDECODABLE_PIXELS, "the decoder gave another shape than the attributes")
    decoded.flags.writeable = False
    _DECODED.keep(frame, fmt, decoded, decoded.nbytes)
    return decoded


def jpeg_metadata(frame: bytes) -> tuple[bytes, ...]:
    """The comments and application segments of a stream of the JPEG family.

    Raises:
        InstanceError: The stream is broken, or something stands behind its end.
    """
    with jpeg_errors():
        check_surplus(read_surplus(frame), slack=True)
        return read_metadata(frame)


@contextmanager
def jpeg_errors() -> Iterator[None]:
    """Turn what parsing and editing of JPEG streams raise into an `InstanceError`."""
    try:
        yield
    except (JpegError, HuffmanError) as error:
        raise InstanceError(Reason.UNDECODABLE_PIXELS, str(error)) from error
    except NotEditableError as error:
        raise InstanceError(Reason.UNREDACTABLE_PIXELS, str(error)) from error


def _planes(frame: Array) -> Array:
    """A frame as (rows, columns, samples)."""
    return frame.reshape(*frame.shape[:2], -1)


def _widened(box: Box, size: tuple[int, int], fmt: PixelFormat) -> Box:
    """A box widened to blocks of a size, inside the picture."""
    across, down = size
    return Box(
        box.x0 // across * across, box.y0 // down * down, -(-box.x1 // across) * across, -(-box.y1 // down) * down
    ).clipped(fmt.columns, fmt.rows)


def _ring(header: FrameHeader, index: int) -> int:
    """How many pixels beyond a border of blocks an interpolating decoder carries samples of a component."""
    component = header.components[index]
    return max(-(-header.max_horizontal // component.horizontal), -(-header.max_vertical // component.vertical)) - 1


def _within(area: Box, header: FrameHeader, index: int, fmt: PixelFormat) -> Box:
    """What of an area of whole blocks shows nothing of the blocks beside it."""
    ring = _ring(header, index)
    return Box(
        area.x0 + ring if area.x0 > 0 else 0,
        area.y0 + ring if area.y0 > 0 else 0,
        area.x1 - ring if area.x1 < fmt.columns else area.x1,
        area.y1 - ring if area.y1 < fmt.rows else area.y1,
    )


def _is_rgb(stream: JpegStream, photometric: str) -> bool:
    """Whether three components are red, green and blue rather than luma and chroma.

    Adobe's marker and component IDs decide as in libjpeg. Streams without either follow the attribute, since DICOM
    writers leave the markers out; chroma is only ever subsampled in YCbCr.
    """
    if stream.adobe_transform is not None:
        return stream.adobe_transform == _ADOBE_NONE
    if stream.jfif or stream.frame.subsampled:
        return False
    if tuple(component.id for component in stream.frame.components) == _RGB_IDS:
        return True
    return photometric == "RGB"
