"""Encapsulated frames with the codec of their transfer syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from deid.pixels.codecs.codec import PreparingCodec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deid.pixels.codecs.codec import Codec, Frames
    from deid.pixels.codecs.fill import Fill
    from deid.pixels.codecs.format import PixelFormat
    from deid.pixels.codecs.fragments import EncapsulatedFrames
    from deid.pixels.codecs.samples import Array
    from deid.plan import Box


_TOGETHER: Final = 25
"""Frames that a codec may prepare at once."""


class CodedFrames:
    """All frames of one instance in an encapsulated transfer syntax."""

    def __init__(self, codec: Codec, frames: EncapsulatedFrames, fmt: PixelFormat) -> None:
        self._codec = codec
        self._frames = frames
        self._fmt = fmt

    def encoded(self, index: int) -> bytes:
        """The fragments of a frame, joined."""
        return self._frames.frame(index)

    def decode(self, index: int) -> Array:
        """Stored values of a frame."""
        return self._codec.decode_frame(self.encoded(index), self._fmt)

    def words(self, index: int) -> tuple[Array, int]:
        """What the codec finds."""
        return self._codec.words(self.encoded(index), self._fmt)

    def precision(self, index: int) -> int:
        """What the header of the frame's stream says."""
        return self._codec.precision(self.encoded(index), self._fmt)

    @property
    def sets_samples(self) -> bool:
        """Where frames are coded again from their samples."""
        return self._codec.sets_samples

    def colour_space(self) -> str:
        """The colour space of the first frame: DICOM has one for all."""
        return self._codec.colour_space(self.encoded(0), self._fmt)

    def snap(self, index: int, box: Box) -> Box:
        """Widen to what the frame's coding can blank alone."""
        return self._codec.snap(self.encoded(index), self._fmt, box)

    def redacted(self, boxes: Mapping[int, Sequence[Box]], fill: Fill) -> dict[str, bytes]:
        """Pixel Data and, if the source has them, its extended offset tables; other frames keep their fragments."""
        touched = list(range(len(self._frames)) if self._fmt.clears_free_bits else boxes)
        changed = {
            index: self._codec.redact_frame(self.encoded(index), self._fmt, boxes.get(index, ()), fill)
            for start in range(0, len(touched), _TOGETHER)
            for index in self._prepared(touched[start : start + _TOGETHER], boxes)
        }
        tables = self._frames.rebuilt(changed)
        attributes = {self._fmt.keyword: tables.value}
        if tables.extended_offsets is not None and tables.extended_lengths is not None:
            attributes["ExtendedOffsetTable"] = tables.extended_offsets
            attributes["ExtendedOffsetTableLengths"] = tables.extended_lengths
        return attributes

    def _prepared(self, indices: Sequence[int], boxes: Mapping[int, Sequence[Box]]) -> Sequence[int]:
        if isinstance(self._codec, PreparingCodec) and len(indices) > 1:
            self._codec.prepare([(self.encoded(index), boxes.get(index, ())) for index in indices])
        return indices

    def photometric_after(self) -> str:
        """What the codec makes of it."""
        return self._codec.photometric_after(self._fmt)

    def changed_outside(self, other: Frames, index: int, boxes: Sequence[Box]) -> int:
        """0 for frames that are the same byte for byte, else what the codec finds."""
        before, after = self.encoded(index), other.encoded(index)
        return 0 if before == after else self._codec.changed_outside(before, after, self._fmt, boxes)

    def metadata(self, index: int) -> tuple[bytes, ...]:
        """What the codec finds."""
        return self._codec.metadata(self.encoded(index))

    def are_blank(self, index: int, boxes: Sequence[Box]) -> bool:
        """What the codec finds."""
        return self._codec.are_blank(self.encoded(index), self._fmt, boxes)
