"""`profiles/tcia.yaml`: what public sharing asks for, where the Basic Profile and the options do something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.profile.generating.options import honoured
from deid.profile.generating.rule_lines import header, rule_line
from deid.profile.generating.tcia_table import read_tcia_table
from deid.profile.lookup.private_tables import KNOWLEDGE_BASE, knowledge_base
from deid.profile.lookup.tags import parse_tag
from deid.profile.reading.dictionary import dictionary_vr

if TYPE_CHECKING:
    from deid.profile.generating.table import Table, TableRow
    from deid.profile.generating.tcia_table import TciaRow

TCIA_OPTIONS = (
    "retain-longitudinal-modified-dates",
    "retain-patient-characteristics",
    "retain-device-identity",
    "retain-safe-private",
    "clean-descriptors",
    "clean-structured-content",
)
_UNLISTED = "K"
_NO_DATE_OF_A_PATIENT = frozenset({"(0008,0106)", "(0008,0107)", "(0040,DB06)", "(0040,DB07)"})
"""Versions of context groups and templates: dates of the standard."""
_REFERENCES = frozenset({"(0008,1110)", "(0008,1111)", "(0008,1140)", "(0008,1250)", "(0008,2112)", "(0054,0016)"})
"""Sequences of UIDs, measurements and codes, with rules of their own for all that is in them."""


def tcia_yaml(table: Table) -> str:
    """The YAML of the profile."""
    tcia, private = read_tcia_table(), knowledge_base()
    basic = {row.tag: row for row in table.rows}
    lines = [
        *header(
            "Public sharing as The Cancer Imaging Archive does it",
            f"{tcia.source}. Edition {tcia.edition}",
            f"{private.source}. Edition {private.edition}",
            f"{table.source}. Edition {table.edition}",
        ),
        "# Only rules that differ from what the Basic Profile and the options do.",
        "name: tcia",
        "title: Public sharing (TCIA, MIDI-B)",
        "description: >-",
        "  The Basic Profile with dates moved, descriptors cleaned, patient characteristics and device identity kept,",
        "  private attributes by TCIA's knowledge base, and missing required attributes added.",
        "extends: basic",
        f"options: [{', '.join((*TCIA_OPTIONS, 'repair'))}]",
        f"private_table: {KNOWLEDGE_BASE}",
        "subject: patient-id",
        "rules:",
    ]
    for row in tcia.rows:
        code = _code(row, basic.get(row.tag))
        if code != _code_without(basic.get(row.tag)):
            lines.append(rule_line(row.tag, row.name, code))
    return "\n".join(lines) + "\n"


def _code(row: TciaRow, basic: TableRow | None) -> str:
    """The action code for a row of TCIA's table."""
    plain, without = (basic.basic if basic is not None else _UNLISTED), _code_without(basic)
    if row.action == "basic":
        return without  # newer than TCIA's tables
    vr = dictionary_vr(parse_tag(row.tag))
    match row.action:
        case "remove":
            return plain if plain.startswith("X") else "X/Z/D"
        case "clean":
            return plain if vr == "OB" else "C"
        case "date" | "number":
            return "C"
        case "keep":
            return without if without == "C" and row.tag not in _NO_DATE_OF_A_PATIENT else "K"
        case _:
            return _replaced(row, vr)


def _replaced(row: TciaRow, vr: str | None) -> str:
    if row.action == "dummy":
        # Empty where the IOD allows it: a dummy word says nothing more.
        return "D" if vr in {"SQ", "OB"} else "Z/D"
    if row.action == "items":
        return "K" if row.tag in _REFERENCES else "C"
    return {"uid": "U", "empty": "Z"}[row.action]


def _code_without(row: TableRow | None) -> str:
    """What the Basic Profile and the options of this profile come to; of two options C wins."""
    if row is None:
        return _UNLISTED
    codes = {row.options[name] for name in TCIA_OPTIONS if name in row.options and honoured(row, row.options[name])}
    return "C" if "C" in codes else next(iter(codes), row.basic)
