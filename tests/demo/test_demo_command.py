"""The command line of the demonstration."""

from __future__ import annotations

from pathlib import Path

import pytest

from deid.demo.__main__ import folder_of


@pytest.mark.parametrize("asked", ["--help", "-h", "--folder"])
def test_options_are_no_folders(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        folder_of([asked])
    output = capsys.readouterr()
    assert "usage: python -m deid.demo" in output.out + output.err


def test_the_folder_is_demo_unless_named() -> None:
    assert folder_of([]) == Path("demo")
    assert folder_of(["elsewhere"]) == Path("elsewhere")
