"""`make bench-pixels`: how well deid hides burned-in text, how exactly and how fast; writes docs/pixels-measured.md.

On generated images, see `specimen`. What fails is looked at on another edition: `--misses FOLDER`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.bench import overlays
from tests.bench.pixels.measuring import measure
from tests.bench.pixels.report import page, summary
from tests.bench.pixels.timings import timings

_DOCS = Path(__file__).parents[3] / "docs"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=300, help="generated instances")
    parser.add_argument("--out", type=Path, help="the page to write, by default docs/pixels-measured.md")
    parser.add_argument("--real", type=Path, help="folder of real frames with truth, see tests/bench/overlays.py")
    parser.add_argument("--misses", type=Path, help="use the tuning edition; save pictures of what came out wrong here")
    parser.add_argument(
        "--quick", action="store_true", help="deid only, without timings of single instances; write no page"
    )
    parser.add_argument("--edition", help="another set of images: any word")
    parser.add_argument("--sheet", type=Path, default=Path("bench-pixels.png"), help="some images before and after")
    arguments = parser.parse_args()
    edition = arguments.edition or ("tune" if arguments.misses else "report")
    quick = arguments.quick or bool(arguments.misses)
    measured = measure(edition, arguments.count, misses=arguments.misses, sheet=arguments.sheet, peers=not quick)
    if arguments.misses:
        (arguments.misses / "misses.txt").write_text("\n".join(measured.misses) + "\n", "utf-8")
    if quick:
        sys.stdout.write(summary(measured))
        return
    real = overlays.measure(arguments.real).line() if arguments.real else ""
    text = page(measured, timings(), real, arguments.count)
    sys.stdout.write(text)
    (arguments.out or _DOCS / "pixels-measured.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
