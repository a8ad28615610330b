"""The picture of a plan: frames with their boxes and reasons, for the eyes of the user alone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from deid.pixels.frames.image import PixelImage
from deid.pixels.sketch import sketch
from deid.plan import Box, Finding, Plan, Region
from tests.scenarios.conftest import deid
from tests.scenarios.screens import screen, write_screen

if TYPE_CHECKING:
    from pathlib import Path

RED, GREEN = (255, 60, 60), (70, 200, 90)


def drawn(make: Any, plan: Plan, frames: int = 3, rows: int = 100, columns: int = 800) -> Any:
    dataset = make.instance(bytes(frames * rows * columns), (rows, columns), NumberOfFrames=frames)
    image = PixelImage.of(dataset)
    assert image is not None
    return np.asarray(Image.open(io.BytesIO(sketch(image, dataset, plan))))


def has(picture: Any, colour: tuple[int, int, int], row: int, column: int) -> bool:
    return bool((picture[row, column] == colour).all())


def test_what_goes_is_red_and_what_stays_is_green(make: Any) -> None:
    region = Region(Box(100, 20, 200, 40), range(3), ("known name",))
    finding = Finding(Box(300, 50, 350, 70), range(3), 0.9, identifying=False, reasons=("vouched",), text="LATERAL")
    picture = drawn(make, Plan((), (finding,), (region,)))
    assert has(picture, RED, 20, 150)
    assert has(picture, RED, 30, 100)
    assert has(picture, GREEN, 50, 320)
    assert picture.shape[0] < 200, "three frames alike are drawn once"


def test_frames_that_differ_are_drawn_each(make: Any) -> None:
    regions = (Region(Box(0, 0, 9, 9), range(1), ("a",)), Region(Box(20, 0, 29, 9), range(1, 2), ("b",)))
    assert drawn(make, Plan((), (), regions)).shape[0] > 250, "two frames, one below the other"


def test_huge_and_tiny_frames_are_scaled(make: Any) -> None:
    assert drawn(make, Plan(()), 1, 4000, 3000).shape[0] <= 1700
    assert drawn(make, Plan(()), 1, 4, 4).shape[1] >= 640


def test_the_command_warns_and_keeps_the_picture_to_the_user(tmp_path: Path) -> None:
    write_screen(tmp_path / "a.dcm", [screen()])
    (tmp_path / "mine.yaml").write_text("extends: basic\npixels: {mode: regions-only}\n")
    assert deid("keys", "new", "--key-file", tmp_path / "key").returncode == 0
    picture = tmp_path / "boxes.png"
    arguments = (tmp_path / "a.dcm", "-p", tmp_path / "mine.yaml", "--key-file", tmp_path / "key", "--png", picture)
    process = deid("inspect", *arguments)
    assert process.returncode == 0
    assert "original pixels" in process.stderr
    assert picture.stat().st_mode & 0o777 == 0o600
    with Image.open(picture) as opened:
        assert opened.width == 640
    assert "Pixel policy: regions-only" in process.stdout
    assert deid("inspect", *arguments).returncode == 4, "nothing is overwritten"
