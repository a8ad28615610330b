"""Scoring by MIDI-B's published rules: files matched through the mappings, values compared as strings."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydicom import dcmread

from tests.bench.answer_key.checks import Check, CheckType, find, text_of
from tests.bench.answer_key.templates import tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydicom.dataelem import DataElement
    from pydicom.dataset import FileDataset

PREAMBLE = 128


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed check and what was found instead; everybody in it is invented."""

    check: Check
    found: str | None

    def line(self) -> str:
        """One line of the report."""
        check = self.check
        return f"{check.type}: {check.file} {check.path}: {check.value!r} → {self.found!r}"


@dataclass(frozen=True, slots=True)
class Score:
    """Counts by type of check, for instances and, as published, for series: one failing instance fails its series."""

    passed: Counter[CheckType]
    total: Counter[CheckType]
    series_passed: Counter[CheckType]
    series_total: Counter[CheckType]
    failures: tuple[Failure, ...]

    @property
    def instances(self) -> float:
        """Passed / all."""
        return self.passed.total() / self.total.total()

    @property
    def series(self) -> float:
        """Passed / all at series level."""
        return self.series_passed.total() / self.series_total.total()


@dataclass(frozen=True, slots=True)
class Mappings:
    """Old to new, as the tool wrote them."""

    uids: dict[str, str]
    patients: dict[str, str]


def read_mappings(folder: Path) -> Mappings:
    """Read uid_mapping.csv and patid_mapping.csv."""
    return Mappings(_mapping(folder / "uid_mapping.csv"), _mapping(folder / "patid_mapping.csv"))


def _mapping(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["id_old"]: row["id_new"] for row in csv.DictReader(stream)}


def score(checks: Iterable[Check], output: Path, mappings: Mappings) -> Score:
    """Score a folder of de-identified files."""
    by_instance: dict[str, list[Check]] = defaultdict(list)
    for check in checks:
        by_instance[check.instance].append(check)
    files = {uid: path for path in output.rglob("*.dcm") if (uid := _instance_of(path))}
    passed: Counter[CheckType] = Counter()
    total: Counter[CheckType] = Counter()
    series: dict[tuple[str, str, CheckType], bool] = {}
    failures = []
    for instance, rows in by_instance.items():
        path = files.get(mappings.uids.get(instance, ""))
        dataset = None if path is None else dcmread(path)
        for check in rows:
            element = None if dataset is None else _find(dataset, check.path)
            good = dataset is not None and passes(check, element, mappings)
            total[check.type] += 1
            passed[check.type] += good
            group = (check.series, check.path, check.type)
            series[group] = series.get(group, True) and good
            if not good:
                failures.append(Failure(check, _shown(dataset, element)))
    return Score(
        passed,
        total,
        Counter(kind for (_, _, kind), good in series.items() if good),
        Counter(kind for _, _, kind in series),
        tuple(failures),
    )


def _instance_of(path: Path) -> str:
    """The new SOP Instance UID of a file with preamble and prefix."""
    with path.open("rb") as stream:
        if stream.read(PREAMBLE + 4)[PREAMBLE:] != b"DICM":
            return ""
    return str(dcmread(path, stop_before_pixels=True, specific_tags=["SOPInstanceUID"]).get("SOPInstanceUID", ""))


def _find(dataset: FileDataset, path: str) -> DataElement | None:
    return find(dataset.file_meta if path.startswith("(0002,") else dataset, path)


def _shown(dataset: FileDataset | None, element: DataElement | None) -> str | None:
    if dataset is None:
        return "no file"
    return None if element is None else text_of(element)[:120]


def passes(check: Check, element: DataElement | None, mappings: Mappings) -> bool:
    """Whether one check passes on the attribute that was found, None: absent."""
    text = "" if element is None else text_of(element)
    match check.type:
        case CheckType.TAG_RETAINED:
            return element is not None
        case CheckType.NOT_NULL:
            return element is not None and ((bool(text) and element.VR != "SQ") or bool(element.value))
        case CheckType.TEXT_RETAINED:
            return element is not None and _retained(check.value, text)
        case CheckType.TEXT_REMOVED:
            return not any(token in text.casefold() for token in tokens_of(check.value))
        case CheckType.PIXELS_RETAINED:
            return element is not None and _digest(element) == check.value
        case _:
            return _identity_passes(check, text, mappings)


def _identity_passes(check: Check, text: str, mappings: Mappings) -> bool:
    old = check.value.split("\\")
    match check.type:
        case CheckType.DATE_SHIFTED:
            return not any(value in text for value in old if value)
        case CheckType.UID_CHANGED:
            return not set(old) & set(text.split("\\"))
        case CheckType.UID_CONSISTENT:
            return text.split("\\") == [mappings.uids.get(value, "no mapping") for value in old]
        case _:
            return text == mappings.patients.get(check.value, "no mapping")


def _retained(listed: str, text: str) -> bool:
    text = text.casefold()
    return listed.casefold() in text or all(token in text for token in tokens_of(listed))


def _digest(element: DataElement) -> str:
    value = element.value
    return hashlib.md5(value, usedforsecurity=False).hexdigest() if isinstance(value, bytes) else ""
