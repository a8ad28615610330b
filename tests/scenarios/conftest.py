from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from deid.demo import examples, write_studies
from deid.identity.key import Key, write_key

if TYPE_CHECKING:
    from pathlib import Path

    from deid.demo.truth import Example


@dataclass(frozen=True)
class Night:
    """A finished run of the command over the example studies."""

    source: Path
    target: Path
    key_file: Path
    process: subprocess.CompletedProcess[str]
    examples: tuple[Example, ...]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The audit log."""
        return [json.loads(line) for line in (self.target / "deid-audit.jsonl").read_text().splitlines()]


def deid(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    command = [sys.executable, "-m", "deid", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=900, **options)


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "key"
    write_key(path, Key.generate())
    return path


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory, key_file: Path) -> Night:
    folder = tmp_path_factory.mktemp("night")
    write_studies(folder / "in")
    process = deid("run", folder / "in", folder / "out", "--key-file", key_file)
    return Night(folder / "in", folder / "out", key_file, process, tuple(examples()))
