"""What the user named or wrote comes out as it is: it is never read as markup."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from pydicom import dcmread
from pydicom.data import get_testdata_file

from deid.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

RULE = "{keyword: StudyDescription, action: K, reason: 'our [house] rule [/x] :smile:'}"


def deid(*arguments: object, **environment: str) -> str:
    command = [sys.executable, "-m", "deid", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "200", **environment}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_folder_may_be_called_like_markup(tmp_path: Path) -> None:
    path = tmp_path / "a [bold] folder[" / "x] :smile:" / "key"
    assert str(path) in deid("keys", "new", "--key-file", path)
    assert path.is_file()


def test_a_reason_in_a_profile_is_shown_as_it_was_written(tmp_path: Path) -> None:
    profile = tmp_path / "mine.yaml"
    profile.write_text(f"extends: basic\nrules:\n  - {RULE}\n", "utf-8")
    assert "our [house] rule [/x] :smile:" in deid("profiles", "show", profile)


def test_what_an_instance_is_can_be_told_without_looking_at_its_pixels(tmp_path: Path) -> None:
    assert deid("keys", "new", "--key-file", tmp_path / "key")
    arguments = (get_testdata_file("CT_small.dcm"), "--no-pixels", "--json", "--key-file", tmp_path / "key")
    inspected = json.loads(deid("inspect", *arguments))
    assert inspected["instance"]["frames"] == "128 × 128, 1 frame, MONOCHROME2, 16 bit"


def test_output_that_nobody_reads_is_no_error_inside_deid() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as broken:
        ended = subprocess.run(
            [sys.executable, "-m", "deid", "profiles", "show", "basic"],
            stdout=broken,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ended.returncode == ExitCode.INPUT_OUTPUT
    assert not ended.stderr


def test_a_terminal_of_a_narrow_encoding_is_enough(tmp_path: Path) -> None:
    assert deid("keys", "new", "--key-file", tmp_path / "key", PYTHONIOENCODING="ascii")
    arguments = (get_testdata_file("CT_small.dcm"), "--no-pixels", "--key-file", tmp_path / "key")
    assert "? DEID-" in deid("inspect", *arguments, PYTHONIOENCODING="ascii")


def test_values_steer_no_terminal(tmp_path: Path) -> None:
    image = dcmread(str(get_testdata_file("CT_small.dcm", download=False)))
    image.SpecificCharacterSet = "ISO_IR 100"
    image.ImageComments = "axial \x9b31m by Dr. Mary Smith"
    image.save_as(tmp_path / "a.dcm")
    assert deid("keys", "new", "--key-file", tmp_path / "key")
    arguments = ("inspect", tmp_path / "a.dcm", "--no-pixels", "-p", "tcia", "--key-file", tmp_path / "key")
    output = deid(*arguments)
    assert "→ axial \\x9b31m" in output
    assert "\x9b" not in output
