"""The built-in YAML is found in a checkout and in a wheel."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import deid
from deid.errors import EnvironmentFault
from deid.profile import list_options, list_profiles, load_profile
from deid.profile.builtin import profiles_directory
from deid.profile.generate import main


def test_checkout() -> None:
    assert profiles_directory() == Path(deid.__file__).resolve().parent.parent / "profiles"


def test_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = load_profile("basic", ["retain-uids"])
    package = tmp_path / "site-packages" / "deid"
    shutil.copytree(profiles_directory(), package / "profiles")  # what hatch's force-include does
    monkeypatch.setattr(deid, "__file__", str(package / "__init__.py"))
    assert profiles_directory() == package / "profiles"
    assert load_profile("basic", ["retain-uids"]) == wanted
    assert len(list_profiles()) == 2
    assert len(list_options()) == 11


def test_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(deid, "__file__", str(tmp_path / "deid" / "__init__.py"))
    with pytest.raises(EnvironmentFault, match="missing"):
        load_profile("basic")
    assert main([]) == 2
    assert "source checkout" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
