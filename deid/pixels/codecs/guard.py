"""Native decoders behind one fence: what they raise becomes an `InstanceError`, what they are fed is checked first."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.format import MAX_FRAME_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.pixels.codecs.format import PixelFormat

_PADDING: Final = b"\x00\xff\xd9 \r\n"
"""Zeros and fill bytes; blanks; EOI and EOC, which some writers repeat."""
_ROUND: Final = 8
"""Bytes to which encoders fill up their buffers, at most."""
_TEXT: Final = re.compile(rb"[ -~]{4,}")


@dataclass(frozen=True, slots=True)
class StreamSize:
    """What a codestream's own header (SOF, SIZ) says of it."""

    rows: int
    columns: int
    components: int
    precision: int


@contextmanager
def native_calls(work: str, reason: Reason = Reason.UNDECODABLE_PIXELS) -> Iterator[None]:
    """Turn any error of a native codec inside the block into an `InstanceError` that quotes nothing.

    pylibjpeg-rle panics with a class derived from `BaseException`; its module name is all there is to know it by.

    Args:
        work: What was tried, such as `JPEG-LS decoding`.
        reason: The reason to give.
    """
    try:
        yield
    except InstanceError:
        raise
    except (ArithmeticError, LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
        raise InstanceError(reason, f"{work} failed: {type(error).__name__}") from None
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise InstanceError(reason, f"{work} failed: {type(error).__name__}") from None


def check_size(size: StreamSize, fmt: PixelFormat) -> None:
    """Refuse a codestream whose own header contradicts the attributes, before a decoder allocates by it.

    Raises:
        InstanceError: Rows, columns, components or precision don't agree.
    """
    if (size.rows, size.columns) != (fmt.rows, fmt.columns):
        raise InstanceError(Reason.UNDECODABLE_PIXELS, "the codestream has other dimensions than Rows and Columns")
    if size.components != fmt.samples:
        raise InstanceError(Reason.UNDECODABLE_PIXELS, "the codestream has other components than Samples per Pixel")
    if not 0 < size.precision <= max(8, fmt.bits_allocated):
        raise InstanceError(Reason.UNDECODABLE_PIXELS, "the codestream has more bits than Bits Allocated")


def check_surplus(surplus: bytes, *, slack: bool = False) -> None:
    """Refuse bytes behind the end of a codestream that are more than padding: no decoder shows them, so nobody looked.

    A second picture there is what is left when Number of Frames is missing or too small.

    Args:
        surplus: The bytes.
        slack: Whether they may be a few of whatever stood in the encoder's buffer: where no picture is that short.

    Raises:
        InstanceError: There are such bytes.
    """
    if surplus.strip(_PADDING) and not (slack and _is_slack(surplus)):
        raise InstanceError(Reason.MALFORMED, "a coded frame has more than padding behind its end")


def _is_slack(surplus: bytes) -> bool:
    """Whether it is what an encoder's buffer held up to a round length: too short for a picture, and not all text."""
    return len(surplus) < _ROUND and _TEXT.fullmatch(surplus.replace(b"\0", b"")) is None


def check_frame_bytes(fmt: PixelFormat) -> None:
    """Refuse frames that would decode to more than `MAX_FRAME_BYTES`.

    Raises:
        InstanceError: They would.
    """
    if fmt.frame_bytes > MAX_FRAME_BYTES:
        raise InstanceError(Reason.TOO_LARGE, "a decoded frame would exceed the limit of a frame's memory")
