"""Known devices: files with fixed regions, found by header, checked like profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydicom.dataset import Dataset

from deid.errors import ProfileError
from deid.pixels.codecs.format import PixelFormat
from deid.pixels.devices import device_regions
from deid.plan import Box
from deid.profile import load_profile
from deid.profile.builtin import device_paths
from deid.profile.lint import Severity, lint

if TYPE_CHECKING:
    from pathlib import Path

OWN = """
title: ours
devices:
  - name: our scanner
    when: {Modality: US, Manufacturer: {matches: "ACME*"}, Rows: "480", Columns: "640"}
    regions: [[0, 0, 640, 40], [600, 470, 9999, 9999]]
"""


@pytest.fixture
def scan() -> Dataset:
    dataset = Dataset()
    dataset.Modality, dataset.Manufacturer, dataset.ManufacturerModelName = "US", "ACME Inc", "X"
    dataset.Rows, dataset.Columns = 480, 640
    dataset.set_original_encoding(is_implicit_vr=False, is_little_endian=True, character_encoding="latin-1")
    return dataset


def picture(rows: int = 480, columns: int = 640) -> PixelFormat:
    return PixelFormat(rows, columns, 1, 8, 8, 7, False, "MONOCHROME2", 0, 3)  # noqa: FBT003


@pytest.mark.parametrize("named_by", ["profile", "command line"])
def test_regions_of_a_device_of_ones_own(tmp_path: Path, scan: Dataset, named_by: str) -> None:
    (tmp_path / "ours.yaml").write_text(OWN)
    (tmp_path / "mine.yaml").write_text("extends: basic\ndevices: [ours.yaml]\n")
    if named_by == "profile":
        profile = load_profile(str(tmp_path / "mine.yaml"))
    else:
        profile = load_profile("basic", devices=[str(tmp_path / "ours.yaml")])
    regions = device_regions(scan, picture(), profile.pixels)
    assert [region.box for region in regions] == [Box(0, 0, 640, 40), Box(600, 470, 640, 480)]
    assert {region.frames for region in regions} == {range(3)}
    assert regions[0].reasons == ("a known place of text: our scanner",)
    assert profile.digest != load_profile("basic").digest
    scan.Rows = 481
    assert device_regions(scan, picture(481), profile.pixels) == ()


@pytest.mark.parametrize("name", sorted(device_paths()))
def test_those_that_ship_are_in_order(name: str) -> None:
    assert lint(str(device_paths()[name])) == ()
    assert "source:" in device_paths()[name].read_text("utf-8")


def test_basic_knows_scanners_by_their_model(scan: Dataset) -> None:
    scan.Manufacturer, scan.ManufacturerModelName = "Philips Medical Systems", "iU22"
    regions = device_regions(scan, picture(), load_profile("basic").pixels)
    assert [region.box for region in regions] == [Box(0, 0, 640, 47)]
    scan.Modality = "OT"
    assert device_regions(scan, picture(), load_profile("basic").pixels) == ()


@pytest.mark.parametrize(("wrong", "message"), [
    (OWN.replace("Manufacturer:", "Manufactorer:"), "unknown keyword `Manufactorer`"),
    (OWN.replace("[0, 0, 640, 40]", "[0, 40, 640, 0]"), "holds no pixel"),
    (OWN.replace("[0, 0, 640, 40]", "[0, 0, 640]"), "at least 4 items"),
    (OWN.replace("regions:", "region:"), "unknown key `region`"),
    (OWN + OWN.split("devices:")[1].strip("\n").replace("480", "481") + "\n", "a second device of this name"),
])  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, wrong: str, message: str) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(wrong)
    with pytest.raises(ProfileError, match=message) as caught:
        load_profile("basic", devices=[str(path)])
    assert "ours.yaml:" in caught.value.message
    assert any(problem.severity is Severity.ERROR and message in problem.message for problem in lint(str(path)))


def test_a_region_that_no_picture_has_is_doubtful(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(OWN.replace("[600, 470", "[700, 470"))
    assert [problem.severity for problem in lint(str(path))] == [Severity.WARNING]


def test_an_unknown_name_is_an_error_of_the_profile(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("extends: basic\ndevices: [ultrasonic]\n")
    with pytest.raises(ProfileError, match=r"mine.yaml:2: unknown devices") as caught:
        load_profile(str(path))
    assert "ultrasound" in caught.value.remedy
