"""dciodvfy (Debian's dicom3tools) finds no error in the output that the input did not have."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pydicom
import pytest

from deid.demo import examples, write_studies
from deid.errors import InstanceError
from deid.identity.key import Key
from deid.instance import Deidentifier, Timings
from deid.profile import load_profile
from tests.scenarios.linked import linked_study, write

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dicom3tools is not installed"),
]
DATA = Path(pydicom.__file__).parent / "data"
LARGEST = 1 << 20
UID = re.compile(r"\b[0-2](\.\d+){2,}\b|(?<=ReferencedSOPInstanceUID )[\d.]+")
VALUE = re.compile(r"= <[^>]*>")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The bundled files, the examples and the linked study."""
    folder = tmp_path_factory.mktemp("in")
    write_studies(folder / "examples")
    for number, data in enumerate(linked_study()):
        write(data, folder / "linked" / f"{number}.dcm")
    found = [path for root in (DATA, folder) for path in sorted(root.rglob("*")) if path.is_file()]
    return [path for path in found if path.stat().st_size < LARGEST]


def errors(path: Path) -> set[str]:
    """What dciodvfy calls errors, without values: new UIDs and dates differ, and mean the same."""
    process = subprocess.run(
        ["dciodvfy", str(path)], capture_output=True, text=True, errors="replace", check=False, timeout=60
    )
    lines = (process.stdout + process.stderr).splitlines()
    return {VALUE.sub("= <>", UID.sub("UID", line)) for line in lines if line.startswith("Error")}


@pytest.mark.parametrize("profile", ["basic", "tcia"])
def test_no_error_is_new(profile: str, files: list[Path], tmp_path: Path) -> None:
    deidentifier = Deidentifier(load_profile(profile), Key.generate(), pixels=False)
    released, new = 0, {}
    out = tmp_path / "out.dcm"
    for path in files:
        try:
            out.write_bytes(deidentifier.deidentify(path, Timings()).data)
        except InstanceError:
            continue
        released += 1
        added = errors(out) - errors(path)
        if added:
            new[path.name] = added
    assert not new
    assert released > 100 + len(list(examples()))
