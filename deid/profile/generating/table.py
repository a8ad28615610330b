"""PS3.15 Table E.1-1 as the project's own data file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = "tables/table_e1_1_2026d.json"
NEEDED = {"(0018,1078)": "X/D", "(0070,0082)": "X/D", "(0070,0083)": "X/D"}
"""Rows that say X though the attribute is of type 1 in some IODs (PS3.3 C.8.22.4, C.11.10), where viewers don't read
an instance without it: presentation states. There a dummy takes its place, as in rows that offer one."""


@dataclass(frozen=True)
class TableRow:
    """One row: tag or tag pattern as the table writes it, the Basic Profile's code, and each option's code."""

    tag: str
    name: str
    retired: bool
    basic: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """The table of one edition of PS3.15."""

    edition: str
    source: str
    rows: tuple[TableRow, ...]


def read_table() -> Table:
    """The table that the built-in profiles are generated from, by tag."""
    content = json.loads(files("deid.profile").joinpath(_FILE).read_text("utf-8"))
    rows = (
        TableRow(tag, name, bool(retired), basic, options) for tag, name, retired, basic, options in content["rows"]
    )
    return Table(content["edition"], content["source"], tuple(rows))
