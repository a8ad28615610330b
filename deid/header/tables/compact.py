"""Makes `iod_attribute_types.json` from the reference table of PS3.3 attribute types.

    python -m deid.header.tables.compact REFERENCE.json

The reference lists for each SOP class its IOD, for each IOD its modules with their usage, and for each module the
attributes of PS3.15 Table E.1-1 that it holds, with the tags of the enclosing sequences and the type. Here the same
facts are grouped by path and written without blanks, one module a line, so that a new edition shows as a small diff.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("iod_attribute_types.json")


def compact(reference: dict[str, Any]) -> dict[str, Any]:
    """Group the reference table's rows by enclosing path; tags become eight hexadecimal digits."""
    modules: dict[str, dict[str, dict[str, str]]] = {}
    for module, attributes in sorted(reference["modules"].items()):
        paths = modules.setdefault(module, {})
        for path, tag, attribute_type in attributes:
            paths.setdefault(_hex(path), {})[_hex(tag)] = attribute_type
    return {
        "about": {
            "what": "modules (usage M, U, C) of each IOD, and the type of each attribute of PS3.15 Table E.1-1 in them",
            "source": "DICOM PS3.3 Annex A and C, as carried by highdicom 0.28.2",
            "generator": "python -m deid.header.tables.compact; do not edit",
        },
        "sop_classes": dict(sorted(reference["sop_classes"].items())),
        "iods": {iod: dict(pairs) for iod, pairs in sorted(reference["iods"].items())},
        "modules": modules,
    }


def dump(table: dict[str, Any]) -> str:
    """The table as JSON, one entry of each section a line."""
    sections = []
    for name, section in table.items():
        lines = [f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}" for key, value in section.items()]
        sections.append(f"{json.dumps(name)}:{{\n" + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def _hex(path: str) -> str:
    return path.replace("(", "").replace(")", "").replace(",", "")


def main(arguments: list[str]) -> None:
    """Write the table next to this module from the reference file named in `arguments`."""
    reference = json.loads(Path(arguments[0]).read_text("utf-8"))
    TARGET.write_text(dump(compact(reference)), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
