"""The sums of an audit log: each source once, nothing of it taken for markup, damage told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from deid.audit.page import Picture, page_of
from deid.audit.reading import AuditLines
from deid.audit.report import Report, report_of
from deid.cli.report import report_command
from deid.errors import InputOutputError, Reason

if TYPE_CHECKING:
    from pathlib import Path

RUN = {
    "type": "run",
    "format": "deid-audit/2",
    "deid": "0",
    "started": "2026-11-29T01:00:00+00:00",
    "profile": {"name": "basic", "digest": "00"},
    "pixels": {"mode": "phi"},
    "options": [],
    "key": "k",
    "parameters": {"pixels": True},
    "models": {},
    "python": "3",
    "packages": {},
}
END = {"type": "summary", "ended": "2026-11-29T02:00:00+00:00", "complete": True}


def released(source: str, **more: Any) -> dict[str, Any]:
    decisions = [
        {"rule": "b", "change": "emptied", "reason": "E.1-1", "paths": ["(0010,0010)"], "keywords": ["PatientName"]},
        {"rule": "kept", "change": "kept", "paths": ["(0008,0060)"], "count": 1},
    ]
    first = {"type": "instance", "number": 1, "source": source, "outcome": "released", "name": f"{source}.dcm"}
    rest = {"subject": "A", "pixels": "checked 1 frame", "decisions": decisions, "regions": []}
    return {**first, **rest, "text_lines": {"hidden": 0, "kept": 2}, "seconds": {"read": 0.5, "total": 1.0}, **more}


def quarantined(source: str, reason: str = Reason.TEXT_LEFT.value) -> dict[str, Any]:
    first = {"type": "instance", "number": 1, "source": source, "outcome": "quarantined"}
    return {**first, "reason": reason, "meaning": "text was left", "detail": "", "seconds": {}}


def summed(path: Path, *lines: dict[str, Any]) -> Report:
    path.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
    return report_of(AuditLines.of(path), most_boxes=5)


def test_what_was_done_again_counts_as_it_ended_last(tmp_path: Path) -> None:
    report = summed(tmp_path / "log", RUN, quarantined("aa"), quarantined("bb"), END, RUN, released("aa"), END)
    assert report.outcomes == {"released": 1, "quarantined": 1}
    assert report.not_released["text-left"].sources == ["bb"]
    assert report.complete


def test_names_that_come_again_each_night_count_once_for_each_instance(tmp_path: Path) -> None:
    nights = [released("aa", name=f"{name}.dcm", subject=name, number=number) for number, name in enumerate("ABBC")]
    report = summed(
        tmp_path / "log", RUN, nights[0], END, RUN, nights[1], END, RUN, nights[2], END, RUN, nights[3], END
    )
    assert report.outcomes == {"released": 3}
    assert report.subjects == {"A", "B", "C"}
    assert summed(tmp_path / "log", RUN, nights[0], END, RUN, quarantined("aa"), END).outcomes == {
        "released": 1,
        "quarantined": 1,
    }


def test_sums_tell_of_attributes_text_and_time(tmp_path: Path) -> None:
    box = {"box": [0, 0, 4, 4], "frames": [0, 0], "reasons": ["known patient name"]}
    hidden = released("bb", regions=[box, box], text_lines={"hidden": 2, "kept": 1}, subject="B")
    report = summed(tmp_path / "log", RUN, released("aa"), hidden)
    ((fate, count),) = report.attributes.items()
    assert (fate.keyword, fate.change, count) == ("PatientName", "emptied", 2)
    assert report.kept == {"kept": 2}
    assert (report.regions, report.redacted, report.lines_hidden, report.lines_kept) == (2, 1, 2, 3)
    assert report.hidden == {"known patient name": 2}
    assert list(report.boxes) == ["bb.dcm"]
    assert report.steps() == [("read", 1.0)]
    assert report.subjects == {"A", "B"}
    assert not report.complete


def test_a_reason_of_a_newer_version_is_shown_all_the_same(tmp_path: Path) -> None:
    report = summed(tmp_path / "log", RUN, quarantined("aa", "of-tomorrow"))
    assert "another version" in report.not_released["of-tomorrow"].remedy


def test_nothing_in_a_log_is_markup(tmp_path: Path) -> None:
    report = summed(tmp_path / "log", RUN, released("aa", pixels="<script>alert(1)</script>"), END)
    page = page_of(report, [Picture('"><b>', "<i>x</i>", b"png")])
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<i>" not in page
    assert "http" not in page  # nothing is fetched


@pytest.mark.parametrize("content", [b"", b'{"type":"other"}\n', b"\xff\xfe"])
def test_what_is_no_log_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "log").write_bytes(content)
    with pytest.raises(InputOutputError, match="no audit log"):
        AuditLines.of(tmp_path / "log")


def test_runs_and_names_are_read_without_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "log"
    named = released("bb", name='b"b\\é.dcm')
    summed(path, RUN, released("aa"), named, released("cc"), quarantined("dd"), END, RUN, quarantined("cc"))
    lines = AuditLines.of(path)
    assert list(lines.released()) == ["aa.dcm", 'b"b\\é.dcm']
    assert list(lines.runs()) == [RUN, RUN]


def test_a_torn_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "log"
    summed(path, RUN, released("aa"))
    with path.open("ab") as log:
        log.write(b'{"type":"instance","number":2,"source":"bb","outco')
    with pytest.raises(InputOutputError, match="damaged in line 3"):
        report_of(AuditLines.of(path))
    with pytest.raises(InputOutputError, match="damaged in line 3"):
        list(AuditLines.of(path).released())


def test_a_page_takes_the_place_of_an_older_one_and_of_nothing_else(tmp_path: Path) -> None:
    log, page, image = tmp_path / "log.jsonl", tmp_path / "report.html", tmp_path / "image.dcm"
    summed(log, RUN, released("aa"), END)
    image.write_bytes(b"an image")
    for _ in range(2):
        report_command(log, page)
    assert page.read_text("utf-8").startswith("<!doctype html>")
    with pytest.raises(InputOutputError, match="is no page"):
        report_command(log, image)
    assert image.read_bytes() == b"an image"
