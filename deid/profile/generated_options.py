"""The option files: each a column of Table E.1-1, with what the column leaves to other tables and modules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.profile.action_names import CLEANABLE_VRS
from deid.profile.dictionary import dictionary_vr
from deid.profile.private_tables import safe_private
from deid.profile.rule_lines import header, rule_line
from deid.profile.tags import parse_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.profile.table import Table, TableRow

RETAIN_SAFE_PRIVATE = "retain-safe-private"
_BULK_PATTERNS = frozenset({"(50xx,xxxx)", "(60xx,3000)"})
"""Curve and overlay data: there is no text in them that could be cleaned."""


@dataclass(frozen=True)
class Option:
    """One option of PS3.15, with the rules it needs beyond its column: tag and name, all of them C."""

    name: str
    title: str
    description: str
    method_code: str
    also_cleaned: tuple[tuple[str, str], ...] = ()


OPTIONS = (
    Option(
        "retain-uids",
        "Retain UIDs Option",
        "Keeps the instance's own UIDs and those it refers to. They can be looked up in the archive they come from.",
        "113110",
    ),
    Option(
        "retain-device-identity",
        "Retain Device Identity Option",
        "Keeps serial numbers, station names and other identifiers of the equipment; AE titles are cleaned.",
        "113109",
    ),
    Option(
        "retain-institution-identity",
        "Retain Institution Identity Option",
        "Keeps names, addresses and codes of the institution and its departments.",
        "113112",
    ),
    Option(
        "retain-patient-characteristics",
        "Retain Patient Characteristics Option",
        "Keeps age, sex, size, weight, ethnic group, smoking and pregnancy status; allergies and the like are cleaned.",
        "113108",
    ),
    Option(
        "retain-longitudinal-full-dates",
        "Retain Longitudinal Temporal Information Full Dates Option",
        "Keeps dates and times as they are, except those of the patient's birth.",
        "113106",
    ),
    Option(
        "retain-longitudinal-modified-dates",
        "Retain Longitudinal Temporal Information Modified Dates Option",
        "Moves all dates of a patient by the same number of days, made from the key; times of day stay.",
        "113107",
    ),
    Option(
        RETAIN_SAFE_PRIVATE,
        "Retain Safe Private Option",
        "Keeps the private attributes of PS3.15 Table E.3.10-1; texts are cleaned, UIDs replaced.",
        "113111",
    ),
    Option(
        "clean-descriptors",
        "Clean Descriptors Option",
        "Keeps descriptions and comments, and cuts from their text what identifies someone.",
        "113105",
    ),
    Option(
        "clean-structured-content",
        "Clean Structured Content Option",
        "Keeps the content of structured reports and contexts, and cuts from its texts what identifies someone.",
        "113104",
    ),
    Option(
        "clean-graphics",
        "Clean Graphics Option",
        "Keeps graphic annotations, and cuts from their texts what identifies someone; overlays and curves go.",
        "113103",
        (("(0070,0006)", "Unformatted Text Value"), ("(0070,0068)", "Graphic Layer Description")),
    ),
)


def option_yaml(option: Option, table: Table) -> str:
    """The YAML of an option."""
    rows = [row for row in table.rows if option.name in row.options]
    left_out = [row for row in rows if not honoured(row, row.options[option.name])]
    safe = safe_private() if option.name == RETAIN_SAFE_PRIVATE else None
    private = [f"{safe.source}. Edition {safe.edition}"] if safe else []
    lines = [
        *header(f"{option.title} of DICOM", f"{table.source}. Edition {table.edition}", *private),
        f"title: {option.title}",
        f"description: {option.description}",
        f'method_code: "{option.method_code}"',
        f"code_meaning: {option.title}",
        "rules:",
        *(row_line(row, row.options[option.name]) for row in rows if row not in left_out),
        *(rule_line(tag, name, "C", comment="not in the column, but text of it") for tag, name in option.also_cleaned),
    ]
    if safe:
        lines += [rule_line(one.tag, one.meaning, one.code, creator=one.creator) for one in safe.entries]
    return "\n".join([*lines, *_left_out(left_out, option)]) + "\n"


def row_line(row: TableRow, code: str, value: str = "") -> str:
    """The rule of a row of Table E.1-1."""
    name = row.name.removesuffix(" (see Note 11)")
    return rule_line(row.tag, name, code, value=value, comment="retired" if row.retired else "")


def _left_out(rows: list[TableRow], option: Option) -> Iterator[str]:
    if option.name == RETAIN_SAFE_PRIVATE:
        yield "# The table's one row, (gggg,eeee) Private Attributes: C, is what the rules above spell out."
    elif rows:
        yield "# Rows of the table's column left out, as nothing can be cleaned in them; the profile's rule holds:"
        yield from (f"#   {row.tag} {row.name}: {row.options[option.name]}" for row in rows)


def honoured(row: TableRow, code: str) -> bool:
    """Whether the engine can do `code` to the row's attribute: C needs a text, a date or a sequence."""
    pattern = parse_tag(row.tag)
    if code != "C":
        return True
    return not (pattern.all_private or row.tag in _BULK_PATTERNS) and dictionary_vr(pattern) in {*CLEANABLE_VRS, None}
