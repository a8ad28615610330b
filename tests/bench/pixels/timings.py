"""Time and memory of single instances, each in a process of its own: `python -m tests.bench.pixels.timings CASE`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

import numpy as np

from deid.demo.phantom import chest_radiograph, ct_chest, ultrasound_sector
from tests.bench.pixels.burning import Canvas
from tests.bench.pixels.coding import CODINGS, new_dataset
from tests.bench.pixels.content import groups_for
from tests.bench.pixels.lettering import Lettering
from tests.bench.pixels.people import make_patient
from tests.bench.pixels.systems import Deid, cpu_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.bench.pixels.anatomy import Picture

_CODING: Final = {coding.name: coding for coding in CODINGS}
_FRAMES = 100
CASES: Final = {
    "slice": "CT slice, 512 × 512, 12 bits, with overlay",
    "bare slice": "CT slice, 512 × 512, 12 bits, without text",
    "next slice": "the slice below it, after it",
    "cine frame": "ultrasound, 480 × 640 RGB, JPEG Baseline, 1 frame",
    "cine": f"the same, {_FRAMES} frames",
    "mammography": "5000 × 4000, MONOCHROME1 12 bits, JPEG 2000",
    "nothing": "one of 64 × 64, for the memory that the models take",
}
_WITHOUT_TEXT: Final = frozenset({"bare slice", "next slice", "nothing"})


@dataclass(frozen=True, slots=True)
class Timing:
    """What one instance took once the models were loaded."""

    case: str
    seconds: float
    """Of processor time."""
    megabytes: float
    """Peak memory of the whole process."""
    regions: int


def timings() -> list[Timing]:
    """All cases."""
    made = []
    for case in CASES:
        command = [sys.executable, "-m", "tests.bench.pixels.timings", case]
        made.append(Timing(case, **json.loads(subprocess.run(command, check=True, capture_output=True).stdout)))
    return made


def _pictures(case: str) -> tuple[str, str, list[Picture], int]:
    """Modality, coding, frames and size of print."""
    random = np.random.default_rng(5)
    if case in {"slice", *_WITHOUT_TEXT}:
        size = 64 if case == "nothing" else 512
        level, seed = (0.45, 4) if case == "next slice" else (0.4, 3)
        picture = np.clip((ct_chest(size, size, level, seed) + 1000) / 1600, 0, 1).astype(np.float32)
        return "CT", "12 bits, native", [picture], 16
    if case == "mammography":
        picture = np.clip(chest_radiograph(5000, 4000, 3), 0, 1).astype(np.float32)
        return "DX", "MONOCHROME1 12 bits, JPEG 2000", [picture], 48
    frames = []
    for index in range(_FRAMES if case == "cine" else 1):
        grey = ultrasound_sector(480, 640, index / 30 % 1, 7).astype(np.float32)
        grey += 0.01 * random.standard_normal(grey.shape).astype(np.float32)
        frames.append(np.ascontiguousarray(np.repeat(np.clip(grey, 0, 1)[:, :, None], 3, axis=2)))
    return "US", "YBR_FULL_422, JPEG Baseline", frames, 16


def _write(case: str, path: Path) -> None:
    modality, coding_name, frames, size = _pictures(case)
    coding, random = _CODING[coding_name], Random(11)  # noqa: S311 - nothing secret
    canvas = Canvas(frames, coding.brightest)
    for group in () if case in _WITHOUT_TEXT else groups_for(make_patient(random), modality, random):
        canvas.burn(group, Lettering("sans", size, 0, outlined=False), range(len(frames)), random)
    new_dataset(modality, coding, frames, case).save_as(path, enforce_file_format=True)


def _measure(case: str) -> Mapping[str, float]:
    """In a process where nothing else was done."""
    deid = Deid()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "instance.dcm"
        for before in ("nothing", *(["bare slice"] if case == "next slice" else [])):
            _write_apart(before, path)
            deid.hide(path)
        _write_apart(case, path)
        start = cpu_seconds()
        hidden = deid.hide(path)
        if hidden.reason:
            raise RuntimeError(hidden.reason)
        seconds = cpu_seconds() - start
    return {"seconds": seconds, "megabytes": _peak(), "regions": len(hidden.boxes[0])}


def _peak() -> float:
    """The peak memory of this process in MB; `getrusage` begins with that of the process which started it."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) / 1024


def _write_apart(case: str, path: Path) -> None:
    """Make the file in another process, so that making it takes no memory of this one."""
    subprocess.run([sys.executable, "-m", "tests.bench.pixels.timings", case, str(path)], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        _write(sys.argv[1], Path(sys.argv[2]))
    else:
        sys.stdout.write(json.dumps(_measure(sys.argv[1])))
