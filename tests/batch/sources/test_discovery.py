from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from deid.batch.sources.discovery import discover, listed
from deid.errors import Reason

if TYPE_CHECKING:
    from pathlib import Path


def names(root: Path) -> list[tuple[str, Reason | None]]:
    return [(source.relative, source.refusal) for source in discover(root)]


def test_files_come_sorted_at_any_depth(tmp_path: Path) -> None:
    for name in ("b/2.dcm", "b/1.dcm", "a.dcm", "c/d/e/f.dcm"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert names(tmp_path) == [("a.dcm", None), ("b/1.dcm", None), ("b/2.dcm", None), ("c/d/e/f.dcm", None)]


def test_a_single_file_is_its_own_source(tmp_path: Path) -> None:
    file = tmp_path / "one.dcm"
    file.touch()
    assert names(file) == [("one.dcm", None)]


def test_links_and_pipes_are_seen_but_never_opened(tmp_path: Path) -> None:
    root = tmp_path / "in"
    root.mkdir()
    (tmp_path / "outside.dcm").touch()
    (root / "loop").symlink_to(root)
    (root / "way_out").symlink_to(tmp_path / "outside.dcm")
    os.mkfifo(root / "pipe")
    assert names(root) == [("loop", Reason.SYMLINK), ("pipe", Reason.SPECIAL_FILE), ("way_out", Reason.SYMLINK)]


def test_names_that_are_not_utf_8_or_hold_newlines_are_found(tmp_path: Path) -> None:
    for name in (b"new\nline.dcm", b"caf\xe9.dcm"):
        (tmp_path / os.fsdecode(name)).touch()
    assert [source.relative_bytes for source in discover(tmp_path)] == [b"caf\xe9.dcm", b"new\nline.dcm"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_can_not_be_listed_is_reported(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    assert names(tmp_path) == [("closed", Reason.UNREADABLE)]


def test_a_path_is_not_shown_by_repr(tmp_path: Path) -> None:
    (tmp_path / "DOE_JANE.dcm").touch()
    assert "DOE" not in repr(list(discover(tmp_path)))


def test_depth_is_not_bounded_by_recursion(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(400):
        folder = folder / "d"
        folder.mkdir()
    (folder / "deep.dcm").touch()
    assert len(names(tmp_path)) == 1


def test_a_list_is_taken_in_its_order_and_only_what_lies_in_the_folder(tmp_path: Path) -> None:
    root, other = tmp_path / "in", tmp_path / "other"
    for folder in (root / "a", other):
        folder.mkdir(parents=True)
        (folder / "b\n\udcff.dcm").touch()
    (root / "away").symlink_to(other)
    (root / "link").symlink_to(other / "b\n\udcff.dcm")
    names = [b"a/b\n\xff.dcm", b"a", b"../other/b\n\xff.dcm", b"away/b\n\xff.dcm", b"link", b"a/../a/gone", b"x\0y"]
    found = list(listed(root, [os.fsencode(root) + b"/" + name for name in names]))
    assert [(source.relative, source.refusal) for source in found if root in source.path.parents][:2] == [
        ("a/b\n\udcff.dcm", None),
        ("link", Reason.SYMLINK),
    ]
    assert [source.refusal for source in found] == [
        None,
        Reason.OUTSIDE_IN,
        Reason.OUTSIDE_IN,
        Reason.SYMLINK,
        Reason.UNREADABLE,
        Reason.UNREADABLE,
    ]


def test_a_large_folder_is_never_held_in_memory_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deid.batch.sources.discovery._NAMES_AT_ONCE", 7)
    for number in range(21):
        (tmp_path / f"{number * 37 % 21}").touch()
    assert relatives(tmp_path) == sorted(str(number) for number in range(21))


def relatives(root: Path) -> list[str]:
    return [source.relative for source in discover(root)]
