"""The wheel, built and installed elsewhere with plain pip, as a user who never sees the repository would."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pydicom.data
import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def command(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DEID", "COV"))}
    environment["HOME"] = str(cwd)
    words = [str(argument) for argument in arguments]
    return subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=900)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = command(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder
    )
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an environment that holds the wheel and what pip brings with it, nothing else."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", with_pip=True)
    done = command(folder / "venv/bin/pip", "install", "--quiet", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "venv/bin"


def test_the_wheel_holds_profiles_tables_and_weights_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {"deid/profiles/basic.yaml", "deid/profiles/compiled/basic.pickle"} <= set(names)
    assert sum(name.endswith(".onnx") for name in names) == 3
    assert "deid/pixels/ocr/print.onnx" in names
    assert "deid/py.typed" in names
    assert any(name.startswith("deid/header/tables/") for name in names)
    assert {"deid/text/model/config.cfg", "deid/text/model/deid_names/model"} <= set(names)
    builders = ("deid/text/training", "deid/pixels/ocr/training", "deid/text/build", "deid/profile/gen")
    assert not [name for name in names if name.startswith(builders)]
    assert not [name for name in names if not name.startswith(("deid/", "deid_dicom-"))]
    assert any(name.endswith("licenses/NOTICE") for name in names)


def test_it_runs_where_it_is_installed(installed: Path, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    shutil.copy(str(pydicom.data.get_testdata_file("CT_small.dcm", download=False)), source)
    listed = command(installed / "deid", "profiles", "list", cwd=tmp_path)
    assert "basic" in listed.stdout, listed.stderr
    header_only = command(installed / "deid", "run", "in", "out", "--no-pixels", cwd=tmp_path)
    assert header_only.returncode == 0, header_only.stderr
    if ctypes.util.find_library("GL") is None:
        refused = command(installed / "deid", "run", "in", "pixels", cwd=tmp_path)
        assert refused.returncode == 7
        assert "libgl1" in refused.stderr
        assert "Traceback" not in refused.stderr
        headless = ("--no-deps", "--force-reinstall", "opencv-python-headless==4.10.0.84")
        command(installed / "pip", "install", "--quiet", *headless, cwd=tmp_path)
        shutil.rmtree(tmp_path / "pixels", ignore_errors=True)
    with_pixels = command(installed / "deid", "run", "in", "pixels", cwd=tmp_path)
    assert with_pixels.returncode == 0, with_pixels.stderr
    assert len(list((tmp_path / "pixels").rglob("*.dcm"))) == 1
