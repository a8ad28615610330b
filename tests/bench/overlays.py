"""Recall and damage on real frames with known burned-in text: `python -m tests.bench.overlays FOLDER`.

FOLDER holds pairs of NAME.dcm and NAME.json, the latter with the text and box of each value (identifying) and label.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deid.identity.key import Key
from deid.instance import Deidentifier, Timings
from deid.plan import Box, Plan
from deid.profile import load_profile

_HIDDEN = 0.9
_LOST = 0.3


@dataclass
class Score:
    """Counts over all frames."""

    values: int = 0
    hidden: int = 0
    labels: int = 0
    kept: int = 0
    seconds: float = 0.0
    frames: int = 0
    missed: list[str] = field(default_factory=list)

    def line(self) -> str:
        """One line of figures."""
        return (
            f"values hidden {self.hidden}/{self.values}, labels kept {self.kept}/{self.labels}, "
            f"{self.seconds / max(self.frames, 1):.2f} s CPU a frame"
        )


def main(folder: Path) -> None:
    """Measure all pairs in `folder` and print."""
    score = measure(folder)
    sys.stdout.write("\n".join([*score.missed, score.line()]) + "\n")


def measure(folder: Path) -> Score:
    """Measure all pairs in `folder`."""
    deidentifier = Deidentifier(load_profile("basic"), Key.generate())
    deidentifier.warm_up()
    score = Score()
    for truth in sorted(folder.glob("*.json")):
        start = time.process_time()
        instance = deidentifier.read(truth.with_suffix(".dcm"), Timings())
        plan = deidentifier.plan(instance, Timings())
        score.seconds += time.process_time() - start
        score.frames += 1
        shape = (instance.view.Rows, instance.view.Columns)
        annotation = [one for one in json.loads(truth.read_text())["annotation"] if _is_in(one, shape)]
        add(score, plan, annotation, truth.stem[-12:])
    return score


def _is_in(entry: dict[str, Any], shape: tuple[int, int]) -> bool:
    """Whether a value is in the frame: some of the truth stands below its last row."""
    box = Box(*entry["value"]["bbox"])
    return box.clipped(shape[1], shape[0]) == box


def add(score: Score, plan: Plan, annotation: list[dict[str, Any]], name: str) -> None:
    """Count one frame; invented persons only, so what was missed may be shown."""
    for entry in annotation:
        value, label = entry["value"], entry.get("key")
        if value["text"]:
            share = covered(plan, Box(*value["bbox"]))
            score.values += 1
            score.hidden += share >= _HIDDEN
            if share < _HIDDEN:
                score.missed.append(f"{name}: value {value['text']!r} covered {share:.2f}")
        if label and label.get("bbox"):
            score.labels += 1
            lost = covered(plan, Box(*label["bbox"]))
            score.kept += lost <= _LOST
            if lost > _LOST:
                score.missed.append(f"{name}: label {label['text']!r} lost {lost:.2f}")


def covered(plan: Plan, box: Box) -> float:
    """What part of a box the regions of a plan cover."""
    pixels = {(x, y) for x in range(box.x0, box.x1) for y in range(box.y0, box.y1)}
    inside = {
        (x, y) for x, y in pixels if any(r.box.x0 <= x < r.box.x1 and r.box.y0 <= y < r.box.y1 for r in plan.regions)
    }
    return len(inside) / max(len(pixels), 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
