"""The vault as a file: what goes in comes out, and nothing else than that."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deid.errors import DeidError, InputOutputError, KeyFileError, VaultDamagedError
from deid.identity.key import Key
from deid.identity.mapping import InstanceMapping, Kind, Pair
from deid.identity.vault import Vault, VaultReader, lock_of
from deid.identity.vault_format import HEAD_BYTES, MAGIC, RECORD_HEAD_BYTES, Lock
from deid.identity.vault_secret import Passphrase, load_passphrase

if TYPE_CHECKING:
    from pathlib import Path

KEY = Key(bytes(range(32)))
OTHER_KEY = Key(bytes(32))
PASSPHRASE = Passphrase(b"correct horse battery")


def mapping(number: int, *extra: Pair) -> InstanceMapping:
    pairs = (
        Pair(Kind.PATIENT, f"MRN-{number}", f"DEID-{number}"),
        Pair(Kind.UID, f"1.2.840.99.{number}", f"2.25.{number}"),
        Pair(Kind.ACCESSION, f"ACC-{number}", ""),
        *extra,
    )
    return InstanceMapping(f"DEID-{number}", -400 - number, pairs)


def write(path: Path, *mappings: InstanceMapping, secret: Key | Passphrase = KEY) -> Vault:
    with Vault(path, secret) as vault:
        for one in mappings:
            vault.append(one)
    return vault


def read(path: Path, secret: Key | Passphrase = KEY) -> list[InstanceMapping]:
    return list(VaultReader(path, secret))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "maps" / "night.vault"


MAPPINGS = [mapping(number) for number in range(3)]


@pytest.fixture
def records(path: Path) -> list[bytes]:
    """A vault of three records in `path`, taken apart: head, records."""
    ends = [0]
    with Vault(path, KEY) as vault:
        ends.append(path.stat().st_size)
        for one in MAPPINGS:
            vault.append(one)
            ends.append(path.stat().st_size)
    data = path.read_bytes()
    return [data[start:end] for start, end in pairwise(ends)]


@pytest.mark.parametrize("secret", [KEY, PASSPHRASE])
def test_runs_append_to_one_map(path: Path, secret: Key | Passphrase) -> None:
    write(path, mapping(1), mapping(2), secret=secret)
    write(path, mapping(3), secret=secret)
    write(path, secret=secret)
    assert read(path, secret) == [mapping(1), mapping(2), mapping(3)]
    assert lock_of(path) is (Lock.KEY if secret is KEY else Lock.PASSPHRASE)


def test_what_is_in_it_is_not_written_again(path: Path) -> None:
    extra = Pair(Kind.UID, "1.2.3", "2.25.3")
    write(path, mapping(1), mapping(1))
    size = path.stat().st_size
    write(path, mapping(1))
    assert path.stat().st_size == size
    write(path, mapping(1, extra))
    assert read(path) == [mapping(1), InstanceMapping("DEID-1", -401, (extra,))]


def test_the_same_id_of_two_patients_is_two_pairs(path: Path) -> None:
    pair = Pair(Kind.PATIENT, "1", "")
    mappings = [InstanceMapping("DEID-A", -400, (pair,)), InstanceMapping("DEID-B", -500, (pair,))]
    write(path, *mappings)
    assert read(path) == mappings


def test_memory_is_bounded_and_nothing_is_lost_for_it(path: Path) -> None:
    with Vault(path, KEY, max_remembered=10) as vault:
        for number in (*range(50), *range(50)):
            vault.append(mapping(number))
        assert len(vault._remembered) == 10
    assert {pair for one in read(path) for pair in one.pairs} == {
        pair for number in range(50) for pair in mapping(number).pairs
    }


def test_an_instance_with_very_many_uids(path: Path) -> None:
    many = mapping(1, *(Pair(Kind.UID, f"1.2.{number}", f"2.25.{number}") for number in range(25_000)))
    write(path, many)
    assert [pair for one in read(path) for pair in one.pairs] == list(many.pairs)


@given(st.lists(st.tuples(st.sampled_from(Kind), st.text(), st.text()), max_size=5))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_was(tmp_path: Path, pairs: list[tuple[Kind, str, str]]) -> None:
    path = tmp_path / "any.vault"
    path.unlink(missing_ok=True)
    unique = tuple(dict.fromkeys(Pair(*pair) for pair in pairs))
    write(path, InstanceMapping("DEID-\udcff", 0, unique))
    assert [pair for one in read(path) for pair in one.pairs] == list(unique)


def test_nothing_is_in_clear(path: Path, records: list[bytes]) -> None:
    data = b"".join(records)
    assert data == path.read_bytes()
    for text in (b"MRN", b"ACC", b"1.2.840", b"2.25", b"DEID-", b"patient"):
        assert text not in data
    assert "MRN" not in repr(MAPPINGS)
    assert "MRN" not in repr(MAPPINGS[0].pairs)
    assert "horse" not in repr(PASSPHRASE)
    write(path.with_name("other.vault"), MAPPINGS[0])
    assert path.with_name("other.vault").read_bytes()[HEAD_BYTES:] != records[1]


def test_only_the_owner_reads_it(path: Path) -> None:
    before = os.umask(0)
    try:
        write(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_changed_byte_is_noticed(path: Path, records: list[bytes]) -> None:
    whole = b"".join(records)
    last = len(whole) - len(records[-1])
    for position in range(len(whole)):
        changed = bytearray(whole)
        changed[position] ^= 1 << (position % 8)
        path.write_bytes(changed)
        reader, got = VaultReader(path, KEY), list[InstanceMapping]()
        try:
            got.extend(reader)
        except (VaultDamagedError, KeyFileError, InputOutputError):
            with pytest.raises((InputOutputError, KeyFileError)), Vault(path, KEY):
                pass
            assert path.read_bytes() == changed, "a damaged vault is left as it is"
            continue
        assert position >= last + RECORD_HEAD_BYTES, "only the body of the last record may look unfinished"
        assert got == MAPPINGS[:-1]
        assert reader.dropped == len(records[-1])


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.binary(max_size=40)), min_size=1, max_size=3),
    st.sampled_from([KEY, OTHER_KEY]),
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_to_it_what_is_read_was_written(
    path: Path, records: list[bytes], edits: list[tuple[float, float, bytes]], secret: Key
) -> None:
    data = b"".join(records)
    for start, length, new in edits:
        first = int(start * len(data))
        data = data[:first] + new + data[first + int(length * 200) :]
    path.write_bytes(data)
    got: list[InstanceMapping] = []
    with suppress(DeidError):
        for one in VaultReader(path, secret):
            got.append(one)  # noqa: PERF402 - an error must not take away what came before
    assert got == MAPPINGS[: len(got)]
    assert not got or secret == KEY


def test_a_torn_end_is_dropped_reported_and_written_over(path: Path, records: list[bytes]) -> None:
    whole = b"".join(records)
    for length in range(HEAD_BYTES, len(whole)):
        path.write_bytes(whole[:length])
        kept = [number for number in range(3) if sum(map(len, records[: number + 2])) <= length]
        torn = length - sum(map(len, records[: len(kept) + 1]))
        reader = VaultReader(path, KEY)
        assert list(reader) == MAPPINGS[: len(kept)]
        assert reader.dropped == torn
        assert write(path, mapping(9)).dropped == torn
        assert read(path) == [*MAPPINGS[: len(kept)], mapping(9)]


def test_zeros_after_a_loss_of_power_are_a_torn_end(path: Path, records: list[bytes]) -> None:
    whole = b"".join(records)
    path.write_bytes(whole + bytes(5000))
    assert read(path) == MAPPINGS
    path.write_bytes(whole[:-20] + bytes(20))
    assert read(path) == MAPPINGS[:-1]
    assert write(path, mapping(9)).dropped == len(records[-1])
    assert read(path) == [*MAPPINGS[:-1], mapping(9)]


@pytest.mark.parametrize("length", [0, 1, len(MAGIC), HEAD_BYTES - 1])
def test_a_maker_killed_over_the_head_leaves_no_obstacle(path: Path, records: list[bytes], length: int) -> None:
    path.write_bytes(records[0][:length])
    write(path, mapping(1))
    assert read(path) == [mapping(1)]


@pytest.mark.parametrize(
    "order", [[0, 2, 1, 3], [0, 1, 3], [0, 2, 3], [0, 1, 2, 2, 3], [0, 1, 1, 2, 3], [0, 3, 2, 1], [1, 2, 3]]
)
def test_records_in_another_order_do_not_open(path: Path, records: list[bytes], order: list[int]) -> None:
    path.write_bytes(b"".join(records[number] for number in order))
    with pytest.raises(InputOutputError, match="damaged" if order[0] == 0 else "not a vault"):
        read(path)


def test_a_loss_in_the_middle_is_no_torn_end(path: Path, records: list[bytes]) -> None:
    path.write_bytes(b"".join(records[:2]) + records[2][:-5] + records[3])
    with pytest.raises(VaultDamagedError, match="damaged"):
        read(path)


def test_records_of_an_older_state_do_not_open(path: Path, records: list[bytes]) -> None:
    # Restored to two records and written on: the third record of before does not fit any more.
    path.write_bytes(b"".join(records[:3]))
    write(path, mapping(7), mapping(8))
    data = path.read_bytes()
    start = sum(map(len, records[:3]))
    path.write_bytes(data[:start] + records[3] + data[start + len(records[3]) :])
    with pytest.raises(VaultDamagedError):
        read(path)


def test_before_the_damage_everything_is_read(path: Path, records: list[bytes]) -> None:
    changed = bytearray(b"".join(records))
    changed[len(records[0]) + len(records[1]) + 40] ^= 1
    path.write_bytes(changed)
    mappings = iter(VaultReader(path, KEY))
    assert next(mappings) == MAPPINGS[0]
    with pytest.raises(VaultDamagedError, match=f"from byte {len(records[0]) + len(records[1])} on"):
        next(mappings)


@pytest.mark.parametrize(
    ("made_with", "secret", "message"),
    [
        (KEY, OTHER_KEY, f"wrong key .* {KEY.id}"),
        (PASSPHRASE, Passphrase(b"correct horse buttery"), "wrong passphrase"),
        (KEY, PASSPHRASE, "locked with a key"),
        (PASSPHRASE, KEY, "locked with a passphrase"),
    ],
)
def test_another_secret_is_a_clear_error(path: Path, made_with: Any, secret: Any, message: str) -> None:
    write(path, mapping(1), secret=made_with)
    before = path.read_bytes()
    with pytest.raises(KeyFileError, match=message) as caught:
        read(path, secret)
    assert caught.value.remedy
    with pytest.raises(KeyFileError, match=message), Vault(path, secret):
        pass
    assert path.read_bytes() == before


def test_other_files_are_not_taken_for_a_vault_nor_touched(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    for content in (b"thesis", b"x" * 10_000, b"\0" * 9999, MAGIC + b"x" * 1000):
        path.write_bytes(content)
        with pytest.raises(InputOutputError), Vault(path, KEY):
            pass
        with pytest.raises(InputOutputError):
            read(path)
        assert path.read_bytes() == content
    os.mkfifo(tmp_path / "fifo")
    for other in (tmp_path, tmp_path / "fifo"):
        with pytest.raises(InputOutputError), Vault(other, KEY):
            pass
        with pytest.raises(InputOutputError, match="not a vault"):
            read(other)
    with pytest.raises(InputOutputError, match="can't be read"):
        read(tmp_path / "none")


def test_two_writers_at_once_are_refused(path: Path) -> None:
    with Vault(path, KEY) as vault:
        vault.append(mapping(1))
        with pytest.raises(InputOutputError, match="another run"), Vault(path, KEY):
            pass
        assert read(path) == [mapping(1)]
        vault.append(mapping(2))
    write(path, mapping(3))
    assert read(path) == [mapping(1), mapping(2), mapping(3)]


def test_a_full_disk_leaves_what_was_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path, mapping(1))
    before, pwrite = path.read_bytes(), os.pwrite

    def full(descriptor: int, data: bytes, offset: int) -> int:
        if offset > len(before) + 30:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return pwrite(descriptor, data[:40], offset)

    with Vault(path, KEY) as vault:
        monkeypatch.setattr(os, "pwrite", full)
        with pytest.raises(InputOutputError, match="No space left"):
            vault.append(mapping(2))
        with pytest.raises(RuntimeError):
            vault.append(mapping(3))
    assert path.read_bytes() == before


def test_a_passphrase_comes_from_a_private_file_of_one_line(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_bytes(b"correct horse battery\n")
    file.chmod(0o600)
    assert load_passphrase(file) == PASSPHRASE
    for content, message in ((b"", "shorter"), (b"short\n", "shorter"), (b"a" * 20 + b"\nb", "one line")):
        file.write_bytes(content)
        with pytest.raises(KeyFileError, match=message):
            load_passphrase(file)
    file.write_bytes(b"a" * 5000)
    with pytest.raises(KeyFileError, match="one line"):
        load_passphrase(file)
    file.chmod(0o644)
    with pytest.raises(KeyFileError, match="read by others"):
        load_passphrase(file)
    with pytest.raises(KeyFileError, match="no passphrase file"):
        load_passphrase(tmp_path / "none")
