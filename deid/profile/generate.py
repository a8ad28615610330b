"""Generates the built-in profiles from the tables they follow: `python -m deid.profile.generate [--check]`.

With `--check` nothing is written; the exit code is 1 if a committed file is not what would be generated.
"""

from __future__ import annotations

import difflib
import sys
from itertools import filterfalse
from pathlib import Path
from typing import TYPE_CHECKING

import deid
from deid.profile.builtin import profile_paths
from deid.profile.generating.options import OPTIONS, option_yaml, repair_yaml, row_line
from deid.profile.generating.rule_lines import COMMAND, header
from deid.profile.generating.table import NEEDED, Table, read_table
from deid.profile.generating.tcia import tcia_yaml
from deid.profile.reading.loader import compiled
from deid.profile.stored import store, stored_path, stored_profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.profile.lookup.model import Profile

_VALUES = {"(0010,0010)": "{pseudonym}", "(0010,0020)": "{pseudonym}"}
_MAX_DIFF_LINES = 20


def generated_files() -> dict[str, str]:
    """The built-in YAML files: path under `profiles/`, content."""
    table = read_table()
    files = {"basic.yaml": _basic(table), "tcia.yaml": tcia_yaml(table), "options/repair.yaml": repair_yaml()}
    return files | {f"options/{one.name}.yaml": option_yaml(one, table) for one in OPTIONS}


def _basic(table: Table) -> str:
    lines = [
        *header(
            "The Basic Application Level Confidentiality Profile of DICOM", f"{table.source}. Edition {table.edition}"
        ),
        "name: basic",
        "title: Basic Profile (Table E.1-1)",
        "# Three rows say X/D where the table has X: presentation states and enhanced PET must have these dates.",
        "description: PS3.15 Table E.1-1 as it stands; attributes that it does not list stay, private ones go.",
        'method_code: "113100"',
        "code_meaning: Basic Application Confidentiality Profile",
        "unlisted: keep",
        "pixels: {mode: phi}",
        "devices: [reports, ultrasound]",
        "rules:",
        *(row_line(row, NEEDED.get(row.tag, row.basic), _VALUES.get(row.tag, "")) for row in table.rows),
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with `--check` compare; return 0, 1 for a difference, 2 for a wrong call."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write(f"usage: {COMMAND} [--check]\n")
        return 2
    checkout = Path(deid.__file__).resolve().parent.parent
    if not (checkout / "pyproject.toml").is_file():
        sys.stderr.write(f"{COMMAND} needs a source checkout\n")
        return 2
    folder = checkout / "profiles"
    if arguments:
        return check(folder)
    for name, content in generated_files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    # What holds the same stays: its bytes differ from time to time, as sets have no order.
    for name in filterfalse(is_up_to_date, profile_paths()):
        stored_path(folder, name).parent.mkdir(exist_ok=True)
        stored_path(folder, name).write_bytes(store(compiled(name), folder))
    return 0


def check(folder: Path) -> int:
    """1 if a file in `folder` is missing, left over or differs from what is generated, else 0; says where on stderr."""
    wanted = generated_files()
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml") if path.parent.name != "devices"}
    stale = [name for name in sorted(wanted.keys() | present) if not _same(folder / name, wanted.get(name))]
    for name in stale:
        sys.stderr.write(f"profiles/{name} is not what `{COMMAND}` generates:\n")
        path = folder / name
        committed = path.read_text("utf-8").splitlines() if path.is_file() else []
        difference = difflib.unified_diff(
            committed, wanted.get(name, "").splitlines(), "committed", "generated", lineterm=""
        )
        for line in list(difference)[:_MAX_DIFF_LINES]:
            sys.stderr.write(f"  {line}\n")
    for name in filterfalse(is_up_to_date, profile_paths()):
        sys.stderr.write(f"{stored_path(folder, name)} is not what `{COMMAND}` compiles\n")
        stale.append(name)
    return 1 if stale else 0


def is_up_to_date(name: str) -> bool:
    """Whether the built-in profile of that name is stored as it is compiled today."""
    stored, wanted = stored_profile(name), compiled(name)
    return stored is not None and stored == wanted and _told(stored) == _told(wanted)


def _told(profile: Profile) -> list[object]:
    """What in comparing profiles does not count: where each rule is written."""
    return [(rule.id, rule.layer, rule.origin, rule.line) for rule in profile.rules()]


def _same(path: Path, content: str | None) -> bool:
    return content is not None and path.is_file() and path.read_text("utf-8") == content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
