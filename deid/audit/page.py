"""The report as one HTML page that needs nothing else: no script, no font, no picture from anywhere."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from deid.outcome import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.audit.report import Report


@dataclass(frozen=True, slots=True)
class Picture:
    """A released image to look at."""

    name: str
    """The file below OUT."""
    caption: str
    png: bytes = field(repr=False)

    @property
    def address(self) -> str:
        """The picture as a `data:` address."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


def page_of(report: Report, pictures: Sequence[Picture] = ()) -> str:
    """The page.

    Args:
        report: The sums of an audit log.
        pictures: Released images with the places of their boxes.
    """
    # Whatever a log holds, a value in it is text and never markup.
    environment = Environment(
        loader=PackageLoader("deid.audit"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    slowest = max((seconds for _, seconds in report.steps()), default=0.0) or 1.0
    return environment.get_template("report.html").render(
        report=report,
        outcomes=OUTCOMES,
        pictures=pictures,
        attributes=sorted(report.attributes.items()),
        steps=[(step, seconds, 100 * seconds / slowest) for step, seconds in report.steps()],
    )
