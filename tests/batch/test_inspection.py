"""`inspect` foresees what a run does, also where that shows only when the new file is verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import imagecodecs

from deid.batch.inspection import inspect
from deid.errors import Reason
from deid.identity.key import Key
from deid.profile import load_profile
from tests.scenarios.screens import screen, write_screen

if TYPE_CHECKING:
    from pathlib import Path

JPEG_BASELINE = "1.2.840.10008.1.2.4.50"


def test_what_only_the_verification_finds_is_foreseen(tmp_path: Path) -> None:
    def commented(frame: Any) -> bytes:
        stream = bytes(imagecodecs.jpeg8_encode(frame))
        comment = b"made for Janine Doebert"
        return stream[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + stream[2:]

    (tmp_path / "mine.yaml").write_text("extends: basic\npixels: {mode: regions-only}\n")
    write_screen(tmp_path / "a.dcm", [screen(lines=[])], JPEG_BASELINE, commented)
    profile = load_profile(str(tmp_path / "mine.yaml"))
    inspection = inspect(tmp_path / "a.dcm", profile, Key.generate(), pixels=True, time_limit=60, picture=True)
    assert inspection.refusal is Reason.KNOWN_VALUE_LEFT
    assert "coded frame" in inspection.detail
    assert inspection.plan is not None, "what was planned is shown all the same"
    assert inspection.picture is not None
