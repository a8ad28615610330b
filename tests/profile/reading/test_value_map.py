"""Tables of map rules: what they hold, how errors name the line, and that no value of theirs is ever shown."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.errors import ProfileError
from deid.profile import load_profile
from deid.profile.lookup.value_map import read_value_map

if TYPE_CHECKING:
    from pathlib import Path

    from deid.profile import Profile

SECRET = "ZYXWVUT"  # noqa: S105 - a value to look for


def mapped(folder: Path, table: str, keyword: str = "PatientID") -> Profile:
    (folder / "ids.csv").write_text(table, "utf-8", newline="")
    (folder / "mine.yaml").write_text(
        f"extends: basic\nrules:\n  - {{keyword: {keyword}, action: map, map: ids.csv}}\n", "utf-8"
    )
    return load_profile(str(folder / "mine.yaml"))


def test_a_table_is_read_beside_its_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    table = mapped(tmp_path, f'\ufefforiginal,new\r\n {SECRET} ,T-001\r\n"A, B",T-002\r\n\r\nC,\r\n').rule_for(
        0x00100020
    )
    assert table.value_map is not None
    assert len(table.value_map) == 3
    assert [table.value_map.get(text) for text in (SECRET, f"{SECRET} \0", "A, B", "C", "D", SECRET.lower())] == [
        "T-001",
        "T-001",
        "T-002",
        "",
        None,
        None,
    ]


def test_nothing_shows_the_content(tmp_path: Path) -> None:
    profile = mapped(tmp_path, f"original,new\n{SECRET},T-001\n")
    rule = profile.rule_for(0x00100020)
    shown = f"{profile!r} {rule!r} {rule.value_map!r} {rule.value_map} {profile.digest}"
    assert SECRET not in shown
    assert "T-001" not in shown
    copy = pickle.loads(pickle.dumps(profile))  # noqa: S301 - what the worker pool does
    assert copy == profile
    assert copy.rule_for(0x00100020).value_map.get(SECRET) == "T-001"


def test_the_digest_follows_the_content(tmp_path: Path) -> None:
    tables = ["original,new\nA,1\nB,2\n", "original,new\nB,2\nA,1\n", "original,new\nA,2\nB,1\n", "original,new\nA,1\n"]
    digests = [mapped(tmp_path, table).digest for table in tables]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


@pytest.mark.parametrize(
    ("table", "line", "message"),
    [
        ("", 1, "the columns are not original,new"),
        (f"old,new\n{SECRET},1\n", 1, "the columns are not original,new"),
        (f"original;new\n{SECRET};1\n", 1, "the columns are not original,new"),
        (f"original,new\n{SECRET}\n", 2, "not two columns"),
        (f"original,new\nA,1\n{SECRET},1,2\n", 3, "not two columns"),
        (f"original,new\n,{SECRET}\n", 2, "the original is empty"),
        (f"original,new\n{SECRET},1\nB,2\n{SECRET},3\n", 4, "twice"),
        (f"original,new\nA,{SECRET * 10}\n", 2, "does not fit VR LO"),
        (f'original,new\nA,"{SECRET}\n', 2, "not valid CSV"),
        (f'original,new\nA,"{SECRET}"x\n', 2, "not valid CSV"),
    ],
)
def test_mistakes_name_the_line_and_no_value(tmp_path: Path, table: str, line: int, message: str) -> None:
    with pytest.raises(ProfileError) as raised:
        mapped(tmp_path, table)
    assert raised.value.message.startswith(f"{tmp_path / 'ids.csv'}:{line}: ")
    assert message in raised.value.message
    assert SECRET not in f"{raised.value.message} {raised.value.remedy} {raised.value.__cause__}"
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_files_that_are_no_table(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="can't be read"):
        read_value_map(tmp_path / "none.csv")
    (tmp_path / "binary.csv").write_bytes(b"original,new\n\xff,1\n")
    with pytest.raises(ProfileError, match="not UTF-8"):
        read_value_map(tmp_path / "binary.csv")


@given(st.binary(max_size=300) | st.text(alphabet='ab,"\n\r\0 ', max_size=100).map(str.encode))
def test_any_content_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"original,new\n" + content)
    said = ""
    try:
        size = len(read_value_map(path, ["LO"]))
    except ProfileError as error:
        said, size = error.message, 0
    assert size <= len(content)
    assert not said or said.startswith(f"{path}:")
