"""What every codec of encapsulated frames can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deid.pixels.codecs.fill import Fill
    from deid.pixels.codecs.format import PixelFormat
    from deid.pixels.codecs.samples import Array
    from deid.plan import Box


class Codec(Protocol):
    """Decodes and redacts single frames of one family of transfer syntaxes.

    All methods raise `InstanceError` for frames that can't be read or can't be edited exactly.
    """

    def decode_frame(self, frame: bytes, fmt: PixelFormat) -> Array:
        """Stored values in the stream's own colour space, (rows, columns) or (rows, columns, samples)."""
        ...

    def words(self, frame: bytes, fmt: PixelFormat) -> tuple[Array, int]:
        """The bit patterns that the stream has, as unsigned integers, and how many bits of each count."""
        ...

    def precision(self, frame: bytes, fmt: PixelFormat) -> int:
        """The bits of a sample in the stream, by its header."""
        ...

    @property
    def sets_samples(self) -> bool:
        """Whether `redact_frame` can set every sample alone, and the bits beside the stored values."""
        ...

    def colour_space(self, frame: bytes, fmt: PixelFormat) -> str:
        """The photometric interpretation of what `decode_frame` returns."""
        ...

    def snap(self, frame: bytes, fmt: PixelFormat, box: Box) -> Box:
        """The smallest box around `box` that can be blanked without touching a pixel outside it."""
        ...

    def redact_frame(self, frame: bytes, fmt: PixelFormat, boxes: Sequence[Box], fill: Fill) -> bytes:
        """The frame with the (snapped) boxes black; every sample outside decodes as before."""
        ...

    def photometric_after(self, fmt: PixelFormat) -> str:
        """The Photometric Interpretation that the instance must have once a frame was redacted."""
        ...

    def changed_outside(self, before: bytes, after: bytes, fmt: PixelFormat, boxes: Sequence[Box]) -> int:
        """How many samples differ outside the boxes; 0 is the proof that nothing else was touched."""
        ...

    def metadata(self, frame: bytes) -> tuple[bytes, ...]:
        """Comments and application data that the stream carries beside its pixels."""
        ...

    def are_blank(self, frame: bytes, fmt: PixelFormat, boxes: Sequence[Box]) -> bool:
        """Whether in each of the (snapped) boxes all pixels show one value."""
        ...


@runtime_checkable
class PreparingCodec(Protocol):
    """A codec that redacts several frames in less time than one after the other, if it sees them all before."""

    def prepare(self, frames: Sequence[tuple[bytes, Sequence[Box]]]) -> None:
        """Do ahead what `redact_frame` would do for each of the frames with its boxes."""
        ...


class Frames(Protocol):
    """All frames of one instance, native or encapsulated."""

    def encoded(self, index: int) -> bytes:
        """The bytes of a frame as they are in the pixel data."""
        ...

    def decode(self, index: int) -> Array:
        """Stored values in the stream's own colour space, (rows, columns) or (rows, columns, samples)."""
        ...

    def words(self, index: int) -> tuple[Array, int]:
        """The bit patterns of a frame in the data, as unsigned integers, and how many bits of each count."""
        ...

    def precision(self, index: int) -> int:
        """The bits of a sample in the data of a frame, free ones included."""
        ...

    @property
    def sets_samples(self) -> bool:
        """Whether `redacted` can set every sample alone, and the bits beside the stored values."""
        ...

    def colour_space(self) -> str:
        """The photometric interpretation of decoded frames."""
        ...

    def snap(self, index: int, box: Box) -> Box:
        """The smallest box around `box` that can be blanked in that frame."""
        ...

    def redacted(self, boxes: Mapping[int, Sequence[Box]], fill: Fill) -> dict[str, bytes]:
        """The attributes, by keyword, that hold the pixel data with the (snapped) boxes of each frame black."""
        ...

    def photometric_after(self) -> str:
        """The Photometric Interpretation that the instance must have once a frame was redacted."""
        ...

    def changed_outside(self, other: Frames, index: int, boxes: Sequence[Box]) -> int:
        """How many samples (JPEG: or MCUs) of a frame differ between two instances outside the boxes."""
        ...

    def metadata(self, index: int) -> tuple[bytes, ...]:
        """Comments and application data in the stream of a frame."""
        ...

    def are_blank(self, index: int, boxes: Sequence[Box]) -> bool:
        """Whether in each of the (snapped) boxes of a frame all pixels show one value."""
        ...
