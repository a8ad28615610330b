"""The page docs/pixels-measured.md."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.bench.pixels.lettering import has_dejavu
from tests.bench.pixels.measuring import PEERS_ON
from tests.bench.pixels.people import HAS_MIMESIS
from tests.bench.pixels.scoring import among, shown
from tests.bench.pixels.timings import CASES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.bench.pixels.measuring import Measured, Result
    from tests.bench.pixels.scoring import Judged
    from tests.bench.pixels.timings import Timing

_HEAD = """\
# Burned-in text: measured
What `deid run` hides of burned-in text, what it leaves, and what it takes. `make bench-pixels` measures anew and
writes this page.

- **Images**: {count} generated instances of an edition that nothing was tuned on: pydicom's bundled CT, MR and
  ultrasound images (parts without text) and phantoms, with noise, ECG traces and grids that look like print; one in
  nine is a cine of 6 frames with a line that stands in one or two of them only.
- **Text**: a bitmap font of 8 px, OpenCV's Hershey strokes, {faces} with and without smooth edges, up to 40 px, turned
  by 90°, 180° and 270°, with and without a rim. Names are {names}. Half of the instances have the patient in the
  header, a quarter someone else, a quarter nobody.
- **Counted**: what identifies is hidden when 90 % of the box around its letters is, in every frame; a clinical label is
  kept when at most 10 % of its box is hidden. Names of fields (`DOB:`), times of day and words such as "HOSPITAL" count
  for neither, but a box may touch them; all other boxes that touch no identifying text are wrong. In brackets: 95 %
  intervals; text of one instance is alike, so real ranges are wider, and generated text is more regular than real text.
- **Time** is processor time of one core, on a machine that was shared: compare systems, take seconds as a rough guide.
"""
_DECODERS = """\
Decoded again by pydicom's decoders (JPEG Lossless by libjpeg-turbo). Boxes of JPEG Baseline count as the blocks that
they touch: of luma 8 × 8 pixels, of halved chroma 16 × 8.
"""
_SIZES = {"8": (0, 8), "9–11": (9, 11), "12–15": (12, 15), "16–23": (16, 23), "24–40": (24, 99)}
_CONTRASTS = {"below 0.25": (0.0, 0.25), "0.25 to 0.6": (0.25, 0.6), "0.6 and more": (0.6, 9.0)}


def page(measured: Measured, timed: Sequence[Timing], real: str, count: int) -> str:
    """The whole page."""
    parts = (
        _head(count),
        _systems(measured),
        _classes(measured.deid.judged),
        _exact(measured),
        _timings(timed),
        _real(real),
    )
    return "\n\n".join(text for part in parts if (text := "\n".join(part).strip())) + "\n"


def summary(measured: Measured) -> str:
    """The figures in short, for the console."""
    return "\n".join([*_systems(measured), "", *_classes(measured.deid.judged), "", *_exact(measured)]) + "\n"


def _head(count: int) -> Iterator[str]:
    names = "half of mimesis 22.2.0, half made of syllables" if HAS_MIMESIS else "made of syllables"
    yield _HEAD.format(count=count, names=names, faces="DejaVu" if has_dejavu() else "Pillow’s typeface")


def _systems(measured: Measured) -> Iterator[str]:
    yield "## Systems"
    columns = ("identifying text hidden %", "clinical labels kept %", "boxes on identifying text %", "s a frame")
    yield f"| system | {' | '.join(columns)} | not done |"
    yield "|---|---|---|---|---|---|"
    yield _system("**deid**, all instances", measured.deid)
    if not measured.peers:
        return
    yield _system(f"**deid**, every {_ordinal(PEERS_ON)}", measured.deid_on_subset)
    for name, result in measured.peers.items():
        yield f"| {name} | not installed | | | | |" if result is None else _system(f"{name}, the same", result)


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third", 4: "fourth"}.get(number, f"{number}th")


def _system(name: str, result: Result) -> str:
    hidden, kept = shown(_bad(result.judged)), shown(_labels(result.judged))
    speed = result.seconds / max(result.frames, 1)
    right = 100 * (1 - result.boxes_on_nothing / max(result.boxes, 1))
    cells = (hidden, kept, f"{right:.1f} of {result.boxes}", f"{speed:.2f}")
    return f"| {name} | {' | '.join(cells)} | {len(result.refused)} of {result.instances} |"


def _bad(judged: Sequence[Judged]) -> list[Judged]:
    return among(judged, lambda one: one.identifying)


def _labels(judged: Sequence[Judged]) -> list[Judged]:
    return among(judged, lambda one: not one.identifying)


def _classes(judged: Sequence[Judged]) -> Iterator[str]:
    yield "## deid, by class"
    yield "| class | identifying text hidden % | clinical labels kept % |"
    yield "|---|---|---|"
    kinds = Counter(one.truth.piece.kind for one in judged)
    for kind in sorted(kinds):
        yield _row(kind, judged, lambda one, kind=kind: one.truth.piece.kind == kind)
    for header, name in (
        ("same", "header knows the patient"),
        ("other", "header of someone else"),
        ("empty", "header empty"),
    ):
        yield _row(name, judged, lambda one, header=header: one.about.header == header)
    for name, (low, high) in _SIZES.items():
        yield _row(f"print of {name} px", judged, lambda one, low=low, high=high: low <= one.truth.style.size <= high)
    for name, (least, below) in _CONTRASTS.items():
        yield _row(
            f"contrast {name}", judged, lambda one, least=least, below=below: least <= one.truth.style.contrast < below
        )
    for degrees in (0, 90, 180, 270):
        yield _row(f"turned {degrees}°", judged, lambda one, degrees=degrees: one.truth.style.degrees == degrees)
    yield _row("with a rim", judged, lambda one: one.truth.style.outlined)
    for face in sorted({one.truth.style.face for one in judged}):
        yield _row(f"typeface: {face}", judged, lambda one, face=face: one.truth.style.face == face)
    yield _row("in some frames of a cine", judged, lambda one: len(one.truth.frames) < one.about.frames)
    yield _row("in all frames of a cine", judged, lambda one: len(one.truth.frames) == one.about.frames > 1)


def _row(name: str, judged: Sequence[Judged], wanted: Callable[..., bool]) -> str:
    some = among(judged, wanted)
    return f"| {name} | {shown(_bad(some))} | {shown(_labels(some))} |"


def _exact(measured: Measured) -> Iterator[str]:
    yield "## Exactness"
    yield _DECODERS
    yield "| stored as | instances | samples changed outside | boxes not filled | frames without a box, bytes changed |"
    yield "|---|---|---|---|---|"
    for name in dict.fromkeys(name for name, _ in measured.exact):
        some = [one for other, one in measured.exact if other == name]
        changed, frames = sum(one.frames_changed for one in some), sum(one.frames_kept for one in some)
        outside, unfilled = sum(one.changed_outside for one in some), sum(one.not_filled for one in some)
        yield f"| {name} | {len(some)} | {outside} | {unfilled} | {changed} of {frames} |"
    for reason, number in Counter(measured.deid.refused).items():
        yield f"| {reason} | {number} not released | | | |"


def _timings(timed: Sequence[Timing]) -> Iterator[str]:
    if not timed:
        return
    yield "## Time and memory"
    yield "Each in a process of its own, models loaded, processor seconds of one core."
    yield ""
    yield "| instance | seconds | peak memory, MB |"
    yield "|---|---|---|"
    for one in timed:
        yield f"| {CASES[one.case]} | {one.seconds:.2f} | {one.megabytes:.0f} |"
    by_case = {one.case: one for one in timed}
    ratio = by_case["cine"].seconds / by_case["cine frame"].seconds
    yield ""
    yield f"The cine of 100 frames takes {ratio:.1f} times as long as one of its frames."


def _real(real: str) -> Iterator[str]:
    if real:
        yield "## Real frames"
        yield f"16 real frames with known text (TCIA, invented persons; development data): {real}."
