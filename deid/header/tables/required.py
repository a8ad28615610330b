"""Makes `iod_required.json`: the attributes that an instance must carry, even if empty.

    python -m deid.header.tables.required FOLDER

`FOLDER` holds highdicom's `iod_module_map.json` and `module_attribute_map.json`, which carry the module tables of
PS3.3. For each mandatory module of an IOD the table lists its top-level attributes of type 2, and of type 1 and 1C
those that are type 2 in another module or that `deid.header.repair` can derive.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from deid.attributes.keywords import tag_of

TARGET = Path(__file__).with_name("iod_required.json")
DERIVED = frozenset({"PresentationLUTShape", "PresentationIntentType"})
_TYPES = ("1", "1C", "2")
_OF_NUMERIC_ITEMS = frozenset({"MeasuredValueSequence"})
"""Type 2 in the macro of content items of Value Type NUM; the root of a document is a CONTAINER (PS3.3 C.17.3)."""


def required(iods: dict[str, Any], modules: dict[str, Any]) -> dict[str, Any]:
    """The table's content from highdicom's two maps."""
    mandatory = sorted({entry["key"] for entries in iods.values() for entry in entries if entry["usage"] == "M"})
    top_level = {
        name: {
            row["keyword"]: row["type"]
            for row in modules.get(name, [])
            if not row["path"] and row["type"] in _TYPES and row["keyword"] not in _OF_NUMERIC_ITEMS
        }
        for name in mandatory
    }
    wanted = DERIVED | {keyword for types in top_level.values() for keyword, kind in types.items() if kind == "2"}
    return {
        "about": {
            "what": "top-level attributes of type 2 by module, and where these or derivable ones are of type 1 or 1C",
            "source": "DICOM PS3.3 Annex A and C, as carried by highdicom 0.28.2",
            "generator": "python -m deid.header.tables.required; do not edit",
        },
        "modules": {
            name: " ".join(sorted(f"{_tag(keyword)}:{kind}" for keyword, kind in types.items() if keyword in wanted))
            for name, types in top_level.items()
            if wanted & types.keys()
        },
    }


def dump(table: dict[str, Any]) -> str:
    """The table as JSON, one module a line."""
    modules = ",\n".join(f"{json.dumps(name)}: {json.dumps(types)}" for name, types in table["modules"].items())
    return f'{{\n"about": {json.dumps(table["about"])},\n"modules": {{\n{modules}\n}}\n}}\n'


def _tag(keyword: str) -> str:
    return f"{tag_of(keyword):08X}"


def main(arguments: list[str]) -> None:
    """Write the table next to this module from the folder named in `arguments`."""
    names = ("iod_module_map.json", "module_attribute_map.json")
    iods, modules = (json.loads((Path(arguments[0]) / name).read_text("utf-8")) for name in names)
    TARGET.write_text(dump(required(iods, modules)), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
