"""Bar codes and matrix codes: labels on request forms, films, specimens and wristbands give the patient's number so.

What they say is not asked: none of them is part of a picture of a body. They are looked for where a label can be in the
picture, in radiographs, photographs and secondary captures; a scanner's slices have none. zxing-cpp finds the bar
codes, QR, Data Matrix, Aztec and PDF417 codes that can be read. OpenCV finds where bars lie side by side, also aslant
or blurred ones that can't be read, and the three corner marks of a QR code (ISO/IEC 18004); such bars must then be so
alike from row to row, and so many, as only print is.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from deid.pixels.finding.tracks import ranges_of
from deid.pixels.judging.marks import RADIOGRAPHY
from deid.plan import Box, Region

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from pydicom.dataset import Dataset

    Grey = npt.NDArray[np.uint8]
    Corners = npt.NDArray[np.float32]

REASON: Final = "a bar code or matrix code"
_LABELLED: Final = ("1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.77.1.")
"""SOP classes of secondary captures, and of photographs and slides in visible light."""
_SMALLEST: Final = 24
"""Pixels of a side, of a picture and of a code: smaller ones have no room for bars that can be told apart."""
_FEWEST_EDGES: Final = 24
"""Code 128 has 25 for a single character, Code 39 has 30, EAN-8 has 44."""
_WIDE: Final = 1.7
"""How much wider wide bars are at least than narrow ones: those of gratings are all the same."""
_SHORTEST_PERIOD, _REPEATED = 3, 0.7
"""Pixels, and from which correlation on bars repeat."""
_ALIKE: Final = 0.8
"""The correlation of two rows of the same bars."""
_MOST_ROWS: Final = 0.8
_CONTRAST: Final = 40
_BEYOND: Final = 0.15
"""Of its length that a code may go on at either end: quiet zones, and bars that were not seen."""
_HEIGHTS: Final = 4
"""So many times the height that was seen, bars may be high on either side."""
_MARGIN: Final = 2
_MATRIX_MARGIN: Final = 0.08
_LONGEST, _NARROW, _MATRIX_LONGEST = 16384, 4096, 2048
"""Pixels that a picture is made smaller to: its longer side, the shorter for narrow bars, the longer for matrices."""
_LINE: Final = 3
"""Pixels: the height of the line on which bars were read."""
_WINDOWS: Final = (0.003, 0.006, 0.015, 0.04)
"""Of the shorter side: windows in which narrow bars are seen; OpenCV's own are three times as wide."""
_UPRIGHT, _PIECES = 0.03, 10
"""The slope up to which one box will do, and in how many a code is hidden that stands more aslant."""


def may_show_labels(dataset: Dataset) -> bool:
    """Whether labels can be in the picture."""
    sop_class, modality = str(dataset.get("SOPClassUID") or ""), str(dataset.get("Modality") or "").strip()
    return sop_class.startswith(_LABELLED) or modality in RADIOGRAPHY


def regions_of(codes: Mapping[int, Sequence[Box]]) -> tuple[Region, ...]:
    """The regions of the codes that were found, by frame: one for each stretch of frames that a box is in."""
    frames: dict[Box, list[int]] = {}
    for index, boxes in sorted(codes.items()):
        for box in boxes:
            frames.setdefault(box, []).append(index)
    return tuple(Region(box, stretch, (REASON,)) for box, indices in frames.items() for stretch in ranges_of(indices))


def codes_in(picture: npt.NDArray[np.uint8]) -> list[Box]:
    """The boxes of the codes in a view, uint8 rows × columns × 3."""
    import cv2

    if min(picture.shape[:2]) < _SMALLEST:
        return []
    rows, columns = picture.shape[:2]
    grey = _shrunk(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8), _LONGEST)
    smaller = _shrunk(grey, _MATRIX_LONGEST)
    *bars, marks = _detectors()
    boxes: list[Box] = []
    for corners in _readable(grey, linear=True):
        boxes += _bars(grey, _across(grey, corners), read=True)
        if not any(_is_inside(corners, box) for box in boxes):
            boxes.append(_box(corners, _MARGIN))
    for detector in bars:
        for corners in _quadrangles(detector, grey):
            if not any(_is_inside(corners, box) for box in boxes):
                boxes += _bars(grey, corners)
    matrices = [*_readable(smaller, linear=False), *_quadrangles(marks, smaller)]
    boxes += [_matrix_box(corners * max(grey.shape) / max(smaller.shape)) for corners in matrices]
    clipped = (_grown(box, max(rows, columns) / max(grey.shape)).clipped(columns, rows) for box in boxes)
    return [box for box in dict.fromkeys(clipped) if not box.empty]


def _readable(grey: Grey, *, linear: bool) -> list[Corners]:
    """The corners of the codes that can be read, dark on bright or bright on dark: bar codes, or all others.

    Those that are found and can't be read are left out: a grating is full of them.
    """
    import zxingcpp

    kinds = zxingcpp.BarcodeFormat.AllLinear if linear else zxingcpp.BarcodeFormat.AllMatrix
    formats = zxingcpp.BarcodeFormats(kinds)
    places = [
        code.position
        for picture in (grey, np.bitwise_not(grey))
        for code in zxingcpp.read_barcodes(picture, formats=formats, try_invert=False)
    ]
    corners = [(place.top_left, place.top_right, place.bottom_right, place.bottom_left) for place in places]
    return [np.array([(point.x, point.y) for point in points], np.float32) for points in corners]


def _across(grey: Grey, corners: Corners) -> Corners:
    """The line on which bars were read, turned so that it crosses them at right angles; as wide as it crossed them.

    A code is read along the picture's rows or columns, even one that stands aslant.
    """
    import cv2

    along = corners[1] - corners[0]
    middle, length = corners.mean(axis=0), float(np.linalg.norm(along))
    x, y, reach = int(middle[0]), int(middle[1]), max(int(length / 2), _LINE)
    wide, high = (reach, _LINE) if abs(along[0]) > abs(along[1]) else (_LINE, reach)
    patch = grey[max(y - high, 0) : y + high + 1, max(x - wide, 0) : x + wide + 1]
    dx, dy = (cv2.Sobel(patch, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    # The direction in which brightness changes most (structure tensor).
    angle = 0.5 * np.arctan2(2 * float((dx * dy).sum()), float((dx * dx - dy * dy).sum()))
    turned = np.array([np.cos(angle), np.sin(angle)], np.float32)
    half, down = turned * abs(float(turned @ along)) / 2, np.array([-turned[1], turned[0]]) * _LINE / 2
    return np.array(
        [middle - half - down, middle + half - down, middle + half + down, middle - half + down], np.float32
    )


def _shrunk(grey: Grey, longest: int) -> Grey:
    import cv2

    scale = longest / max(grey.shape)
    if scale >= 1:
        return grey
    size = max(round(grey.shape[1] * scale), 1), max(round(grey.shape[0] * scale), 1)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _grown(box: Box, scale: float) -> Box:
    if scale == 1:
        return box
    return _box(np.array([(box.x0, box.y0), (box.x1, box.y1)], np.float32) * scale, 0)


@lru_cache(maxsize=1)
def _detectors() -> tuple[Any, ...]:
    """For bars in the picture made small, for narrower ones, and for QR codes."""
    import cv2

    bars = cv2.barcode.BarcodeDetector(), cv2.barcode.BarcodeDetector()
    bars[1].setDownsamplingThreshold(_NARROW)
    bars[1].setDetectorScales(_WINDOWS)
    return *bars, cv2.QRCodeDetectorAruco()


def _quadrangles(detector: Any, grey: Grey) -> list[Corners]:  # noqa: ANN401 - OpenCV's have no common type
    found, corners = detector.detectMulti(grey)
    return list(np.asarray(corners, np.float32).reshape(-1, 4, 2)) if found and corners is not None else []


def _is_inside(corners: Corners, box: Box) -> bool:
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    return bool(box.x0 <= x0 and box.y0 <= y0 and x1 <= box.x1 and y1 <= box.y1)


def _matrix_box(corners: Corners) -> Box:
    """The box around a matrix code; the corners are those of its modules."""
    size = float((corners.max(axis=0) - corners.min(axis=0)).max())
    return _box(corners, _MATRIX_MARGIN * size + _MARGIN)


def _box(points: Corners, margin: float) -> Box:
    (x0, y0), (x1, y1) = points.min(axis=0) - margin, points.max(axis=0) + margin
    return Box(int(np.floor(x0)), int(np.floor(y0)), int(np.ceil(x1)), int(np.ceil(y1)))


def _bars(grey: Grey, corners: Corners, *, read: bool = False) -> list[Box]:
    """Boxes over a bar code of which the part inside `corners` was seen, or read: several over one that is aslant."""
    import cv2

    # Upright: the first side goes along the code, across its bars.
    if np.linalg.norm(corners[1] - corners[0]) < np.linalg.norm(corners[2] - corners[1]):
        corners = np.roll(corners, 1, axis=0)
    origin, along, down = corners[0], corners[1] - corners[0], corners[3] - corners[0]
    width, height = float(np.linalg.norm(along)), float(np.linalg.norm(down))
    if width < _SMALLEST or height < 1:
        return []
    start, above = _BEYOND, max(_HEIGHTS, width / height) if read else _HEIGHTS
    wide, high = round(width * (1 + 2 * start)), round(height * (1 + 2 * above))
    corner = origin - start * along - above * down
    places = np.array([corner, corner + (1 + 2 * start) * along, corner + (1 + 2 * above) * down], np.float32)
    upright = cv2.getAffineTransform(np.array([[0, 0], [wide, 0], [0, high]], np.float32), places)
    flat = cv2.warpAffine(
        grey, upright, (wide, high), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    seen = flat[:, round(start * width) : round((1 + start) * width)]
    rows = _rows_of_bars(seen, round(above * height), round(height), read=read)
    if rows is None:
        return []
    pieces = 1 if min(abs(along)) < _UPRIGHT * width else _PIECES
    cuts = np.linspace(0, wide, pieces + 1)
    quads = [[(x0, rows.start), (x1, rows.start), (x0, rows.stop), (x1, rows.stop)] for x0, x1 in pairwise(cuts)]
    turn, move = upright[:, :2].T, upright[:, 2]
    return [_box(np.asarray(np.array(quad) @ turn + move, np.float32), _MARGIN) for quad in quads]


def _rows_of_bars(flat: npt.NDArray[Any], start: int, height: int, *, read: bool) -> range | None:
    """The rows with the bars of which those from `start` on are some; None where these are no bars nor were read."""
    seen = flat[start : start + max(height, 1)].astype(np.float32)
    bars = np.median(seen, axis=0)
    if not read and not _are_bars(bars):
        return None
    alike = _correlation(flat.astype(np.float32), bars) > _ALIKE
    if not read and alike[start : start + max(height, 1)].mean() < _MOST_ROWS:
        return None
    first, last = start, start + height
    while first > 0 and alike[first - 1]:
        first -= 1
    while last < len(alike) and alike[last]:
        last += 1
    return range(first, last)


def _are_bars(row: npt.NDArray[np.float32]) -> bool:
    low, high = np.percentile(row, (10, 90))
    edges = np.flatnonzero(np.diff(row < (low + high) / 2))
    if high - low < _CONTRAST or len(edges) < _FEWEST_EDGES:
        return False
    return not _are_even(np.diff(edges)) and not _repeats(row)


def _are_even(widths: npt.NDArray[Any]) -> bool:
    narrow, wide = np.percentile(widths, (20, 90))
    return bool(wide < _WIDE * narrow)


def _repeats(bars: npt.NDArray[np.float32]) -> bool:
    """Whether a row is like itself moved along: gratings, rulers, grids and the paper of an ECG are."""
    centred = bars - bars.mean()
    size = len(centred)
    alike = np.correlate(centred, centred, "full")[size - 1 :] / max(float(centred @ centred), 1e-6)
    lags = np.arange(size)
    # A code is about as long as is seen of it; of more than a third, too little is left to compare.
    return bool((alike * size / np.maximum(size - lags, 1))[_SHORTEST_PERIOD : size // 3].max(initial=0) > _REPEATED)


def _correlation(rows: npt.NDArray[np.float32], bars: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How much each row is like `bars`, from -1 to 1."""
    centred, pattern = rows - rows.mean(axis=1, keepdims=True), bars - bars.mean()
    norms = np.linalg.norm(centred, axis=1) * np.linalg.norm(pattern)
    return np.asarray(centred @ pattern / np.maximum(norms, 1e-6), np.float32)
