"""One module for each family of transfer syntaxes; `registry` says which serves which."""

from deid.pixels.codecs.format import PixelFormat
from deid.pixels.codecs.registry import CODECS, NATIVE, decodable

__all__ = ["CODECS", "NATIVE", "PixelFormat", "decodable"]
