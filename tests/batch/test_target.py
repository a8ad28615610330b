from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.batch.target import Commit, Target, stage
from deid.errors import InputOutputError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_committed_file_appears_under_its_name_only(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Target(out) as target:
        staged = stage(b"clean", target.staging)
        assert target.commit(staged, "a/b/c.dcm") is Commit.RELEASED
    assert [path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()] == ["a/b/c.dcm"]
    assert (out / "a/b/c.dcm").read_bytes() == b"clean"


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    with Target(tmp_path / "out") as target:
        target.commit(stage(b"first", target.staging), "a.dcm")
        assert target.commit(stage(b"first", target.staging), "a.dcm") is Commit.SAME
        assert target.commit(stage(b"other", target.staging), "a.dcm") is Commit.CONFLICT
        assert not list(target.staging.iterdir())
    assert (tmp_path / "out/a.dcm").read_bytes() == b"first"


def test_what_a_killed_run_left_staged_is_removed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / ".deid-staging").mkdir(parents=True)
    (out / ".deid-staging/x.part").write_bytes(b"half")
    (out / ".deid-lock").touch()
    with Target(out):
        assert not list((out / ".deid-staging").iterdir())
    assert not list(out.iterdir())


def test_a_staging_link_is_not_followed(tmp_path: Path) -> None:
    out, precious = tmp_path / "out", tmp_path / "precious"
    out.mkdir()
    precious.mkdir()
    (precious / "keep").touch()
    (out / ".deid-staging").symlink_to(precious)
    with Target(out):
        pass
    assert (precious / "keep").exists()


def test_a_folder_with_other_content_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputOutputError, match="not empty"), Target(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir() if path.name != ".deid-lock"] == ["thesis.txt"]


def test_two_runs_can_not_share_a_folder(tmp_path: Path) -> None:
    with Target(tmp_path / "out"), pytest.raises(InputOutputError, match="another run"), Target(tmp_path / "out"):
        pass


def test_a_file_in_the_way_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(InputOutputError) as caught, Target(tmp_path / "out"):
        pass
    assert "df -h" in caught.value.remedy


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/.deid-lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputOutputError), Target(tmp_path / "out"):
        pass
    assert not (tmp_path / "elsewhere").exists()
