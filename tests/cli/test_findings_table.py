"""The table of what was found in pixels, as `deid inspect` prints it."""

from __future__ import annotations

from deid.cli.inspect import _findings
from deid.plan import Box, Finding, Plan


def test_one_frame_is_no_range() -> None:
    box = Box(1, 2, 30, 12)
    findings = tuple(
        Finding(box, frames, 0.9, identifying=True, reasons=("why",), text="text") for frames in (range(1, 2), range(6))
    )
    assert list(_findings(Plan((), findings)).columns[1].cells) == ["2", "1–6"]
