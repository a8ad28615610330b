"""Running the systems over specimens."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.pixels.exactness import Exactness, exactness
from tests.bench.pixels.misses import Sheet, picture_of, picture_of_bytes, save_misses
from tests.bench.pixels.scoring import Hidden, Judged, boxes_on_nothing, judge
from tests.bench.pixels.specimen import specimens
from tests.bench.pixels.systems import Deid, NaivePaddle, presidio

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.bench.pixels.specimen import Specimen

PEERS_ON = 3
"""The peers see every third specimen."""
_SHOWN = 12


@dataclass(slots=True)
class Result:
    """What one system did over all."""

    judged: list[Judged] = field(default_factory=list)
    seconds: float = 0.0
    frames: int = 0
    instances: int = 0
    refused: list[str] = field(default_factory=list)
    boxes: int = 0
    boxes_on_nothing: int = 0
    """Boxes that touch no text that identifies: on labels, or on anatomy, traces and grids."""

    def add(self, specimen: Specimen, hidden: Hidden) -> list[Judged]:
        """Count one instance."""
        judged = judge(specimen, hidden)
        self.judged += judged
        self.instances += 1
        self.seconds += hidden.seconds
        self.frames += specimen.about.frames
        boxes, wrong = boxes_on_nothing(specimen, hidden)
        self.boxes += boxes
        self.boxes_on_nothing += wrong
        if hidden.reason:
            self.refused.append(f"{specimen.about.coding.name}: {hidden.reason}")
        return judged


@dataclass(slots=True)
class Measured:
    """All systems, and the exactness of deid."""

    deid: Result = field(default_factory=Result)
    deid_on_subset: Result = field(default_factory=Result)
    peers: dict[str, Result | None] = field(default_factory=dict)
    exact: list[tuple[str, Exactness]] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)


def measure(
    edition: str, count: int, *, misses: Path | None = None, sheet: Path | None = None, peers: bool
) -> Measured:
    """Run deid over the first specimens of an edition.

    Args:
        edition: `tune` or `report`.
        count: How many.
        misses: A folder for pictures of what came out wrong.
        sheet: A PNG to draw some images before and after into.
        peers: Also run the other systems, on some.
    """
    measured, deid, page = Measured(), Deid(), Sheet()
    subset: list[tuple[Specimen, Path]] = []
    with tempfile.TemporaryDirectory(prefix="bench-pixels-") as folder:
        for number, specimen in enumerate(specimens(edition, count)):
            path = Path(folder) / f"{specimen.about.name}.dcm"
            specimen.dataset.save_as(path, enforce_file_format=True)
            hidden = deid.hide(path)
            judged = measured.deid.add(specimen, hidden)
            sys.stderr.write(f"\r{number + 1} of {count} ")
            if not hidden.reason:
                measured.exact.append((specimen.about.coding.name, exactness(path, hidden)))
            if misses is not None:
                measured.misses += save_misses(misses, specimen.dataset, judged, hidden)
            if sheet is not None and number % max(count // _SHOWN, 1) == 0 and not hidden.reason:
                middle = specimen.about.frames // 2
                after = picture_of_bytes(hidden.data, middle)
                page.add(
                    f"{specimen.about.coding.name}, header {specimen.about.header}",
                    picture_of(specimen.dataset, middle),
                    after,
                )
            if peers and number % PEERS_ON == 0:
                measured.deid_on_subset.add(specimen, hidden)
                subset.append((specimen, path))
            else:
                path.unlink()
        if sheet is not None:
            page.save(sheet)
        if peers:
            _run_peers(measured, subset)
    return measured


def _run_peers(measured: Measured, subset: list[tuple[Specimen, Path]]) -> None:
    naive, paddle = Result(), NaivePaddle()
    for specimen, path in subset:
        naive.add(specimen, paddle.hide(path))
    measured.peers["PaddleOCR on every frame, all text hidden"] = naive
    found: Mapping[str, Hidden] | None = presidio(path for _, path in subset)
    result = Result() if found is not None else None
    for specimen, path in subset:
        if found is not None and result is not None:
            result.add(specimen, found[path.name])
    measured.peers["presidio-image-redactor, Tesseract"] = result
