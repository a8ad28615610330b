"""What the published tables ask of each attribute: TCIA's, else PS3.15's, and TCIA's private-tag knowledge base.

The tables are read here again, not through the profiles: the answer key must not share the engine's reading of them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import deid.profile
from tests.bench.answer_key.checks import creator_of, is_creator

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_TABLES = Path(deid.profile.__file__).parent / "tables"
_BASIC = {"X": "remove", "Z": "empty", "D": "dummy", "U": "uid", "C": "clean", "K": "keep"}
VERSIONS = frozenset({0x00080106, 0x00080107, 0x0040DB06, 0x0040DB07})
"""Versions of context groups and templates: dates of the standard, not of a patient."""
_DISPOSITIONS = {"k": "keep", "h": "uid", "o": "date", "oi": "unix"}
_OPTIONS_OF_TCIA = (
    "retain-patient-characteristics",
    "retain-device-identity",
    "clean-descriptors",
    "clean-structured-content",
)


def action_of(dataset: Dataset, tag: int) -> str:
    """keep, clean, remove, empty, dummy, uid, date, unix, number or items; for private attributes too."""
    group = tag >> 16
    if not group & 1:
        return _public(tag)
    if is_creator(tag):
        return "keep"
    creator = creator_of(dataset, tag)
    disposition, _ = private_row(group, creator or "", tag & 0xFF)
    return _DISPOSITIONS.get(disposition, "remove")


def _public(tag: int) -> str:
    group, number = f"{tag >> 16:04X}", f"{tag & 0xFFFF:04X}"
    rows = public_rows()
    for name in (f"({group},{number})", f"({group[:2]}xx,{number})", f"({group[:2]}xx,xxxx)"):
        if name in rows:
            return rows[name]
    return "keep"


@cache
def public_rows() -> dict[str, str]:
    """Action by tag."""
    rows = {row[0]: _BASIC[_code(row)[0]] for row in _json("table_e1_1_2026d.json")["rows"]}
    tcia = _json("tcia_public_2024.json")["rows"]
    return rows | {tag: action for tag, _, action in tcia if action != "basic"}


def _code(row: list[Any]) -> str:
    return next((row[4][option] for option in _OPTIONS_OF_TCIA if option in row[4]), str(row[3]))


def private_row(group: int, creator: str, low: int) -> tuple[str, str]:
    """Disposition and VR by the knowledge base; empty where it knows nothing."""
    return private_blocks().get((group, _normal(creator)), {}).get(low, ("", ""))


@cache
def private_blocks() -> dict[tuple[int, str], dict[int, tuple[str, str]]]:
    """Rows by group and normalised creator."""
    blocks: dict[tuple[int, str], dict[int, tuple[str, str]]] = {}
    for group, creator, text in creators():
        rows = blocks.setdefault((group, _normal(creator)), {})
        for row in text.split():
            low, disposition, *vr = row.split(":")
            rows[int(low, 16)] = (disposition, "".join(vr))
    return blocks


@cache
def creators() -> tuple[tuple[int, str, str], ...]:
    """Group, creator as it is spelt, rows."""
    blocks = _json("tcia_private_2024-02-01.json")["blocks"]
    return tuple((int(name[:4], 16), name[5:], rows) for name, rows in blocks.items())


def _normal(creator: str) -> str:
    return "".join(creator.split()).casefold()


def _json(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_TABLES / name).read_text(encoding="utf-8"))
    return content
