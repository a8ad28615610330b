"""What the Image Pixel module says of the pixel data, checked once (PS3.3 C.7.6.3)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydicom.errors import BytesLengthException

from deid.errors import InstanceError, Reason

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

PIXEL_KEYWORDS: Final = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")

MONOCHROME: Final = frozenset({"MONOCHROME1", "MONOCHROME2"})
SUBSAMPLED_YBR: Final = "YBR_FULL_422"
THREE_SAMPLES: Final = frozenset({"RGB", "YBR_FULL", SUBSAMPLED_YBR, "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT", "XYB"})
ONE_SAMPLE: Final = MONOCHROME | {"PALETTE COLOR"}

_INTEGER_WORDS: Final = frozenset({1, 8, 16, 32, 64})
_FLOAT_WORD: Final = {"FloatPixelData": 32, "DoubleFloatPixelData": 64}

_CONVERSION_ERRORS: Final = (
    ArithmeticError,
    AttributeError,
    BytesLengthException,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
    struct.error,
)
"""What pydicom raises for a value that is not of its VR, or a VR that is none."""

_LONGEST_SIDE: Final = 0xFFFF

MAX_FRAME_BYTES: Final = 1 << 29
"""The largest decoded frame: a forged header must not make a decoder take all memory."""


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """The shape and the number format of the frames of one instance."""

    rows: int
    columns: int
    samples: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    photometric: str
    planar: int
    frames: int
    keyword: str = "PixelData"
    """`PixelData`, `FloatPixelData` or `DoubleFloatPixelData`."""
    clears_free_bits: bool = False
    """Something lies in the bits of the words that Bits Stored leaves free, such as a retired overlay (PS3.3 C.9.2):
    it is no part of the picture, and is cleared."""
    leaves_sign_out: bool = False
    """The bits of signed words above the stored value are clear where it is negative, too."""

    @property
    def is_float(self) -> bool:
        """Whether the samples are IEEE floating point numbers."""
        return self.keyword != "PixelData"

    @property
    def is_colour(self) -> bool:
        """Whether a frame is to be looked at in colour: three samples, or indices into a palette."""
        return self.samples > 1 or self.photometric == "PALETTE COLOR"

    @property
    def low_bit(self) -> int:
        """The position of the least significant bit of a stored value in its word."""
        return self.high_bit + 1 - self.bits_stored

    @property
    def stored_mask(self) -> int:
        """The bits of a word that hold the stored value."""
        return ((1 << self.bits_stored) - 1) << self.low_bit

    @property
    def extends_sign(self) -> bool:
        """Whether the sign of a stored value fills the word above it, as most writers have it."""
        return self.signed and self.low_bit == 0 and not self.leaves_sign_out

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one decoded frame: (rows, columns) or (rows, columns, samples)."""
        return (self.rows, self.columns) if self.samples == 1 else (self.rows, self.columns, self.samples)

    @property
    def frame_bytes(self) -> int:
        """The bytes of one decoded frame with whole samples."""
        return self.rows * self.columns * self.samples * max(1, self.bits_allocated // 8)


def pixel_format(dataset: Dataset, keyword: str) -> PixelFormat:
    """Read and check the attributes that describe `keyword`'s pixel data.

    Args:
        dataset: The instance.
        keyword: One of `PIXEL_KEYWORDS`.

    Raises:
        InstanceError: An attribute is missing, senseless or contradicts another.
    """
    allocated = _number(dataset, "BitsAllocated", _FLOAT_WORD.get(keyword))
    stored = _number(dataset, "BitsStored", allocated)
    fmt = PixelFormat(
        rows=_number(dataset, "Rows"),
        columns=_number(dataset, "Columns"),
        samples=_number(dataset, "SamplesPerPixel", 1),
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=_number(dataset, "HighBit", stored - 1),
        signed=bool(_number(dataset, "PixelRepresentation", 0)),
        photometric=_photometric(dataset),
        planar=_number(dataset, "PlanarConfiguration", 0),
        frames=_number(dataset, "NumberOfFrames", 1) or 1,
        keyword=keyword,
        clears_free_bits=stored < allocated and _has_embedded_overlay(dataset),
    )
    _check(fmt)
    return fmt


def declared_format(dataset: Dataset) -> PixelFormat | None:
    """The format by the attributes alone; None without pixel data, or where they make no sense."""
    keyword = next((keyword for keyword in PIXEL_KEYWORDS if keyword in dataset), None)
    try:
        return None if keyword is None else pixel_format(dataset, keyword)
    except InstanceError:
        return None


def value_of(dataset: Dataset, name: str | int) -> Any:  # noqa: ANN401 - its type depends on the attribute
    """The value of an attribute by keyword or tag; None when there is none, or pydicom can't read what is there."""
    try:
        return dataset[name].value if name in dataset else None
    except _CONVERSION_ERRORS:
        return None


def _number(dataset: Dataset, keyword: str, default: int | None = None) -> int:
    try:
        value = dataset.get(keyword)
        if value is None or value == "":
            value = default
        number = int(value)
    except _CONVERSION_ERRORS:
        raise InstanceError(Reason.MALFORMED, f"{keyword} is missing or not a number") from None
    return number


def _photometric(dataset: Dataset) -> str:
    value = value_of(dataset, "PhotometricInterpretation")
    if not isinstance(value, str):
        raise InstanceError(Reason.MALFORMED, "PhotometricInterpretation is missing or not one word")
    return value.strip().upper()


def _has_embedded_overlay(dataset: Dataset) -> bool:
    """Whether some overlay (60xx) lies in the pixel words: it has no data of its own, or says at which bit it is."""
    return any(
        (group << 16 | 0x0102) in dataset
        and ((group << 16 | 0x3000) not in dataset or value_of(dataset, group << 16 | 0x0102) != 0)
        for group in range(0x6000, 0x6100, 2)
    )


def _check(fmt: PixelFormat) -> None:
    problem = _size_problem(fmt) or _word_problem(fmt)
    if problem:
        raise InstanceError(Reason.MALFORMED, problem)
    if fmt.photometric not in ONE_SAMPLE | THREE_SAMPLES:
        raise InstanceError(Reason.UNSUPPORTED_SYNTAX, "this photometric interpretation is not supported")
    if (fmt.photometric in THREE_SAMPLES) != (fmt.samples == len("RGB")) or fmt.samples not in {1, 3}:
        raise InstanceError(Reason.MALFORMED, "samples per pixel don't fit the photometric interpretation")


def _size_problem(fmt: PixelFormat) -> str:
    if not (0 < fmt.rows <= _LONGEST_SIDE and 0 < fmt.columns <= _LONGEST_SIDE):
        return "rows or columns are not within 1 to 65535"
    if fmt.frames < 1:
        return "the number of frames is negative"
    return ""


def _word_problem(fmt: PixelFormat) -> str:
    if fmt.is_float:
        wrong = fmt.bits_allocated != _FLOAT_WORD[fmt.keyword] or fmt.samples != 1
        return "floating point pixel data with other than one sample of its word size" if wrong else ""
    if fmt.bits_allocated not in _INTEGER_WORDS:
        return "bits allocated is not 1, 8, 16, 32 or 64"
    if not 0 < fmt.bits_stored <= fmt.bits_allocated:
        return "bits stored is not within bits allocated"
    if not fmt.bits_stored - 1 <= fmt.high_bit < fmt.bits_allocated:
        return "the high bit does not fit bits stored and bits allocated"
    if fmt.planar not in {0, 1}:
        return "the planar configuration is not 0 or 1"
    return ""
