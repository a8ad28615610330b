"""Running a command and measuring it: deid, a plain copy, and other de-identifiers that are installed."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

DEFAULT_PEERS = Path("/tmp/peers")  # noqa: S108 - where a developer may have put them
"""A virtual environment for each peer in Python: dicognito, dicom-anonymizer, deid (that of pydicom)."""
SLOW = frozenset({"dicognito", "dicom-anonymizer", "pydicom/deid"})
"""Peers of which measuring once is enough."""
_EDITS = (
    *("PatientName", "PatientID", "PatientBirthDate", "AccessionNumber"),
    *("StudyID", "StudyDate", "InstitutionName", "ReferringPhysicianName"),
)

_DURABLE_COPY = 'cp -r "$0" "$1" && sync -f "$1"'
"""What deid does with every file: it is on the disk before it counts."""


@dataclass(frozen=True)
class Measurement:
    """One command: wall and CPU seconds, peak memory of its largest process in MiB, and what it printed."""

    seconds: float
    cpu: float
    peak: float
    output: str = ""

    @property
    def summary(self) -> dict[str, Any]:
        """What `deid run --json` printed."""
        summary: dict[str, Any] = json.loads(self.output)
        return summary


def measured(command: list[str | Path]) -> Measurement:
    """Run a command to its end.

    Raises:
        RuntimeError: It failed.
    """
    # One of the peers is called `deid` as well: it must not find this one.
    # And each has its byte code, as what is installed has.
    unwanted = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    start = perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )
    output = process.stdout.read().decode() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{command[0]} ended with status {status}")
    # A child's peak begins with what its parent had when it was made: less can't be told.
    return Measurement(perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def own_peak() -> float:
    """The peak memory of this process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def deid(source: Path, target: Path, key: Path, *options: str) -> Measurement:
    """Run `deid run`."""
    return measured([sys.executable, "-m", "deid", "run", source, target, "--json", "--key-file", key, *options])


@dataclass(frozen=True)
class Peer:
    """A command that does what `deid run --no-pixels` does, or a part of it."""

    name: str
    program: str | Path
    arguments: tuple[str | Path, ...]
    in_place: bool = False
    """Whether it works on a copy of the source, which stands in the target then."""
    on_disk_only: bool = False
    """Whether it makes no sense in memory."""

    def run(self, source: Path, target: Path) -> Measurement:
        """Run it from `source` to the empty folder `target`.

        Raises:
            FileNotFoundError: It is not installed.
            RuntimeError: It failed.
        """
        if shutil.which(self.program) is None:
            raise FileNotFoundError(self.program)
        paths = [*self.arguments]
        if self.in_place:
            shutil.copytree(source, target, dirs_exist_ok=True)
            return measured([self.program, *paths, *sorted(target.iterdir())])
        return measured([self.program, *({"IN": source, "OUT": target}.get(str(part), part) for part in paths)])


def peers(folder: Path, environments: Path) -> list[Peer]:
    """All peers that could be asked; `folder` is for what they need besides, `environments` see `DEFAULT_PEERS`."""
    start_dicognito = "import sys; from dicognito.__main__ import main; main(sys.argv[1:])"
    edits: tuple[str | Path, ...] = tuple(part for keyword in _EDITS for part in ("-ma", f"{keyword}="))
    encrypting: tuple[str | Path, ...] = ("-e", "-c", _certificate(folder), "--continue", "-r", "-i", "IN", "-o", "OUT")
    identifying = ("-o", "OUT", "identifiers", "--action", "all", "--input", "IN")
    return [
        Peer("`cp -r`", "cp", ("-r", "IN", "OUT")),
        Peer("`cp -r`, then `sync -f`", "sh", ("-c", _DURABLE_COPY, "IN", "OUT"), on_disk_only=True),
        Peer("dcmodify, 8 edits in place", "dcmodify", ("-nb", *edits), in_place=True),
        Peer("gdcmanon -e", "gdcmanon", encrypting),
        Peer(
            "dicognito",
            environments / "dicognito/bin/python",
            ("-c", start_dicognito, "-q", "-o", "OUT", "IN"),
        ),
        Peer("dicom-anonymizer", environments / "dicom-anonymizer/bin/dicom-anonymizer", ("IN", "OUT")),
        Peer("pydicom/deid", environments / "deid/bin/deid", identifying),
    ]


def _certificate(folder: Path) -> Path:
    """A certificate: gdcmanon encrypts the original values for its owner."""
    certificate = folder / "certificate.pem"
    if not certificate.exists() and shutil.which("openssl"):
        subject = ("-days", "30", "-subj", "/CN=bench")
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, "-keyout"]
        subprocess.run([*command, folder / "private.pem", "-out", certificate], check=True, capture_output=True)
    return certificate
