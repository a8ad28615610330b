"""`make bench-text`: how well deid says what in a text identifies someone, written to docs/text-measured.md.

Everything is measured on strings that no part of deid was made from: see `corpus` and docs/text-measured.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.text.corpus import clinical_sets, identifying_sets
from tests.bench.text.edition import TEST_EDITION, TUNING_EDITIONS
from tests.bench.text.failures import describe
from tests.bench.text.night import night, speed_of_night
from tests.bench.text.report import page, write_page
from tests.bench.text.scoring import Score, measure
from tests.bench.text.systems import header_systems, line_systems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.bench.text.fill import Sample
    from tests.bench.text.scoring import Finder

Scores = dict[str, dict[str, Score]]


def compare(systems: Mapping[str, Finder], sets: Mapping[str, list[Sample]]) -> Scores:
    """Each system on each set: scores by system, then by set."""
    return {name: {group: measure(samples, find) for group, samples in sets.items()} for name, find in systems.items()}


def main() -> None:
    """Measure, print, write the page, and the failures if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", type=int, default=1000, help="strings a set")
    parser.add_argument("--tune", type=Path, help="deid only, on a tuning edition; write the failures to this file")
    parser.add_argument("--edition", choices=TUNING_EDITIONS, default="tuning", help="the tuning edition")
    arguments = parser.parse_args()
    edition = TUNING_EDITIONS[arguments.edition] if arguments.tune else TEST_EDITION
    people, plain = identifying_sets(edition, arguments.size), clinical_sets(edition, arguments.size)
    header = {name: samples for name, samples in (people | plain).items() if not name.startswith("overlay")}
    header.pop("unseen descriptions, misread")
    lines = {name: samples for name, samples in (people | plain).items() if not name.startswith("header")}
    chosen = ("deid",) if arguments.tune else tuple(line_systems())
    on_header = compare({name: find for name, find in header_systems().items() if name in chosen}, header)
    on_lines = compare({name: find for name, find in line_systems().items() if name in chosen}, lines)
    texts = night(header, edition.seed)
    text = page(on_header, on_lines, [speed_of_night(texts, lines=on_line) for on_line in (False, True)])
    sys.stdout.write(text)
    if arguments.tune:
        report = [*describe("header text", on_header["deid"]), *describe("pixel lines", on_lines["deid"])]
        arguments.tune.write_text("\n".join(report), "utf-8")
    else:
        write_page(text)


if __name__ == "__main__":
    main()
