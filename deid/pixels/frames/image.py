"""The pixel data of one instance: frames decoded one at a time, whatever the transfer syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.coded import CodedFrames
from deid.pixels.codecs.fill import YBR_SPACES
from deid.pixels.codecs.format import PIXEL_KEYWORDS, PixelFormat, pixel_format, value_of
from deid.pixels.codecs.fragments import EncapsulatedFrames
from deid.pixels.codecs.native import NativeFrames
from deid.pixels.codecs.palette import Palette
from deid.pixels.codecs.registry import BIG_ENDIAN, CODECS, decodable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from deid.pixels.codecs.codec import Frames
    from deid.pixels.codecs.samples import Array
    from deid.plan import Box

__all__ = ["PixelFormat", "PixelImage", "decodable"]

_EXTENDED_TABLES: Final = ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")
_IMPLICIT, _EXPLICIT = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1"


class PixelImage:
    """The pixel data of one instance. Holds the bytes as they are; a frame is decoded when it is asked for."""

    def __init__(
        self,
        fmt: PixelFormat,
        transfer_syntax: str,
        values: Mapping[str, bytes],
        palette: Palette | None = None,
        *,
        words: bool = True,
    ) -> None:
        """Find the frames.

        Args:
            fmt: The attributes that describe them.
            transfer_syntax: One that is `decodable`.
            values: The pixel data attribute by keyword, and the extended offset tables if there are any.
            palette: For PALETTE COLOR.
            words: The pixel data's value representation is not OB.

        Raises:
            InstanceError: Frames are missing, or there are more than the attributes declare.
        """
        self.format = fmt
        self.transfer_syntax = transfer_syntax
        self._values = values
        self._palette = palette
        self._words = words
        data = values[fmt.keyword]
        self.frames: Frames
        if transfer_syntax in CODECS:
            fragments = EncapsulatedFrames(data, fmt.frames, *(values.get(table) for table in _EXTENDED_TABLES))
            self.frames = CodedFrames(CODECS[transfer_syntax], fragments, fmt)
        else:
            self.frames = NativeFrames(data, fmt, big_endian=transfer_syntax == BIG_ENDIAN, words=words)

    @classmethod
    def of(cls, dataset: Dataset) -> PixelImage | None:
        """The pixel data of an instance, None if it has none.

        Args:
            dataset: As pydicom reads it, with file meta information or what pydicom guessed in its place.

        Raises:
            InstanceError: Attributes are missing or contradict each other, frames are missing, or the transfer syntax
                is not one that deid can check and redact.
        """
        keywords = [keyword for keyword in PIXEL_KEYWORDS if keyword in dataset]
        _refuse_idle_tables(dataset, has_pixels=bool(keywords))
        if not keywords:
            return None
        if len(keywords) > 1:
            raise InstanceError(Reason.MALFORMED, "more than one pixel data attribute")
        transfer_syntax = _transfer_syntax(dataset)
        if not decodable(transfer_syntax):
            raise InstanceError(Reason.UNSUPPORTED_SYNTAX, "no exact codec for this transfer syntax")
        data = value_of(dataset, keywords[0])
        if not isinstance(data, bytes) or not data:
            raise InstanceError(Reason.TRUNCATED, "the pixel data attribute is empty")
        fmt = pixel_format(dataset, keywords[0])
        tables = {table: value_of(dataset, table) for table in _EXTENDED_TABLES if table in dataset}
        if not all(isinstance(table, bytes) for table in tables.values()):
            raise InstanceError(Reason.MALFORMED, "an extended offset table that can't be read")
        palette = Palette.of(dataset) if fmt.photometric == "PALETTE COLOR" else None
        words = dataset[keywords[0]].VR != "OB"
        return cls(fmt, transfer_syntax, {fmt.keyword: data, **tables}, palette, words=words)

    def with_values(self, values: Mapping[str, bytes]) -> PixelImage:
        """The same image with other pixel data, such as after redaction."""
        return PixelImage(self.format, self.transfer_syntax, values, self._palette, words=self._words)

    def with_format(self, fmt: PixelFormat) -> PixelImage:
        """The same pixel data, read in another way."""
        return PixelImage(fmt, self.transfer_syntax, self._values, self._palette, words=self._words)

    def encoded_frame(self, index: int) -> bytes:
        """The bytes of frame `index` as they are in the pixel data, fragments joined."""
        return self.frames.encoded(index)

    def decode(self, index: int) -> Array:
        """The stored values of frame `index`, from 0.

        Returns:
            (rows, columns) or (rows, columns, samples), in the stream's own colour space; signed if the attributes say
            so. May be a read-only view on the pixel data.

        Raises:
            InstanceError: The frame can't be decoded, or is not what the attributes say.
        """
        return self.frames.decode(index)

    def display_rgb(self, frame: Array) -> npt.NDArray[np.uint8]:
        """A decoded colour frame as RGB for looking at, (rows, columns, 3).

        Raises:
            ValueError: The image is monochrome.
        """
        if self._palette is not None:
            return self._palette.rgb(frame)
        if not self.format.is_colour:
            raise ValueError("a monochrome image has no colours")
        surplus = max(0, self.format.bits_stored - 8)
        eight = (frame >> surplus if surplus else frame).astype(np.uint8, copy=False)
        return _rgb_of_ybr(eight) if self.frames.colour_space() in YBR_SPACES else eight

    def changed_outside(self, other: PixelImage, index: int, boxes: Sequence[Box]) -> int:
        """How much of frame `index` differs from the same frame of `other` outside the boxes; 0: nothing.

        Exact for all transfer syntaxes: native and losslessly coded frames by every bit of their words, JPEG Baseline
        and Extended by their coefficients (`codecs.jpeg_compare`) and also by an independent decoder.

        Raises:
            InstanceError: A frame can't be decoded.
        """
        if self.transfer_syntax != other.transfer_syntax:
            return self.format.rows * self.format.columns
        return self.frames.changed_outside(other.frames, index, boxes)

    def metadata(self, index: int) -> tuple[bytes, ...]:
        """What the stream of frame `index` carries beside its pixels: comments, EXIF, thumbnails.

        Redaction leaves it as it is; whoever releases the frame has to look into it.

        Raises:
            InstanceError: The stream is broken.
        """
        return self.frames.metadata(index)

    def are_blank(self, index: int, boxes: Sequence[Box]) -> bool:
        """Whether each region of a redaction in frame `index` holds one value only: nothing is left to read.

        Raises:
            InstanceError: The frame can't be decoded.
        """
        return self.frames.are_blank(index, boxes)


def _refuse_idle_tables(dataset: Dataset, *, has_pixels: bool) -> None:
    """Refuse extended offset tables where there are no fragments: they are kept with the pixel data, and never read."""
    if any(table in dataset for table in _EXTENDED_TABLES) and not (has_pixels and _transfer_syntax(dataset) in CODECS):
        raise InstanceError(Reason.MALFORMED, "an extended offset table without encapsulated pixel data")


def _transfer_syntax(dataset: Dataset) -> str:
    """The transfer syntax that the file names; without one, what pydicom found the encoding to be."""
    meta = getattr(dataset, "file_meta", None)
    named = str(meta.get("TransferSyntaxUID") or "") if meta is not None else ""
    if named:
        return named.strip()
    implicit, little = dataset.original_encoding
    if little is False:
        return BIG_ENDIAN
    return _IMPLICIT if implicit else _EXPLICIT


def _rgb_of_ybr(frame: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """YBR_FULL to RGB (PS3.3 C.7.6.3.1.2), in fixed-point arithmetic."""
    import cv2

    # OpenCV wants red before blue.
    luma, blue, red = cv2.split(frame)
    rgb = cv2.cvtColor(cv2.merge((luma, red, blue)), cv2.COLOR_YCrCb2RGB)
    return np.asarray(rgb, np.uint8)
