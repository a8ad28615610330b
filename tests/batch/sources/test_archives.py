"""Archives that are hostile, odd or not whole: each member ends in an outcome, and what one claims costs nothing."""

from __future__ import annotations

import io
import os
import pickle
import shutil
import stat
import tarfile
import tracemalloc
import zipfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom.data
import pytest

from deid.batch.output.quarantine import Quarantine
from deid.batch.processed import Processed, Processing
from deid.batch.sources import extracting, spool
from deid.batch.sources.archives import Stream, uncompressed
from deid.batch.sources.discovery import discover
from deid.batch.sources.spool import Spool
from deid.errors import Reason
from deid.outcome import Quarantined, Released
from tests.batch.books import KEY, PROFILE

if TYPE_CHECKING:
    from deid.batch.processing import InstanceHandler
    from deid.batch.sources.source import ArchiveKind, Source

CT = Path(str(pydicom.data.get_testdata_file("CT_small.dcm", download=False)))
FILES = 6


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("night")
    for number in range(FILES):
        shutil.copy(CT, folder / f"{number}.dcm")
    return folder


@pytest.fixture(scope="module")
def handler() -> InstanceHandler:
    return Processing(PROFILE, KEY, pixels=False, staging=None)()


def outcomes(handler: InstanceHandler, archive: Path) -> Counter[str]:
    """How the members ended: reasons, and how many would be released."""
    counts: Counter[str] = Counter()
    for source in discover(archive):
        processed = handler(source)
        assert isinstance(processed, Processed)
        outcome = processed.outcome
        counts["released" if isinstance(outcome, Released) else outcome.reason] += 1
    return counts


def add(archive: tarfile.TarFile, name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(data), kind, "/etc/passwd"
    archive.addfile(info, io.BytesIO(data))


def test_members_with_hostile_names_and_kinds(night: Path, handler: InstanceHandler, tmp_path: Path) -> None:
    data = next(night.rglob("*.dcm")).read_bytes()
    with tarfile.open(tmp_path / "hostile.tar", "w") as archive:
        add(archive, "../../../escape.dcm", data)
        add(archive, "/etc/absolute.dcm", data)
        add(archive, "new\nline\udcff.dcm", data)
        add(archive, "same.dcm", data)
        add(archive, "same.dcm", data)
        add(archive, "link", kind=tarfile.SYMTYPE)
        add(archive, "hard", kind=tarfile.LNKTYPE)
        add(archive, "pipe", kind=tarfile.FIFOTYPE)
        add(archive, "inner.zip", b"PK\3\4")
    assert outcomes(handler, tmp_path / "hostile.tar") == {
        "released": 5, Reason.NESTED_ARCHIVE: 1, Reason.SPECIAL_FILE: 1, Reason.SYMLINK: 2,
    }  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["hostile.tar"]


def test_members_of_a_zip_that_are_links_encrypted_or_damaged(
    night: Path, handler: InstanceHandler, tmp_path: Path
) -> None:
    data = next(night.rglob("*.dcm")).read_bytes()
    with zipfile.ZipFile(tmp_path / "odd.zip", "w") as archive:
        archive.writestr("good.dcm", data)
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("secret.dcm", data)
        archive.writestr("wrong.dcm", data)
    odd = bytearray((tmp_path / "odd.zip").read_bytes())
    odd[odd.rfind(b"PK\1\2", 0, odd.rfind(b"secret.dcm")) + 8] |= 1
    odd[odd.find(b"wrong.dcm") + 5000] ^= 1
    (tmp_path / "odd.zip").write_bytes(odd)
    expected = {"released": 1, Reason.ARCHIVE_DAMAGED: 1, Reason.ARCHIVE_ENCRYPTED: 1, Reason.SYMLINK: 1}
    assert outcomes(handler, tmp_path / "odd.zip") == expected


@pytest.mark.parametrize("form", ["zip", "tar", "gztar", "bztar", "xztar"])
@pytest.mark.parametrize("share", [0.3, 0.7])
def test_an_archive_that_is_cut_short_is_not_taken_for_whole(
    form: str, share: float, night: Path, handler: InstanceHandler, tmp_path: Path
) -> None:
    made = Path(shutil.make_archive(str(tmp_path / "cut"), form, night))
    os.truncate(made, round(made.stat().st_size * share))
    counts = outcomes(handler, made)
    assert counts[Reason.ARCHIVE_DAMAGED] >= 1
    assert counts["released"] < FILES


def test_in_the_quarantine_folder_a_member_is_a_link_to_its_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")
    quarantine = Quarantine(tmp_path / "quarantine", copies=True)
    quarantine.prepare()
    quarantine.update("digest", tmp_path / "a.zip", Quarantined(Reason.TRUNCATED), may_copy=False)
    assert (tmp_path / "quarantine" / Reason.TRUNCATED / "digest").readlink() == tmp_path / "a.zip"


def test_a_block_that_is_no_header_does_not_end_a_tar_without_a_word(
    night: Path, handler: InstanceHandler, tmp_path: Path
) -> None:
    path = tmp_path / "broken.tar"
    instances = sorted(night.rglob("*.dcm"))
    with tarfile.open(path, "w") as archive:
        for instance in instances:
            archive.add(instance, instance.name)
    with tarfile.open(path) as archive:
        headers = [member.offset for member in archive.getmembers()]
    data = bytearray(path.read_bytes())
    data[headers[3] : headers[3] + 512] = b"\1" * 512
    path.write_bytes(data)
    assert outcomes(handler, path) == {"released": 3, Reason.ARCHIVE_DAMAGED: 1}
    data[:512] = b"\1" * 512
    path.write_bytes(data)
    assert outcomes(handler, path) == {Reason.ARCHIVE_DAMAGED: 1}


def peak(source: Path) -> tuple[int, list[Reason | None]]:
    tracemalloc.start()
    refusals = [found.refusal for found in discover(source)]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most, refusals


def test_what_an_archive_claims_takes_no_memory(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 8 << 30
    (tmp_path / "header.tar").write_bytes(header.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 20))
    member = tarfile.TarInfo("x")
    member.size = 5 << 30
    with (tmp_path / "member.tar").open("wb") as file:
        file.write(member.tobuf(tarfile.GNU_FORMAT))
        file.truncate((5 << 30) + 512 + 1024)
    with zipfile.ZipFile(tmp_path / "directory.zip", "w") as archive:
        archive.writestr("x", b"")
    directory = bytearray((tmp_path / "directory.zip").read_bytes())
    directory[-10:-6] = (1 << 30).to_bytes(4, "little")
    (tmp_path / "directory.zip").write_bytes(directory)
    expected = {"header.tar": Reason.ARCHIVE_DAMAGED, "member.tar": Reason.TOO_LARGE, "directory.zip": Reason.TOO_LARGE}
    for name, reason in expected.items():
        most, refusals = peak(tmp_path / name)
        assert refusals == [reason], name
        assert most < 1 << 22


def test_a_zip_bomb_costs_no_more_than_its_member(handler: InstanceHandler, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.dcm", bytes(1 << 26))
    bomb = (tmp_path / "bomb.zip").read_bytes()
    lying = bomb.replace((1 << 26).to_bytes(4, "little"), (1 << 20).to_bytes(4, "little"))
    (tmp_path / "lying.zip").write_bytes(lying)
    assert outcomes(handler, tmp_path / "bomb.zip") == {Reason.NOT_DICOM: 1}
    assert outcomes(handler, tmp_path / "lying.zip") == {Reason.ARCHIVE_DAMAGED: 1}


def test_many_members_are_listed_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "many.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for number in range(5000):
            add(archive, f"{number:06}.dcm", b"x")
            archive.members = []  # type: ignore[attr-defined]
    tracemalloc.start()
    assert sum(1 for _ in discover(path)) == 5000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1 << 20


@pytest.mark.parametrize("room", [50_000, 10])
def test_of_a_compressed_tar_a_member_is_unpacked_once_if_there_is_room(
    room: int, night: Path, handler: InstanceHandler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "night"), "gztar", night))
    monkeypatch.setattr(spool, "_MOST_BYTES", room)
    opened: list[Path] = []

    def counted(path: Path, kind: ArchiveKind) -> Stream:
        opened.append(path)
        return uncompressed(path, kind)

    monkeypatch.setattr(extracting, "uncompressed", counted)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with Spool() as held:
        for source in map(held.unpacked, discover(archive)):
            again: Source = pickle.loads(pickle.dumps(source))  # noqa: S301 - made just now
            assert again == source
            assert (source.unpacked is not None) == (room > CT.stat().st_size)
            processed = handler(again)
            assert isinstance(processed, Processed)
            assert isinstance(processed.outcome, Released)
            held.release(source)
    handler._extractor.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert bool(opened) == (room < CT.stat().st_size)


def test_what_is_unpacked_waits_within_bounds(night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "night"), "gztar", night))
    monkeypatch.setattr(spool, "_MOST_BYTES", 2 * CT.stat().st_size)
    with Spool() as held:
        sources = [held.unpacked(source) for source in discover(archive)]
        assert [source.unpacked is not None for source in sources] == [True, True, *[False] * (FILES - 2)]
        assert all(source.unpacked.read_bytes() == CT.read_bytes() for source in sources if source.unpacked)
