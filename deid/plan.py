"""What will become of one instance: decisions on attributes, findings and regions in pixels.

These are plain values. `inspect` prints them, `run` applies them, the audit records them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Container


@dataclass(frozen=True, slots=True)
class AttributePath:
    """Where an attribute stands: the enclosing (sequence tag, item index) pairs, outermost first, and its own tag."""

    tag: int
    parents: tuple[tuple[int, int], ...] = ()

    def __str__(self) -> str:
        return ".".join([f"{tag_text(tag)}[{item}]" for tag, item in self.parents] + [tag_text(self.tag)])

    @property
    def pattern(self) -> str:
        """The path with any item: `(0040,0275)[*].(0008,0050)`."""
        return ".".join([f"{tag_text(tag)}[*]" for tag, _ in self.parents] + [tag_text(self.tag)])


def tag_text(tag: int) -> str:
    """`(gggg,eeee)` in upper-case hexadecimal."""
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


@dataclass(frozen=True, slots=True)
class Keep:
    """The attribute stays as it is; a sequence stays and its items have decisions of their own."""


@dataclass(frozen=True, slots=True)
class Remove:
    """The attribute goes, a sequence with all its items."""


@dataclass(frozen=True, slots=True)
class Empty:
    """The attribute stays with zero length (a sequence: without items)."""


@dataclass(frozen=True, slots=True)
class Replace:
    """The attribute gets this value; it is made from the key, a constant or cleaned text, never identifying.

    `value` is what pydicom's `DataElement.value` takes for the VR.
    """

    value: Any


Change = Keep | Remove | Empty | Replace


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one attribute, by which rule, and why."""

    path: AttributePath
    vr: str
    rule: str
    """Names the rule: `basic (0010,0010)`, `basic private`, `basic unlisted`, `known-values`."""
    code: str
    """The action as the rule states it, such as `X/Z/D`."""
    action: str
    """The single action code it came to, such as `Z`."""
    change: Change
    reason: str
    """One clause for a human reader, without any value of the input."""


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A rectangle in pixels, half open: columns x0 ≤ x < x1, rows y0 ≤ y < y1."""

    x0: int
    y0: int
    x1: int
    y1: int

    def clipped(self, columns: int, rows: int) -> Box:
        """The part of the box inside a frame of `columns` × `rows`."""
        return Box(
            min(max(self.x0, 0), columns),
            min(max(self.y0, 0), rows),
            min(max(self.x1, 0), columns),
            min(max(self.y1, 0), rows),
        )

    def around(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def overlap(self, other: Box) -> int:
        """How many pixels they share."""
        across, down = min(self.x1, other.x1) - max(self.x0, other.x0), min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(0, across) * max(0, down)

    @property
    def across(self) -> Box:
        """The box with rows and columns exchanged."""
        return Box(self.y0, self.x0, self.y1, self.x1)

    @property
    def size(self) -> int:
        """How many pixels it holds."""
        return max(0, self.x1 - self.x0) * max(0, self.y1 - self.y0)

    @property
    def empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.size == 0


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of text found in the pixels, and the verdict on it."""

    box: Box
    frames: range
    """Frame indices, from 0, in which the same text stands at the same place."""
    score: float
    """The recogniser's confidence, 0 to 1."""
    identifying: bool
    reasons: tuple[str, ...]
    """Why it is hidden or kept, without quoting it."""
    text: str = field(repr=False)
    """What was read. Never leaves the process: not in the audit, not on the console."""


@dataclass(frozen=True, slots=True)
class Region:
    """A box that is blacked out in the frames `frames` (indices from 0)."""

    box: Box
    frames: range
    reasons: tuple[str, ...]
    replacement: str = ""
    """What is written on it, made from the key."""
    ink: Box | None = None
    """The part of the box that holds print, where that was measured; see `deid.pixels.redaction.blocks`."""


NO_PIXEL_DATA = "no pixel data"
PIXELS_MISSING = "no pixel data, though the header describes an image"
NOT_CHECKED = "not checked: switched off"
BLANKED = "all frames blanked, as the profile says"
"""What `Plan.pixels` says where no frame was looked at."""
_OF_IMAGES = (0x00280002, 0x00280004, 0x00280010, 0x00280011, 0x00280100)
_ELSEWHERE = 0x00287FE0


def without_pixels(tags: Container[int]) -> str:
    """What `Plan.pixels` says of an instance that has none, by the tags of its top level.

    Images have Samples per Pixel, Photometric Interpretation, Rows, Columns and Bits Allocated (PS3.3 C.7.6.3), and
    their pixels in the file unless there is a Pixel Data Provider URL. Without them the file was cut off, or it was
    made to hold a header only: nobody can tell.
    """
    return PIXELS_MISSING if all(tag in tags for tag in _OF_IMAGES) and _ELSEWHERE not in tags else NO_PIXEL_DATA


@dataclass(frozen=True, slots=True)
class Plan:
    """All decisions for one instance."""

    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...] = ()
    regions: tuple[Region, ...] = ()
    pixels: str = ""
    """What was done to know the pixels, in one clause: `checked 12 frames`, `no pixel data`."""
    pixels_checked: bool = True
    """Whether nothing burned in was left unseen: all frames were looked at, or there are none."""
    blank: bool = False
    """All frames go black, because they can't be looked at."""
