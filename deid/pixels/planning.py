"""Planning the pixels: every frame is looked at, every line judged, and what identifies becomes a region."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.pixels.devices import device_regions
from deid.pixels.finding.bars import without_bars
from deid.pixels.finding.cine import CineReader
from deid.pixels.finding.fading import Fading
from deid.pixels.finding.machine_codes import codes_in, may_show_labels, regions_of
from deid.pixels.finding.neighbours import without_neighbours
from deid.pixels.finding.surroundings import Rereader
from deid.pixels.finding.traces import TraceReader
from deid.pixels.finding.tracks import fill_gaps, findings_of, follow
from deid.pixels.finding.trailing import with_rest
from deid.pixels.frames.views import first_view_of, views_of
from deid.pixels.judging.findings import Judged, Judging, judge_lines
from deid.pixels.judging.marks import RADIOGRAPHY
from deid.pixels.ocr import Ocr
from deid.pixels.redaction.ink import with_ink
from deid.pixels.redaction.redact import snapped_regions
from deid.pixels.second_look import Looked, SecondLook
from deid.profile import PixelPolicy

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from deid.identity.known_values import KnownValue
    from deid.pixels.frames.image import PixelFormat, PixelImage
    from deid.pixels.ocr import TextLine
    from deid.plan import Box, Finding, Region
    from deid.text import TextEngine


_EXAMPLES = ("FENWICK, ORLA 12.03.1957", "Liver sagittal", "ST. MARY HOSPITAL")
"""Lines that it takes all kinds of evidence to judge."""


@dataclass(frozen=True, slots=True)
class PixelFindings:
    """What was found in the pixels of one instance, and what of it goes black."""

    findings: tuple[Finding, ...]
    regions: tuple[Region, ...]
    """What can be blanked: whole blocks in some codings."""
    summary: str = ""
    """What was looked at, in one clause."""
    complete: bool = True
    """Nothing burned in was left unseen: all frames were looked at, or it is known where text stands."""


class PixelPlanner:
    """Looks for text in pixels. Holds the models, so make one a process."""

    def __init__(self, engine: TextEngine, policy: PixelPolicy | None = None) -> None:
        """Prepare; the models load at the first frame, or with `warm_up`.

        Args:
            engine: Judges what was read.
            policy: Says what is looked at and what of it is hidden; without, the default.
        """
        self._engine = engine
        self._policy = policy or PixelPolicy()
        self._judging = Judging(self._policy.margin, self._policy.confidence, all_text=self._policy.mode == "all-text")
        self._ocr = Ocr()
        self._cine = CineReader(self._ocr, every_frame=self._policy.cine == "every-frame")
        self._again = SecondLook(self._ocr, engine, self._judging)

    def warm_up(self) -> None:
        """Load the models and the vocabulary that lines are judged by now.

        Raises:
            EnvironmentFault: A library or the weights are missing.
        """
        self._ocr.load()
        for example in _EXAMPLES:
            self._engine.judge_line(example, ())

    def plan(self, image: PixelImage, dataset: Dataset, known: Sequence[KnownValue]) -> PixelFindings:
        """The regions of known devices, and the text in the frames that the policy says, judged.

        Args:
            image: The pixel data.
            dataset: Its header: windows for looking.
            known: The identifying values of the same patient's headers.

        Raises:
            InstanceError: A frame can't be decoded.
        """
        devices = tuple(snapped_regions(image, device_regions(dataset, image.format, self._policy)))
        if not self._policy.looks_for_text:
            return PixelFindings((), devices, "only the regions of known devices", complete=bool(devices))
        looked_at = self._policy.looked_at(image.format.frames)
        found, hidden, codes = self._look(image, dataset, known, looked_at)
        hidden = tuple(snapped_regions(image, hidden))
        hidden = self._again.complete(Looked(image, dataset, known, found), hidden)
        complete = len(looked_at) == image.format.frames
        return PixelFindings(found, (*devices, *codes, *hidden), _summary(image.format, looked_at), complete)

    def _look(
        self, image: PixelImage, dataset: Dataset, known: Sequence[KnownValue], looked_at: frozenset[int]
    ) -> tuple[tuple[Finding, ...], tuple[Region, ...], tuple[Region, ...]]:
        """Find and judge the text in some frames, and find bar codes; frames of the same content are read once."""
        first: dict[bytes, int] = {}
        shows: dict[int, int] = {}
        for index in sorted(looked_at):
            shows[index] = first.setdefault(hashlib.sha256(image.encoded_frame(index)).digest(), index)

        @lru_cache(maxsize=1)
        def views_at(index: int) -> list[npt.NDArray[np.uint8]]:
            return views_of(image, image.decode(index), dataset)

        how = replace(self._judging, marks=str(dataset.get("Modality") or "").strip() in RADIOGRAPHY)
        traces = TraceReader(self._ocr)
        rereader, fading = Rereader(self._ocr, self._engine, known), Fading(self._ocr, self._engine, known)
        judged: dict[tuple[TextLine, ...], tuple[list[Judged], tuple[Box, ...]]] = {(): ([], ())}
        read: dict[int, tuple[list[Judged], tuple[Box, ...]]] = {}
        codes: dict[int, list[Box]] = {}
        labelled = may_show_labels(dataset)
        for index, lines in self._cine.read(sorted(set(shows.values())), views_at) if shows else ():
            if lines not in judged:
                apart = traces.apart(lines, views_at(index))
                settled = fading.whole(rereader.settled(apart.lines, apart.views), apart.views)
                verdicts = without_bars(judge_lines(settled, known, self._engine, how), apart.views)
                verdicts = without_neighbours(with_rest(verdicts, apart.views), apart.views)
                verdicts = verdicts if image.frames.sets_samples else with_ink(verdicts, views_at(index))
                judged[lines] = verdicts, apart.gone
            read[index] = judged[lines]
            codes[index] = codes_in(views_at(index)[0]) if labelled else []
        by_frame = [read[shows[index]] if index in shows else judged[()] for index in range(image.format.frames)]
        tracks = follow([verdicts for verdicts, _ in by_frame])

        def shown(index: int) -> npt.NDArray[np.uint8]:
            return first_view_of(image, image.decode(index), dataset)

        fill_gaps(tracks, [gone for _, gone in by_frame], shown)
        found, hidden = findings_of(tracks, image.format.columns, image.format.rows)
        coded = regions_of({index: codes[first] for index, first in shows.items()})
        return found, hidden, tuple(snapped_regions(image, coded))


def _summary(form: PixelFormat, looked_at: frozenset[int]) -> str:
    some = "" if len(looked_at) == form.frames else f"{len(looked_at)} of "
    frames = f"checked {some}{form.frames} frame{'s' if form.frames != 1 else ''}"
    return f"{frames}, cleared what lay in their unused bits" if form.clears_free_bits else frames
