"""High-Throughput JPEG 2000 (1.2.840.10008.1.2.4.201 to .203): decoded by OpenJPEG, coded by OpenJPH."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import imagecodecs
import numpy as np

from deid.pixels.codecs.jpeg2000 import CodestreamHeader, Jpeg2000Codec

if TYPE_CHECKING:
    from deid.pixels.codecs.samples import Array

_COMPONENTS_AT: Final = 42
_LEAST_LEVELS: Final = 5
_SMALLEST_BAND: Final = 64


class Htj2kCodec(Jpeg2000Codec):
    """Part 15 codestreams; lossy ones are coded again reversibly, which .203 allows."""

    def encode_samples(self, samples: Array, header: CodestreamHeader) -> bytes:
        """A reversible codestream with TLM, as RPCL (.202) asks for.

        The encoder takes the precision from the word size. So unsigned samples are moved to keep their distance from
        the middle of the range, which the level shift of the codestream takes off again, and SIZ gets the true
        precision.
        """
        bits, word = header.size.precision, samples.dtype.itemsize * 8
        if not header.signed and bits < word:
            moved = samples.astype(np.int64) - (1 << (bits - 1)) + (1 << (word - 1))
            samples = moved.astype(samples.dtype)
        levels = _LEAST_LEVELS
        while max(samples.shape[:2]) >> levels > _SMALLEST_BAND:
            levels += 1
        rgb = header.component_transform if samples.ndim > len("yx") else None
        encoded = bytearray(imagecodecs.htj2k_encode(samples, reversible=True, tlm=True, resolutions=levels, rgb=rgb))
        for component in range(header.size.components):
            encoded[_COMPONENTS_AT + 3 * component] = (0x80 if header.signed else 0) | (bits - 1)
        return bytes(encoded)
