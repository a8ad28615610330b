"""Real files with synthetic PHI and their answer key: pydicom's bundled files on disk and the project's examples."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pydicom
from pydicom import dcmread
from pydicom.errors import InvalidDicomError
from pydicom.uid import UID, MediaStorageDirectoryStorage

from deid.demo import examples
from tests.bench.answer_key.checks import text_of, walk, write_key
from tests.bench.answer_key.expected import checks_of
from tests.bench.answer_key.injection import inject
from tests.bench.answer_key.people import patient_of
from tests.bench.answer_key.private import inject_private
from tests.bench.answer_key.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydicom.dataset import FileDataset

    from tests.bench.answer_key.checks import Check
    from tests.bench.answer_key.people import Patient
    from tests.bench.answer_key.templates import Filled

_BUNDLED = Path(pydicom.__file__).parent / "data" / "test_files"
_DAMAGED = frozenset({"MR_truncated.dcm", "rtplan_truncated.dcm", "badVR.dcm"})
"""Files that no data set for sharing would hold: cut short, or not readable by the standard."""
_NEEDED = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "Modality")
_PER_SERIES = 2
_EXTENDED_ASCII = "ISO_IR 100"


@dataclass(frozen=True, slots=True)
class Source:
    """A real file."""

    name: str
    dataset: FileDataset
    secrets: tuple[str, ...] = ()
    """What in it names people."""


def sources() -> Iterator[Source]:
    """All real files that are whole."""
    for path in sorted(_BUNDLED.rglob("*")):
        if path.is_file() and path.name not in _DAMAGED:
            dataset = _read(path)
            if dataset is not None:
                yield Source(path.stem, dataset, _people(dataset))
    for example in examples():
        yield Source(example.name.replace("/", "_").removesuffix(".dcm"), example.dataset, example.truth.secrets)


def _read(path: Path) -> FileDataset | None:
    try:
        dataset = dcmread(path)
        whole = all(dataset.get(keyword) for keyword in _NEEDED) and "TransferSyntaxUID" in dataset.file_meta
    except (InvalidDicomError, OSError, ValueError):
        return None
    return dataset if whole and dataset.SOPClassUID != MediaStorageDirectoryStorage else None


def _people(dataset: FileDataset) -> tuple[str, ...]:
    """Names inside sequences stay in the file, and so may texts that repeat them."""
    return tuple({text_of(element) for _, _, element, _ in walk(dataset) if element.VR == "PN" and element.value})


def generate(folder: Path, key: Path, chosen: Sequence[Source], seed: int = 0) -> list[Check]:
    """Write the files below `folder` and the answer key to `key`.

    Each source becomes a series of two instances of a patient of its own; every third patient's doctor and hospital
    stand in texts only. Another `seed` gives other people and texts.
    """
    checks: list[Check] = []
    for index, source in enumerate(chosen):
        random = Random(f"answer key {seed} {index} {source.name}")  # noqa: S311 - the same files every time
        patient = patient_of(random, known=index % 3 != 0)
        for number in range(_PER_SERIES):
            path = folder / f"{index:03}" / f"{number}.dcm"
            path.parent.mkdir(parents=True, exist_ok=True)
            dataset = copy.deepcopy(source.dataset)
            texts = _write(dataset, path, patient, random, index * _PER_SERIES + number)
            name = f"{source.name} {path.relative_to(folder).as_posix()}"
            checks += checks_of(name, dcmread(path), texts, source.secrets)
    write_key(key, checks)
    return checks


def _write(dataset: FileDataset, path: Path, patient: Patient, random: Random, number: int) -> dict[str, Filled]:
    _clear_identity(dataset)
    dataset.SpecificCharacterSet = _EXTENDED_ASCII
    dataset.StudyInstanceUID = UID(f"{patient.uid_root}.1")
    dataset.SeriesInstanceUID = UID(f"{patient.uid_root}.2")
    dataset.SOPInstanceUID = UID(f"{patient.uid_root}.3.{number}")
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    texts = inject(dataset, patient, random, number)
    texts |= sweep(dataset, patient, random, number)
    as_un = number % 3 == 2
    texts |= inject_private(dataset, "", patient, random, 2 * number, as_un=as_un)
    item = dataset.ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    texts |= inject_private(item, "(0008,1115)[0](0008,1199)[0]", patient, random, 2 * number + 1, as_un=not as_un)
    dataset.save_as(path, enforce_file_format=True)
    return texts


def _clear_identity(dataset: FileDataset) -> None:
    """The people of the source leave: the answer key knows the new patient only."""
    for tag in [tag for tag in dataset.keys() if tag.group in {0x0010, 0x0012, 0x0038} or tag.is_private]:  # noqa: SIM118
        del dataset[tag]
    for element in list(dataset):
        if element.VR == "PN" or element.keyword.startswith(("Institution", "OriginalAttributes", "RequestAttributes")):
            del dataset[element.tag]
