"""What the user named or wrote comes out as it is: it is never read as markup."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

RULE = "{keyword: StudyDescription, action: K, reason: 'our [house] rule [/x] :smile:'}"


def deid(*arguments: str | Path) -> str:
    command = [sys.executable, "-m", "deid", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200"})
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
