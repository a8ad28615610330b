"""The same text in many frames: one finding over a range of frames, with no gap where the reader missed it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.ocr.duplicates import shared
from deid.pixels.picture.strokes import strokes_in
from deid.plan import Finding, Region

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy.typing as npt

    from deid.pixels.judging.findings import Judged
    from deid.plan import Box

    Picture = Callable[[int], npt.NDArray[np.uint8]]

_SAME_PLACE = 0.7
_SAME_PICTURE = 10.0
"""Grey levels of mean difference: compression noise stays below, another or no text does not, unless it is faint."""
_INK, _FAINTEST = 95, 12.0
"""The percentile of what stands out that is ink, and the grey levels from which it can be told from noise."""
_SAME_INK = 0.5
"""What part of its contrast print has at least where it still stands; texture has less where there are no letters."""


@dataclass(slots=True)
class Track:
    """A line followed through frames."""

    judged: Judged
    hidden: list[Box]
    ink: list[Box]
    frames: set[int] = field(default_factory=set)


def follow(judged_by_frame: Sequence[Sequence[Judged]]) -> list[Track]:
    """Follow lines from frame to frame: the same place and the same verdict make one track."""
    tracks: list[Track] = []
    current: list[Track] = []
    for index, lines in enumerate(judged_by_frame):
        following = []
        for judged in lines:
            track = next((track for track in current if index - 1 in track.frames and _continues(track, judged)), None)
            if track is None:
                track = Track(judged, list(judged.hidden), list(judged.ink))
                tracks.append(track)
            track.hidden = [own.around(other) for own, other in zip(track.hidden, judged.hidden, strict=True)]
            track.ink = [own.around(other) for own, other in zip(track.ink, judged.ink, strict=True)]
            track.frames.add(index)
            following.append(track)
        current = following
    return tracks


def fill_gaps(tracks: Iterable[Track], gone: Sequence[Sequence[Box]], picture: Picture) -> None:
    """Hide a text also in the frames where the reader missed it, though its place looks the same there.

    Args:
        tracks: The lines that were followed; those with hidden boxes are extended.
        gone: For each frame the places where what was taken for a line turned out to be none.
        picture: Gives frame `index` as uint8 rows × columns × 3.
    """
    hidden = [track for track in tracks if track.hidden and len(track.frames) < len(gone)]
    if not hidden:
        return
    models = {id(track): picture(min(track.frames)) for track in hidden}
    for index, none in enumerate(gone):
        missing = [track for track in hidden if index not in track.frames and not _is_among(track, none)]
        if missing:
            frame = picture(index)
            for track in missing:
                if all(_looks_same(models[id(track)], frame, box) for box in track.hidden):
                    track.frames.add(index)


def findings_of(tracks: Iterable[Track], columns: int, rows: int) -> tuple[tuple[Finding, ...], tuple[Region, ...]]:
    """Tracks as findings and regions inside the frame, each over one range of frames."""
    findings: list[Finding] = []
    regions: list[Region] = []
    for track in tracks:
        own = track.judged
        for frames in ranges_of(track.frames):
            box = own.box.clipped(columns, rows)
            findings.append(Finding(box, frames, own.score, bool(track.hidden), own.reasons, own.text))
            inside = [hidden.clipped(columns, rows) for hidden in track.hidden]
            regions.extend(
                Region(hidden, frames, own.reasons, ink=ink)
                for hidden, ink in zip_longest(inside, track.ink)
                if not hidden.empty
            )
    return tuple(findings), tuple(regions)


def _continues(track: Track, judged: Judged) -> bool:
    return len(track.hidden) == len(judged.hidden) and shared(track.judged.box, judged.box) >= _SAME_PLACE


def _is_among(track: Track, gone: Sequence[Box]) -> bool:
    return any(shared(track.judged.box, box) >= _SAME_PLACE for box in gone)


def _looks_same(model: npt.NDArray[np.uint8], frame: npt.NDArray[np.uint8], box: Box) -> bool:
    inside = box.clipped(frame.shape[1], frame.shape[0])
    if inside.empty:
        return False
    rows, columns = slice(inside.y0, inside.y1), slice(inside.x0, inside.x1)
    own, other = model[rows, columns], frame[rows, columns]
    is_alike = float(np.abs(own.astype(np.int16) - other).mean()) < _SAME_PICTURE
    return is_alike and _has_ink_of(own, other)


def _has_ink_of(model: npt.NDArray[np.uint8], picture: npt.NDArray[np.uint8]) -> bool:
    """Whether a picture has strokes where another has them; so, too, where that has none that could be told."""
    widest = max(min(model.shape[:2]) // 3, 3)
    kinds = zip(strokes_in(model, widest), strokes_in(picture, widest), strict=True)
    strength, own, other = max(
        ((float(np.percentile(own, _INK)), own, other) for own, other in kinds), key=itemgetter(0)
    )
    if strength < _FAINTEST:
        return True
    ink = own >= strength
    return float(other[ink].mean()) >= _SAME_INK * float(own[ink].mean())


def ranges_of(frames: Iterable[int]) -> list[range]:
    """The stretches of frames, in order."""
    ranges: list[range] = []
    for index in sorted(frames):
        if ranges and ranges[-1].stop == index:
            ranges[-1] = range(ranges[-1].start, index + 1)
        else:
            ranges.append(range(index, index + 1))
    return ranges
