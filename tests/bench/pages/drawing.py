"""Pages of devices as pictures, with what is marked in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.bench.pages.people import filling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Role = Literal["identifies", "label", "neutral"]
_FONTS = Path("/usr/share/fonts/truetype")
_FILES = {
    "sans": "liberation/LiberationSans-Regular.ttf", "dejavu": "dejavu/DejaVuSans.ttf",
    "dejavumono": "dejavu/DejaVuSansMono.ttf", "noto": "noto/NotoSans-Regular.ttf",
    "notob": "noto/NotoSans-Bold.ttf", "free": "freefont/FreeSans.ttf", "open": "open-sans/OpenSans-Regular.ttf",
    "lato": "lato/Lato-Regular.ttf", "carlito": "crosextra/Carlito-Regular.ttf",
}  # fmt: skip
_GROUNDS = {"white": (250, 0), "dark": (0, 235), "blue": (30, 240), "gray": (205, 10)}
"""Brightness of the ground and of the print."""
_APART = re.compile(r"( {2,})")
_SEGMENT = re.compile(r"<([^>]*)>|~([^~]*)~|([^<~]+)")


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of print, where it stands (x0, y0, x1, y1), and what it is."""

    role: Role
    text: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A kind of page: its head and the lines that describe it."""

    kind: str
    language: str
    columns: int
    rows: int
    font: str
    size: int
    ground: str
    dates: str
    lines: tuple[str, ...]

    def draw(self, fill: int) -> tuple[Any, list[Marked]]:
        """The page with one filling, rows × columns × 3, and its marked pieces."""
        pen = _Pen(self, filling(f"{self.kind} {fill}", self.dates))
        for line in self.lines:
            pen.follow(line)
        return pen.picture(), pen.marked


def sheets(half: str) -> list[Sheet]:
    """The kinds of a half, `a` or `b`."""
    found: list[Sheet] = []
    head, lines = "", list[str]()
    for line in [*(Path(__file__).parent / f"{half}.txt").read_text().splitlines(), "[]"]:
        if line.startswith("["):
            if head:
                kind, language, columns, rows, font, size, ground, dates = head.strip("[]").split(" ", 7)
                found.append(
                    Sheet(kind, language, int(columns), int(rows), font, int(size), ground, dates, tuple(lines))
                )
            head, lines = line, []
        elif line.strip() and not line.startswith("# "):
            lines.append(line)
    return found


class _Pen:
    """Follows the lines of a sheet from top to bottom."""

    def __init__(self, sheet: Sheet, values: Mapping[str, str]) -> None:
        self._sheet, self._values = sheet, values
        self._paper, self._ink = _GROUNDS[sheet.ground]
        self._canvas: Any = np.full((sheet.rows, sheet.columns, 3), self._paper, np.uint8)
        self._random = np.random.default_rng(len(sheet.kind))
        self._size, self._step, self._y, self._right = sheet.size, 0, 0, False
        self._columns: list[int] = []
        self.marked: list[Marked] = []

    def picture(self) -> Any:
        return self._canvas

    def follow(self, line: str) -> None:
        word, *rest = line.split()
        numbers = [int(one) for one in rest if one.lstrip("-").isdigit()]
        if word in {"at", "table"} and len(numbers) >= 3:
            self._size = next((int(one[5:]) for one in rest if one.startswith("size=")), self._sheet.size)
            self._right = "right" in rest
            if word == "at":
                self._columns, self._y, self._step = numbers[:1], numbers[1], numbers[2]
            else:
                self._y, self._step, self._columns = numbers[0], numbers[1], numbers[2:]
        elif word == "curve":
            self._trace(*numbers)
        elif word == "image":
            self._anatomy(*numbers)
        else:
            cells = line.split("|") if len(self._columns) > 1 else [line]
            for x, cell in zip(self._columns, cells, strict=False):
                self._write(x, self._y, cell.strip())
            self._y += self._step

    def _write(self, x: int, y: int, text: str) -> None:
        pieces = list(_pieces(text, self._values))
        face = _font(self._sheet.font, self._size)
        if self._right:
            x -= round(sum(face.getlength(piece) for _, piece in pieces))
        at = float(x)
        for role, piece in pieces:
            if piece.strip():
                picture = Image.fromarray(self._canvas)
                ImageDraw.Draw(picture).text((at, y), piece, fill=(self._ink,) * 3, font=face)
                changed = np.argwhere((np.asarray(picture) != self._canvas).any(axis=2))
                (y0, x0), (y1, x1) = changed.min(axis=0), changed.max(axis=0)
                self.marked.append(Marked(role, piece, (int(x0), int(y0), int(x1) + 1, int(y1) + 1)))
                self._canvas = np.array(picture)
            at += face.getlength(piece)

    def _trace(self, x0: int, y0: int, x1: int, y1: int) -> None:
        xs = np.arange(x0, x1)
        wave = np.sin(xs / 9.0) * np.exp(-((xs % 60) / 25.0)) + self._random.normal(0, 0.03, len(xs))
        ys = (y0 + y1) / 2 - wave * (y1 - y0) * 0.4
        cv2.rectangle(self._canvas, (x0, y0), (x1, y1), (120, 120, 120), 1)
        cv2.polylines(self._canvas, [np.stack([xs, ys], axis=1).astype(np.int32)], False, (90, 160, 90), 1)  # noqa: FBT003

    def _anatomy(self, x0: int, y0: int, x1: int, y1: int) -> None:
        height, width = y1 - y0, x1 - x0
        ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
        inside = ((xs - width / 2) / (width * 0.45)) ** 2 + ((ys - height / 2) / (height * 0.45)) ** 2 < 1
        noise = cv2.GaussianBlur(self._random.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 8)
        grey = np.where(inside, np.clip(90 + noise * 400, 20, 180), self._paper)
        self._canvas[y0:y1, x0:x1] = grey[..., None].astype(np.uint8)


def _pieces(text: str, values: Mapping[str, str]) -> Iterator[tuple[Role, str]]:
    """The parts of a line; what stands far apart in a label is more than one, and a comma alone none."""
    for match in _SEGMENT.finditer(text):
        if match[1] or match[2]:
            yield ("identifies" if match[1] else "neutral"), (match[1] or match[2]).format_map(values)
        else:
            yield from (
                ("label" if any(map(str.isalnum, part)) else "neutral", part) for part in _APART.split(match[3]) if part
            )


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> Any:
    path = _FONTS / _FILES[name]
    return ImageFont.truetype(path, size) if path.exists() else ImageFont.load_default(size)


def share_in(box: tuple[int, int, int, int], hidden: Sequence[tuple[int, int, int, int]]) -> float:
    """How much of a box lies in others, 0–1."""
    x0, y0, x1, y1 = box
    inside = np.zeros((y1 - y0, x1 - x0), bool)
    for a, b, c, d in hidden:
        inside[max(b - y0, 0) : max(d - y0, 0), max(a - x0, 0) : max(c - x0, 0)] = True
    return float(inside.mean())
