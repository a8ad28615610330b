"""What public sharing asks of 672 attributes, by TCIA's tables and the MIDI-B benchmark.

    python -m deid.profile.generating.tcia_table MIDIB_RULES.json

makes the data file from the comparison of TCIA's profile of 2024, CTP's TCIA script of 2013 and what MIDI-B's entries
found. Rows on attributes that deid writes itself (the marks) or that CTP fills in from its own configuration are left
out.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydicom.datadict import dictionary_description

_FILE = "tcia_public_2024.json"
_ACTIONS = {
    "remove": "remove",
    "clean": "clean",
    "keep/clean": "clean",
    "date": "date",
    "keep": "keep",
    "uid": "uid",
    "empty": "empty",
    "dummy": "dummy",
    "process": "items",
    "process items": "items",
    "keep, 0 if it is a date": "number",
}
_AS_IN_BASIC = frozenset({"X", "X/D", "D", "U", "pseudonym"})
_TAG_LENGTH = len("(0010,0020)")


@dataclass(frozen=True)
class TciaRow:
    """One attribute: tag or tag pattern, name, and what is asked for: `remove`, `clean`, `date`, `keep` and so on."""

    tag: str
    name: str
    action: str


@dataclass(frozen=True)
class TciaTable:
    """The table with its source."""

    edition: str
    source: str
    rows: tuple[TciaRow, ...]


def read_tcia_table() -> TciaTable:
    """The table that `profiles/tcia.yaml` is generated from."""
    content = json.loads(files("deid.profile").joinpath(f"tables/{_FILE}").read_text("utf-8"))
    return TciaTable(content["edition"], content["source"], tuple(TciaRow(*row) for row in content["rows"]))


def table_of(rules: list[dict[str, Any]]) -> dict[str, Any]:
    """The data file's content from the comparison's rows."""
    rows = []
    for rule in rules:
        action = "basic" if rule["midib"] in _AS_IN_BASIC else _ACTIONS.get(rule["midib"])
        tag = rule["tag"][:_TAG_LENGTH].replace("XX", "xx")
        if action is not None:
            rows.append([tag, _name(tag, rule["name"]), action])
    return {
        "edition": "2024",
        "source": "The Cancer Imaging Archive, de-identification profile of 2024 and CTP script of 2013; MIDI-B 2024",
        "generator": "python -m deid.profile.generating.tcia_table; do not edit",
        "columns": ["tag", "name", "action; basic: as the Basic Profile has it, items: by the rules of its items"],
        "rows": rows,
    }


def _name(tag: str, name: str | None) -> str:
    if name and " " in name:
        return name.removesuffix(" (see Note 11)")
    return dictionary_description(int(tag[1:5] + tag[6:10], 16))


def main(arguments: list[str]) -> None:
    """Write the data file from the comparison named in `arguments`."""
    table = table_of(json.loads(Path(arguments[0]).read_text("utf-8")))
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in table.items() if key != "rows"]
    rows = ",\n".join(json.dumps(row) for row in table["rows"])
    text = "{\n" + ",\n".join(lines) + ',\n"rows": [\n' + rows + "\n]\n}\n"
    (Path(__file__).parents[1] / "tables" / _FILE).write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
