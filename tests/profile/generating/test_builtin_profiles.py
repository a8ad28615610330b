"""The built-in YAML is found in a checkout and in a wheel."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import deid
from deid.errors import EnvironmentFault
from deid.profile import list_options, list_profiles, load_profile
from deid.profile.builtin import profiles_directory
from deid.profile.generate import is_up_to_date, main
from deid.profile.stored import stored_path, stored_profile


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


@pytest.mark.parametrize("name", ["basic", "tcia"])
def test_what_is_stored_of_a_profile_is_what_its_yaml_says(name: str) -> None:
    assert is_up_to_date(name), "run `make profiles`"


def test_a_built_in_that_differs_is_compiled_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "deid"
    shutil.copytree(profiles_directory(), package / "profiles")
    monkeypatch.setattr(deid, "__file__", str(package / "__init__.py"))
    rule = load_profile("basic").exact[0x00100010]
    assert rule.origin == str(package / "profiles" / "basic.yaml")
    assert stored_profile("basic") is not None
    stored = stored_path(package / "profiles", "tcia")
    stored.write_bytes(stored.read_bytes()[:-9])
    assert stored_profile("tcia") is None
    yaml = package / "profiles" / "basic.yaml"
    yaml.write_text(yaml.read_text().replace("{pseudonym}", "{hash}"))
    assert stored_profile("basic") is None
    assert load_profile("basic").exact[0x00100010].value == "{hash}"


@pytest.mark.parametrize(("old", "new"), [(b"lookup.model", b"lookup.other"), (b"Profile", b"Profilo")])
def test_a_built_in_of_classes_that_have_moved_is_compiled_anew(
    old: bytes, new: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "deid"
    shutil.copytree(profiles_directory(), package / "profiles")
    monkeypatch.setattr(deid, "__file__", str(package / "__init__.py"))
    stored = stored_path(package / "profiles", "basic")
    digest, packed = stored.read_bytes()[:32], zlib.decompress(stored.read_bytes()[32:])
    assert old in packed
    stored.write_bytes(digest + zlib.compress(packed.replace(old, new)))
    assert stored_profile("basic") is None
    assert load_profile("basic").exact[0x00100010].value == "{pseudonym}"


@pytest.mark.parametrize("name", ["", "..", "../basic", "compiled/basic", "basic.yaml", "/etc/passwd"])
def test_only_the_name_of_a_built_in_is_looked_for(name: str) -> None:
    assert stored_profile(name) is None


def test_what_is_stored_needs_nothing_that_reads_yaml() -> None:
    code = """
import sys
from deid.profile import load_profile
load_profile("basic")
assert not {"yaml", "pydantic"} & set(sys.modules)
load_profile("basic", ["retain-uids"])
assert {"yaml", "pydantic"} <= set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(deid, "__file__", str(tmp_path / "deid" / "__init__.py"))
    with pytest.raises(EnvironmentFault, match="missing"):
        load_profile("basic")
    assert main([]) == 2
    assert "source checkout" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
