"""A report on the runs into one OUT: the sums of its audit log, and pictures of what was released."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any

from deid.audit.page import Picture, page_of
from deid.audit.reading import AuditLines
from deid.audit.report import Report, report_of
from deid.errors import InstanceError
from deid.options import AUDIT_NAME
from deid.quiet import quiet_pydicom
from deid.reading import read_instance, view_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_SIDE = 480


def report_on(path: Path, *, most_pictures: int = 0) -> Report:
    """The sums of an audit log.

    Args:
        path: The OUT folder of a run, or its audit log.
        most_pictures: How many released files may be shown.

    Raises:
        InputOutputError: There is no audit log, or it is damaged.
    """
    # `os.path`, as `Path` raises where a folder on the way may not be entered.
    log = path / AUDIT_NAME if os.path.isdir(path) else path  # noqa: PTH112
    return report_of(AuditLines.of(log), most_boxes=most_pictures)


def page_on(path: Path, report: Report) -> str:
    """The report as an HTML page; where `path` is the OUT folder, with pictures of files that have boxes."""
    pictures = tuple(_pictures(path, report.boxes)) if path.is_dir() else ()
    return page_of(report, pictures)


def _pictures(out: Path, boxes: Mapping[str, list[dict[str, Any]]]) -> Iterator[Picture]:
    # Only for a page: the command line starts without what pixels need.
    from deid.pixels.thumbnail import thumbnail

    for name, regions in boxes.items():
        frame = regions[0]["frames"][0]
        shown = [region["box"] for region in regions if region["frames"][0] <= frame <= region["frames"][1]]
        try:
            with quiet_pydicom():
                picture = thumbnail(view_of(read_instance(out / name)), _SIDE, frame=frame, boxes=map(tuple, shown))
        except InstanceError:
            continue  # moved away since, or a dry run
        if picture is not None:
            stream = io.BytesIO()
            picture.save(stream, "PNG", optimize=True)
            count = f"{len(shown)} box{'es' if len(shown) != 1 else ''}"
            yield Picture(name, f"{name.split('/')[0]}, frame {frame + 1}, {count}", stream.getvalue())
