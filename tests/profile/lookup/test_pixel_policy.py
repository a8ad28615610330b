"""`pixels:` of a profile: what it takes, what it refuses, and how it is inherited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.errors import ProfileError
from deid.profile import PixelPolicy, Profile, load_profile
from deid.profile.diff import diff

if TYPE_CHECKING:
    from pathlib import Path


def profile_of(tmp_path: Path, pixels: str, extends: str = "basic", name: str = "mine.yaml") -> Profile:
    path = tmp_path / name
    path.write_text(f"extends: {extends}\npixels: {pixels}\n")
    return load_profile(str(path))


def test_what_is_not_said_stays_as_the_extended_profile_has_it(tmp_path: Path) -> None:
    profile_of(tmp_path, "{mode: all-text, margin: 0.5, uncheckable: drop}", name="house.yaml")
    policy = profile_of(tmp_path, "{fill: white, frames: '1-3, 7'}", extends="house.yaml").pixels
    assert (policy.mode, policy.margin, policy.uncheckable) == ("all-text", 0.5, "drop")
    assert (policy.fill, policy.frames, policy.confidence) == ("white", "1-3, 7", 0.5)


@pytest.mark.parametrize("pixels", [
    "{mode: everything}", "{margin: -1}", "{margin: nan}", "{margin: wide}", "{confidence: 1.5}", "{frames: last}",
    "{frames: '0-3'}", "{frames: '1-'}", "{uncheckable: release}", "{slide_labels: blur}", "{blur: yes}",
    "{cine: slow}",
])  # fmt: skip
def test_nonsense_is_refused_with_its_line(tmp_path: Path, pixels: str) -> None:
    with pytest.raises(ProfileError, match=r"mine.yaml:2: "):
        profile_of(tmp_path, pixels)


@pytest.mark.parametrize(("frames", "expected"), [
    ("all", {0, 1, 2, 3, 4}), ("first", {0}), ("2", {1}), ("1-2, 5", {0, 1, 4}), ("4-900000000", {3, 4}), ("9", set()),
])  # fmt: skip
def test_which_frames_are_looked_at(frames: str, expected: set[int]) -> None:
    assert PixelPolicy(frames=frames).looked_at(5) == expected


def test_the_policy_counts_into_the_digest_and_the_difference(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, "{margin: 0.6}")
    assert profile.digest != load_profile("basic").digest
    assert {("pixels margin", "0.35", "0.6")} <= {
        (one.what, one.left, one.right) for one in diff(load_profile("basic"), profile)
    }
