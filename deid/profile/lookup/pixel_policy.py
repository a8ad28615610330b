"""What a profile says about pixels: which text is hidden, how, and what becomes of pixels that nobody can look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from deid.plan import Box
    from deid.profile.lookup.conditions import Condition

PixelMode = Literal["phi", "replace", "all-text", "regions-only", "off"]
FillColour = Literal["black", "white"]
WhenUncheckable = Literal["quarantine", "blank", "drop"]
SlideLabels = Literal["drop", "keep"]
Cine = Literal["changes", "every-frame"]

FRAMES_PATTERN = r"^(all|first|[1-9]\d{0,8}(-[1-9]\d{0,8})?( *, *[1-9]\d{0,8}(-[1-9]\d{0,8})?)*)$"
DEFAULT_MARGIN = 0.35
DEFAULT_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Device:
    """A source of images whose overlays stand in known places.

    Attributes:
        name: What the audit calls it.
        conditions: All must be met.
        regions: The boxes that go black in every frame, half open, in pixels.
        origin: The file that lists it.
        line: Its line there.
    """

    name: str
    conditions: tuple[Condition, ...]
    regions: tuple[Box, ...]
    origin: str = field(default="", compare=False, repr=False)
    line: int = field(default=0, compare=False)

    def fields(self) -> list[Any]:
        """What it does, for the profile's digest."""
        boxes = [[box.x0, box.y0, box.x1, box.y1] for box in self.regions]
        return [sorted(str(condition) for condition in self.conditions), boxes]


@dataclass(frozen=True, slots=True)
class PixelPolicy:
    """The pixel policy of a profile.

    Attributes:
        mode: `phi` hides what identifies; `replace` also writes pseudonyms there; `all-text` hides every text that is
            found; `regions-only` only the regions of known devices, without looking for text; `off` leaves pixels as
            they are.
        margin: Around what is hidden, in line heights.
        fill: The colour of what is hidden.
        frames: Which frames are looked at for text: `all`, `first`, or numbers from 1 such as `1-10, 20`.
        cine: Whether of later frames only what might be new print is read, or every frame as a whole.
        confidence: Below this score, 0 to 1, a reading counts as none: text-like lines are hidden then.
        uncheckable: What becomes of an instance whose pixels can't be decoded or edited, such as video.
        slide_labels: Whether label and overview images of slides are left out.
        devices: Known devices; the regions of all that match are hidden.
    """

    mode: PixelMode = "phi"
    margin: float = DEFAULT_MARGIN
    fill: FillColour = "black"
    frames: str = "all"
    cine: Cine = "changes"
    confidence: float = DEFAULT_CONFIDENCE
    uncheckable: WhenUncheckable = "quarantine"
    slide_labels: SlideLabels = "drop"
    devices: tuple[Device, ...] = ()

    @property
    def looks_for_text(self) -> bool:
        """Whether frames are read."""
        return self.mode in {"phi", "replace", "all-text"}

    def looked_at(self, count: int) -> frozenset[int]:
        """The indices, from 0, of the frames that are looked at, of `count` frames."""
        if self.frames == "all":
            return frozenset(range(count))
        if self.frames == "first":
            return frozenset({0})
        ends = [part.split("-") for part in self.frames.replace(" ", "").split(",")]
        return frozenset(index for part in ends for index in range(int(part[0]) - 1, min(int(part[-1]), count)))

    def fields(self) -> dict[str, Any]:
        """Everything but the devices, for the audit."""
        return {
            "mode": self.mode,
            "margin": self.margin,
            "fill": self.fill,
            "frames": self.frames,
            "cine": self.cine,
            "confidence": self.confidence,
            "uncheckable": self.uncheckable,
            "slide_labels": self.slide_labels,
        }
