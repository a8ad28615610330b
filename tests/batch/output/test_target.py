from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from deid.batch.output.staging import stage
from deid.batch.output.target import STATE, Target
from deid.errors import InputOutputError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_placed_file_appears_under_its_name_only(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Target(out) as target:
        target.place(stage(b"clean", target.staging), "a/b/c.dcm")
        target.sync()
        assert target.size("a/b/c.dcm") == 5
        assert target.size("a/b/other.dcm") is None
    assert [path.relative_to(out).as_posix() for path in out.rglob("*.dcm")] == ["a/b/c.dcm"]
    assert (out / "a/b/c.dcm").read_bytes() == b"clean"


def test_what_a_killed_run_left_staged_is_removed(tmp_path: Path) -> None:
    staging = tmp_path / "out" / STATE / "staging"
    staging.mkdir(parents=True)
    (staging / "x.part").write_bytes(b"half")
    with Target(tmp_path / "out") as target:
        assert not list(target.staging.iterdir())
    assert not staging.exists()


def test_a_staging_link_is_not_followed(tmp_path: Path) -> None:
    state, precious = tmp_path / "out" / STATE, tmp_path / "precious"
    state.mkdir(parents=True)
    precious.mkdir()
    (precious / "keep").touch()
    (state / "staging").symlink_to(precious)
    with Target(tmp_path / "out"):
        pass
    assert (precious / "keep").exists()


def test_a_state_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / STATE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputOutputError), Target(tmp_path / "out"):
        pass
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_folder_with_other_content_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputOutputError, match="not empty"), Target(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_not_even_a_folder_of_the_name_of_ours_is_touched(tmp_path: Path) -> None:
    (tmp_path / STATE).mkdir()
    (tmp_path / STATE / "thesis.txt").write_text("mine")
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputOutputError, match="not empty"), Target(tmp_path):
        pass
    assert [path.name for path in (tmp_path / STATE).iterdir()] == ["thesis.txt"]


def test_the_folder_of_an_earlier_run_is_taken(tmp_path: Path) -> None:
    with Target(tmp_path / "out") as target:
        target.ledger.touch()
        target.place(stage(b"clean", target.staging), "a.dcm")
    with Target(tmp_path / "out") as target:
        assert target.size("a.dcm") == 5


def test_two_runs_can_not_share_a_folder(tmp_path: Path) -> None:
    with Target(tmp_path / "out"), pytest.raises(InputOutputError, match="another run"), Target(tmp_path / "out"):
        pass


def test_the_lock_of_a_dead_run_does_not_block(tmp_path: Path) -> None:
    child = os.fork()
    if not child:
        Target(tmp_path / "out").__enter__()
        os._exit(0)
    os.waitpid(child, 0)
    with Target(tmp_path / "out"):
        pass


def test_a_lock_that_was_removed_is_taken_anew(tmp_path: Path) -> None:
    with Target(tmp_path / "out") as first:
        first.forget()
        with Target(tmp_path / "out"), pytest.raises(InputOutputError, match="another run"), Target(tmp_path / "out"):
            pass


def test_a_file_in_the_way_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(InputOutputError) as caught, Target(tmp_path / "out"):
        pass
    assert "df -h" in caught.value.remedy


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "out" / STATE).mkdir(parents=True)
    (tmp_path / "out" / STATE / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputOutputError), Target(tmp_path / "out"):
        pass
    assert not (tmp_path / "elsewhere").exists()
