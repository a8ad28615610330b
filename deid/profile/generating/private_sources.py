"""Makes the tables of private elements from their sources.

    python -m deid.profile.generating.private_sources KNOWLEDGE_BASE.csv SAFE_PRIVATE.json

`KNOWLEDGE_BASE.csv` is TCIA's Private Tag Knowledge Base: a pattern such as `(0009,"GEMS_PETD_01",05)`, its name, the
VR it was seen with, and a disposition. An element has a row for each VR, each spelling of its creator and each sequence
it was seen in; here it has one disposition and one VR, chosen so:

* Rows at the top level count before rows within sequences, rows of a known VR before those of VR UN.
* Of several dispositions that are left, a date's comes first, then a UID's, then k: what TCIA found safe in one
  spelling of the creator is so in the other.
* Of several VRs the one that says most: a UID before a text, a text before a number, a number before bytes; for a
  Unix time a number first. What is kept and was only ever seen as UN counts as bytes, which are searched.

Left out are patterns without a creator (or with a placeholder for one), which no file's private block can be matched
with, and patterns of public attributes inside private sequences, to which the profile's own rules apply.

`SAFE_PRIVATE.json` is Table E.3.10-1 of PS3.15 as a list of rows.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from deid.profile.lookup.tags import normalised_creator

KNOWLEDGE_BASE = "tcia_private_2024-02-01.json"
SAFE_PRIVATE = "safe_private_e3_10_1_2026d.json"
_TABLES = Path(__file__).parents[1] / "tables"
_PATTERN = re.compile(r'(.*)\(([0-9a-f]{4}),"*([^"]*?)"*,([0-9a-f]{2})\)', re.IGNORECASE)
_PLACEHOLDER = "UNNAMEDPRIVATEBLOCK"
_VR_ORDER = (
    *("SQ", "UI", "DT", "DA", "TM", "PN", "LT", "ST", "UT", "LO", "SH", "CS", "AE", "AS"),
    *("FD", "FL", "DS", "IS", "SL", "UL", "SS", "US", "AT", "OF", "OD", "OL", "OW", "OB"),
)
_BYTES = "OB"
_DISPOSITIONS = ("oi", "o", "h", "k", "d")
_Row = tuple[str, str, str]


def knowledge_base(path: Path) -> dict[str, Any]:
    """The knowledge base by group and creator: for each element its disposition and VR."""
    rows: dict[tuple[str, str], dict[str, list[_Row]]] = defaultdict(lambda: defaultdict(list))
    spellings: dict[tuple[str, str], str] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for pattern, _, vr, disposition in list(csv.reader(stream))[1:]:
            match = _PATTERN.fullmatch(pattern)
            creator = normalised_creator(match[3]) if match else ""
            if match is None or not creator or creator.startswith(_PLACEHOLDER):
                continue
            block = (match[2].upper(), creator)
            spellings.setdefault(block, match[3].strip())
            rows[block][match[4].upper()].append((match[1], vr, _disposition(disposition)))
    blocks = {
        f"{group} {spellings[group, creator]}": " ".join(
            ":".join(filter(None, (element, *_chosen(seen)))) for element, seen in sorted(elements.items())
        )
        for (group, creator), elements in sorted(rows.items())
    }
    return {
        "edition": "2024-02-01",
        "source": "The Cancer Imaging Archive, Private Tag Knowledge Base, 2024-02-01",
        "generator": "python -m deid.profile.generating.private_sources; do not edit",
        "what": "by group and creator: element:disposition:VR; k keep, d remove, h new UID, o shift date, oi Unix time",
        "blocks": blocks,
    }


def safe_private(path: Path) -> dict[str, Any]:
    """Table E.3.10-1 by group and creator: for each element its VR and meaning."""
    rows = [
        [row["private_creator"], f"({row['group']},xx{row['element']})", _first(row["vr"]), row["meaning"]]
        for row in json.loads(path.read_text("utf-8"))
    ]
    return {
        "edition": "2026d",
        "source": "DICOM PS3.15 2026d, Table E.3.10-1 Safe Private Attributes",
        "generator": "python -m deid.profile.generating.private_sources; do not edit",
        "columns": ["private creator", "tag", "VR", "meaning"],
        "rows": rows,
    }


def dump(table: dict[str, Any]) -> str:
    """The table as JSON, one block or row a line."""
    lines = []
    for name, section in table.items():
        if name == "blocks":
            inner = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in section.items())
            lines.append(f'"blocks": {{\n{inner}\n}}')
        elif name == "rows":
            lines.append('"rows": [\n' + ",\n".join(json.dumps(row) for row in section) + "\n]")
        else:
            lines.append(f"{json.dumps(name)}: {json.dumps(section)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _disposition(text: str) -> str:
    """`na` and an empty disposition mean that nobody vouched for it."""
    disposition = text.strip().lower()
    return disposition if disposition in _DISPOSITIONS else "d"


def _chosen(seen: list[_Row]) -> tuple[str, str]:
    rows = [row for row in seen if not row[0]] or seen
    rows = [row for row in rows if row[1] in _VR_ORDER] or rows
    dispositions = {row[2] for row in rows}
    vrs = {row[1] for row in seen}
    chosen = next(one for one in _DISPOSITIONS if one in dispositions)
    order = _VR_ORDER if chosen != "oi" else ("SL", "FD", *_VR_ORDER)
    return chosen, next((vr for vr in order if vr in vrs), _BYTES if chosen == "k" else "")


def _first(vr: str) -> str:
    """`OW/OB` is handled as its first; a row without a VR leaves it open."""
    return vr.split("/", maxsplit=1)[0]


def main(arguments: list[str]) -> None:
    """Write both tables from the files named in `arguments`."""
    (_TABLES / KNOWLEDGE_BASE).write_text(dump(knowledge_base(Path(arguments[0]))), "utf-8")
    (_TABLES / SAFE_PRIVATE).write_text(dump(safe_private(Path(arguments[1]))), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
