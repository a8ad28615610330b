"""A night's work over the example studies: nobody is named any more, and nothing else is lost."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydicom import dcmread

from deid.audit.records import source_digest
from deid.demo.truth import encoded_forms
from deid.errors import ExitCode
from deid.identity.key import Key, load_key, write_key
from deid.pixels.frames.image import PixelImage
from deid.plan import Box
from deid.reading import read_instance, view_of
from deid.verify.leaks import header_bytes
from tests.scenarios.conftest import deid

if TYPE_CHECKING:
    from pathlib import Path

    from deid.demo.truth import BurnedLine, Example
    from tests.scenarios.conftest import Night

pytestmark = pytest.mark.slow


def released(night: Night) -> list[tuple[Example, Path, dict[str, Any]]]:
    """Each example with the file made of it and its audit line."""
    key = load_key(night.key_file)
    lines = {line["source"]: line for line in night.lines if line["type"] == "instance"}
    found = [(example, lines[source_digest(os.fsencode(example.name), key)]) for example in night.examples]
    return [(example, night.target / line["name"], line) for example, line in found]


def test_everything_is_released(night: Night) -> None:
    assert night.process.returncode == ExitCode.OK, night.process.stderr
    summary = night.lines[-1]
    assert summary["outcomes"] == {"released": len(night.examples), "quarantined": 0, "skipped": 1, "failed": 0}
    assert summary["complete"] is True


def test_no_secret_of_a_header_is_left_in_any_header_or_name(night: Night) -> None:
    forms = encoded_forms(secret for example in night.examples for secret in example.truth.secrets)
    for path in night.target.rglob("*.dcm"):
        header = header_bytes(path.read_bytes(), read_instance(path)).lower()
        left = [form for form in forms if form in header]
        assert not left, path.name
        assert not any(form in os.fsencode(path.relative_to(night.target)).lower() for form in forms)


def test_neither_audit_nor_console_names_anyone(night: Night) -> None:
    forms = encoded_forms(secret for example in night.examples for secret in example.truth.secrets)
    burned = encoded_forms(
        line.text for example in night.examples for line in example.truth.hidden if len(line.text) > 3
    )
    said = (night.process.stdout + night.process.stderr).encode().lower()
    audit = (night.target / "deid-audit.jsonl").read_bytes().lower()
    for text in (said, audit):
        assert not [form for form in forms | burned if form in text]


def test_identifying_lines_are_black_and_clinical_ones_untouched(night: Night) -> None:
    for example, path, line in released(night):
        if not example.truth.lines:
            continue
        before = PixelImage.of(view_of(read_instance(night.source / example.name)))
        after = PixelImage.of(view_of(read_instance(path)))
        assert before is not None
        assert after is not None
        assert line["text_lines"]["hidden"] >= 1
        for burned in example.truth.lines:
            for index in burned.frames:
                shares = changed_share(before.decode(index), after.decode(index), burned.box)
                if burned.identifying:
                    assert after.are_blank(index, [value_box(burned)]), (example.dataset.Modality, burned.box)
                else:
                    assert shares == 0, (example.dataset.Modality, burned.box)


def value_box(burned: BurnedLine) -> Box:
    """The pixels of an identifying line's value: its label, as in `DOB: …`, may stay."""
    box, label = burned.box, burned.text.partition(": ")[0]
    share = (len(label) + 2) / len(burned.text) if ": " in burned.text else 0.0
    return Box(box.x0 + round(share * (box.x1 - box.x0)) + (10 if share else 0), box.y0, box.x1, box.y1)


def changed_share(before: np.ndarray[Any, Any], after: np.ndarray[Any, Any], box: Box) -> float:
    part = (slice(box.y0, box.y1), slice(box.x0, box.x1))
    return float(np.mean(before[part] != after[part]))


def test_pixels_outside_the_regions_are_equal(night: Night) -> None:
    for example, path, line in released(night):
        if "PixelData" not in example.dataset:
            continue
        before = PixelImage.of(view_of(read_instance(night.source / example.name)))
        after = PixelImage.of(view_of(read_instance(path)))
        assert before is not None
        assert after is not None
        assert before.transfer_syntax == after.transfer_syntax
        assert before.format == after.format
        # The boxes of the audit log are those that went black, the blocks of a JPEG included.
        boxes = [Box(*region["box"]) for region in line["regions"]]
        for index in range(before.format.frames):
            assert before.changed_outside(after, index, boxes) == 0


def test_the_marks_of_de_identification_are_set(night: Night) -> None:
    for path in night.target.rglob("*.dcm"):
        dataset = dcmread(path)
        assert dataset.PatientIdentityRemoved == "YES"
        codes = {item.CodeValue for item in dataset.DeidentificationMethodCodeSequence}
        assert "113100" in codes
        if "PixelData" in dataset:
            assert "113101" in codes
            assert dataset.BurnedInAnnotation == "NO"


def test_clinical_content_stays(night: Night) -> None:
    by_modality = {example.dataset.Modality: path for example, path, _ in released(night)}
    assert dcmread(by_modality["CT"]).KVP == 120
    assert dcmread(by_modality["DX"]).ViewPosition == "PA"
    assert dcmread(by_modality["MR"]).EchoTime == 96
    for example, path, _ in released(night):
        assert dcmread(path).Manufacturer == example.dataset.Manufacturer


def test_the_same_night_again_gives_the_same_bytes(night: Night, tmp_path: Path) -> None:
    again = deid("run", night.source, tmp_path / "out", "--key-file", night.key_file, "--workers", 1)
    assert again.returncode == ExitCode.OK
    first = {path.relative_to(night.target): path.read_bytes() for path in night.target.rglob("*.dcm")}
    second = {path.relative_to(tmp_path / "out"): path.read_bytes() for path in (tmp_path / "out").rglob("*.dcm")}
    assert first == second


def test_inspect_shows_the_plan_without_a_name(night: Night) -> None:
    example = next(example for example in night.examples if example.dataset.Modality == "DX")
    shown = deid("inspect", night.source / example.name, "--key-file", night.key_file, "--all")
    assert shown.returncode == ExitCode.OK, shown.stderr
    assert "(0010,0010)" in shown.stdout
    assert "hidden" in shown.stdout
    assert not [form for form in encoded_forms(example.truth.secrets) if form in shown.stdout.encode().lower()]


def test_a_page_shows_the_night_and_names_nobody(night: Night, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    process = deid("report", night.target, page)
    assert process.returncode == ExitCode.OK, process.stderr
    text = page.read_text()
    assert text.count("data:image/png") == sum(bool(line["regions"]) for _, _, line in released(night))
    assert "known patient name" in text
    forms = encoded_forms(secret for example in night.examples for secret in example.truth.secrets)
    for said in (text.lower().encode(), process.stdout.lower().encode()):
        assert not [form for form in forms if form in said]


def test_what_came_out_can_be_de_identified_again_under_another_key(night: Night, tmp_path: Path) -> None:
    write_key(tmp_path / "key", Key.generate())
    process = deid("run", night.target, tmp_path / "twice", "--no-pixels", "--key-file", tmp_path / "key")
    assert process.returncode == ExitCode.OK, process.stderr
    assert len(list((tmp_path / "twice").rglob("*.dcm"))) == len(night.examples)
