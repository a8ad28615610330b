"""Reading text off frames with PaddleOCR's PP-OCRv6 models under ONNX Runtime: offline, single-threaded, repeatable."""

from deid.pixels.ocr.detector import DetectedBox
from deid.pixels.ocr.duplicates import without_duplicates
from deid.pixels.ocr.line import TextLine
from deid.pixels.ocr.models import model_digests
from deid.pixels.ocr.reader import Ocr

__all__ = ["DetectedBox", "Ocr", "TextLine", "model_digests", "without_duplicates"]
