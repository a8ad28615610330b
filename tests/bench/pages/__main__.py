"""`python -m tests.bench.pages a 1 2`: what of pages of devices is hidden, and what stays.

Of half `a` all that fails is printed with `--failures`; of half `b` nobody reads more than the figures.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from deid.identity.key import Key
from deid.instance import Deidentifier, Timings
from deid.profile import load_profile
from tests.bench.pages.drawing import Sheet, share_in, sheets
from tests.scenarios.screens import write_screen

_HIDDEN, _KEPT = 0.9, 0.1
"""How much of a piece must go that identifies, and may go of a label."""
_EMPTY: dict[str, Any] = dict.fromkeys(
    ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "AccessionNumber"), ""
)


def _measure(sheet: Sheet, fill: int, deidentifier: Deidentifier, path: Path) -> tuple[Counter[str], list[str]]:
    picture, marked = sheet.draw(fill)
    write_screen(path, [picture], **_EMPTY)
    regions = deidentifier.deidentify(path, Timings()).plan.regions
    boxes = [(one.box.x0, one.box.y0, one.box.x1, one.box.y1) for one in regions]
    counts: Counter[str] = Counter()
    failures: list[str] = []
    for piece in marked:
        gone = share_in(piece.box, boxes)
        good = gone >= _HIDDEN if piece.role == "identifies" else gone <= _KEPT
        counts[piece.role] += 1
        counts[f"{piece.role} good"] += good
        if not good and piece.role != "neutral":
            why = {
                reason for one, box in zip(regions, boxes, strict=True) if share_in(piece.box, [box])
                for reason in one.reasons
            }  # fmt: skip
            failures.append(f"{sheet.kind} {fill}\t{piece.role}\t{piece.text}\t{gone:.2f}\t{'; '.join(sorted(why))}")
    return counts, failures


def main() -> None:
    """Measure the kinds of a half, each with the fillings that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pages")
    parser.add_argument("half", choices=("a", "b"))
    parser.add_argument("fills", nargs="+", type=int)
    parser.add_argument("--failures", action="store_true", help="print what fails (half a only)")
    arguments = parser.parse_args()
    deidentifier, total = Deidentifier(load_profile("basic"), Key.generate()), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        for sheet in sheets(arguments.half):
            for fill in arguments.fills:
                counts, failures = _measure(sheet, fill, deidentifier, Path(folder) / "page.dcm")
                total.update(counts)
                if arguments.failures and arguments.half == "a":
                    print("\n".join(failures))  # noqa: T201
                print(_line(f"{sheet.kind} {fill}", counts) if arguments.half == "a" else ".", flush=True)  # noqa: T201
    print(_line("all", total))  # noqa: T201


def _line(name: str, counts: Counter[str]) -> str:
    hidden, labels = (
        f"{counts[f'{role} good']}/{counts[role]} ({100 * counts[f'{role} good'] / max(counts[role], 1):.1f} %)"
        for role in ("identifies", "label")
    )
    return f"{name}: hidden {hidden}, labels kept {labels}"


if __name__ == "__main__":
    main()
