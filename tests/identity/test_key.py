"""The key: derivation without collisions, and a file that stays private."""

from __future__ import annotations

import os
import pickle
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.errors import KeyFileError
from deid.identity.key import Key, default_key_path, load_key, load_or_create, write_key

KEY = Key(bytes(range(32)))
PARTS = st.lists(st.text(max_size=4) | st.binary(max_size=4), max_size=4)


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("name", ["/", ".", ""])
def test_a_folder_is_no_key_file(name: str) -> None:
    with pytest.raises(KeyFileError, match="is a folder"):
        write_key(Path(name), Key.generate())


def test_derivation_never_changes() -> None:
    # These bytes are in released data: another result would break every pseudonym made so far.
    assert KEY.id == "d0e8bcddf693"
    assert KEY.derive("uid", "1.2.3").hex() == "2afa119e995737e8d973856661ae9c43d7d2581db4fa9bf94b5c31a587d4d1c5"
    assert KEY.digest("value", "DOE^JANE") == "13c548c905590e3c"


@given(st.tuples(st.text(max_size=4), PARTS), st.tuples(st.text(max_size=4), PARTS))
def test_different_parts_never_meet(one: tuple[str, list[str | bytes]], two: tuple[str, list[str | bytes]]) -> None:
    same = KEY.derive(one[0], *one[1]) == KEY.derive(two[0], *two[1])
    assert same == (one == two)


def test_parts_are_not_run_together() -> None:
    messages = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("", "abc"), (b"ab", "c"), ("\0", "\0"), ("\0\0",)]
    assert len({KEY.derive("p", *parts) for parts in messages}) == len(messages)
    assert KEY.derive("p", "x") != KEY.derive("q", "x")
    assert KEY.derive("p", "\udcff") != KEY.derive("p", "\udcfe")


def test_the_secret_is_nowhere_in_sight() -> None:
    secret = KEY.secret.hex()
    assert repr(KEY) == f"Key(id='{KEY.id}')"
    assert secret not in f"{KEY} {KEY!r} {KEY.id} {KEY.digest('a')}"
    assert pickle.loads(pickle.dumps(KEY)) == KEY  # noqa: S301 - what the worker pool does
    with pytest.raises(ValueError, match="32 bytes"):
        Key(b"short")


def test_generated_keys_differ() -> None:
    assert Key.generate() != Key.generate()


def test_write_and_load(tmp_path: Path) -> None:
    path = tmp_path / "config" / "deid" / "key"
    write_key(path, KEY)
    assert load_key(path) == KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert names_in(path.parent) == ["key"]
    assert path.read_text() == KEY.secret.hex() + "\n"


def test_umask_does_not_open_the_file(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_key(tmp_path / "key", KEY)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key"
    write_key(path, KEY)
    with pytest.raises(KeyFileError, match="never overwritten"):
        write_key(path, Key.generate())
    assert load_key(path) == KEY
    assert names_in(tmp_path) == ["key"]


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_key(tmp_path / "key", KEY)
    assert load_key(tmp_path / "key") == KEY
    with pytest.raises(KeyFileError, match="never overwritten"):
        write_key(tmp_path / "key", KEY)
    assert names_in(tmp_path) == ["key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620])
def test_a_key_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "my key"
    write_key(path, KEY)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match="read by others") as raised:
        load_key(path)
    assert raised.value.remedy == f"chmod 600 '{path}'"


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"ab" * 31, b"ab" * 33, b"zz" * 32, b"\xff" * 64, b"ab" * 16 + b"\n" + b"ab" * 16, b"a" * 100_000],
)
def test_malformed_keys_are_refused_and_not_quoted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="not a key") as raised:
        load_key(path)
    assert "backup" in raised.value.remedy, "a new key gives other pseudonyms"
    if content.strip():
        assert content[:8].decode("latin-1") not in raised.value.message.removeprefix(str(path))


def test_missing_folders_and_fifos(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="no key file") as raised:
        load_key(tmp_path / "none")
    assert "deid keys new" in raised.value.remedy
    with pytest.raises(KeyFileError, match="not a file"):
        load_key(tmp_path)
    os.mkfifo(tmp_path / "fifo", 0o600)
    with pytest.raises(KeyFileError, match="not a file"):
        load_key(tmp_path / "fifo")
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFileError, match="can't be written"):
        write_key(tmp_path / "file" / "key", KEY)


def test_default_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert default_key_path() == tmp_path / "deid" / "key"
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_key_path() == tmp_path / ".config" / "deid" / "key"


def test_load_or_create(tmp_path: Path) -> None:
    path = tmp_path / "deid" / "key"
    key, created = load_or_create(path)
    assert created
    assert load_or_create(path) == (key, False)
    path.write_text("broken")
    with pytest.raises(KeyFileError, match="not a key"):
        load_or_create(path)
    assert path.read_text() == "broken"


def test_first_runs_at_once_end_with_one_key(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from deid.identity.key import load_or_create; "
        "print(load_or_create(Path(sys.argv[1]))[0].id)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "new" / "key")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    ids = {process.communicate(timeout=60)[0] for process in running}
    assert len(ids) == 1
    assert ids != {""}
    assert names_in(tmp_path / "new") == ["key"]
