from __future__ import annotations

import io
import json
import resource
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.audit.decisions import decision_groups
from deid.audit.log import AuditLog
from deid.audit.records import InstanceRecord, value_digests
from deid.errors import InputOutputError, Reason
from deid.identity.key import Key
from deid.outcome import Failed, Released
from deid.plan import AttributePath, Decision, Keep, Plan, Remove

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def decision(path: AttributePath, change: Keep | Remove, rule: str) -> Decision:
    return Decision(path, "LO", rule, "X", "X", change, "because")


def test_each_line_is_whole_as_soon_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    with AuditLog(path) as log:
        log.write({"type": "run", "text": "é\n"})
        assert json.loads(path.read_text()) == {"type": "run", "text": "é\n"}


def test_an_existing_log_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_text("old\n")
    with pytest.raises(InputOutputError, match="exists already"), AuditLog(path):
        pass
    assert path.read_text() == "old\n"


def test_a_full_disk_leaves_no_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    with AuditLog(path) as log:
        log.write({"number": 1})
        with at_most_bytes_a_file(40), pytest.raises(InputOutputError) as caught:
            log.write({"number": 2, "text": "x" * 100})
        log.write({"number": 3})
    assert "--audit" in caught.value.remedy
    assert [json.loads(line)["number"] for line in path.read_text().splitlines()] == [1, 3]


@contextmanager
def at_most_bytes_a_file(limit: int) -> Iterator[None]:
    """Files can't grow over `limit` bytes: a write is cut short as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


def test_the_same_attribute_of_many_items_takes_one_entry() -> None:
    paths = [AttributePath(0x00080050, ((0x00400275, item),)) for item in range(500)]
    groups = decision_groups([decision(path, Remove(), "basic (0008,0050)") for path in paths], {})
    assert len(groups) == 1
    assert groups[0]["count"] == 500
    assert groups[0]["paths"] == ["(0040,0275)[*].(0008,0050)"]


def test_every_decision_is_counted() -> None:
    decisions = [
        decision(AttributePath(0x00100010), Remove(), "basic (0010,0010)"),
        decision(AttributePath(0x00280010), Keep(), "basic unlisted"),
        decision(AttributePath(0x00280011), Keep(), "basic unlisted"),
    ]
    groups = decision_groups(decisions, {"(0010,0010)": "0011223344556677"})
    assert sum(group["count"] for group in groups) == 3
    assert groups[0]["digests"] == ["0011223344556677"]
    assert groups[1] == {
        "rule": "basic unlisted",
        "change": "kept",
        "paths": ["(0028,0010)", "(0028,0011)"],
        "count": 2,
    }


def test_attributes_of_one_ruling_stand_together_with_their_digests() -> None:
    tags = (0x00091001, 0x00100010, 0x00091002)
    decisions = [decision(AttributePath(tag), Remove(), "basic private") for tag in tags]
    (group,) = decision_groups(decisions, {"(0009,1001)": "aa", "(0009,1002)": "bb"})
    assert group["paths"] == ["(0009,1001)", "(0010,0010)", "(0009,1002)"]
    assert (group["keywords"], group["digests"]) == (["", "PatientName", ""], ["aa", "", "bb"])
    assert group["count"] == len(tags)
    (bare,) = decision_groups(decisions[:1], {})
    assert not {"keywords", "digests"} & bare.keys()


def test_a_line_holds_the_members_that_the_worker_made_in_one_object() -> None:
    key = Key(bytes(32))
    empty = InstanceRecord.of_source(b"a/b.dcm", key, {"read": 0.12345})
    plan = Plan((decision(AttributePath(0x00100010), Remove(), "basic (0010,0010)"),), pixels="no pixel data")
    planned = empty.with_plan(plan, "DEID-X", {})

    line = json.loads(planned.line(7, Released("x.dcm")))

    assert list(line) == [
        *("type", "number", "source", "outcome", "name"),
        *("subject", "pixels", "decisions", "regions", "text_lines", "seconds"),
    ]
    assert line["decisions"][0]["paths"] == ["(0010,0010)"]
    assert line["seconds"] == {"read": 0.1235}
    assert "decisions" not in json.loads(empty.line(1, Failed(Reason.WORKER_DIED)))


def test_values_in_items_and_values_that_were_looked_at_have_digests_too() -> None:
    item = Dataset()
    item.ReferencedSOPInstanceUID = "1.2.3.4"
    dataset = Dataset()
    dataset.SOPInstanceUID = "1.2.3"
    dataset.ReferencedImageSequence = Sequence([item, item])
    stream = io.BytesIO()
    dcmwrite(stream, dataset, implicit_vr=False, little_endian=True)
    read = dcmread(stream, force=True)
    assert read.SOPInstanceUID == "1.2.3"  # converted from here on

    inside = [AttributePath(0x00081155, ((0x00081140, index),)) for index in range(2)]
    paths = [AttributePath(0x00080018), *inside]
    digests = value_digests(read, [decision(path, Remove(), "a rule") for path in paths], Key(bytes(32)))

    assert list(digests) == ["(0008,0018)", "(0008,1140)[*].(0008,1155)"]
    assert digests["(0008,0018)"] == Key(bytes(32)).digest("audit-value", b"1.2.3\0")
