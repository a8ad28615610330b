from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[1] / "deid"
# Imports point down this list, or stay within a room; rooms on one level don't import each other.
LEVELS = [
    {"demo", "__main__"},
    {"cli"},
    {"batch"},
    {"splicing"},
    {"instance"},
    {"verify", "audit"},
    {"header", "pixels", "reading", "writing"},
    {"text"},
    {"identity"},
    {"profile"},
    {"attributes"},
    {"outcome", "options"},
    {"plan"},
    {"errors", "plain", "quiet", "timings", "syntaxes", "__init__"},
    {"loading"},
]


def level(room: str) -> int:
    return next(number for number, rooms in enumerate(LEVELS) if room in rooms)


def imported(module: Path) -> Iterator[list[str]]:
    """The parts of the name of each module of deid that a module imports, without `deid`."""
    for node in ast.walk(ast.parse(module.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"deid.{alias.name}" for alias in node.names] if node.module == "deid" else [node.module]
        yield from (name.split(".")[1:] for name in names if name.split(".")[0] == "deid")


def imports(module: Path) -> set[str]:
    found = {parts[0] if parts else "__init__" for parts in imported(module)}
    return {"__init__" if name.startswith("__") else name for name in found}


BUILD_COMMANDS = {"generate.py", "build_vocabulary.py"}
MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(module: Path) -> None:
    room = module.relative_to(PACKAGE).parts[0].removesuffix(".py")
    wrong = {other for other in imports(module) if other != room and level(other) <= level(room)}
    assert not wrong, f"{room} must not import {wrong}"


@pytest.mark.parametrize("room", ["batch", "pixels", "profile", "text"])
def test_parts_of_a_room_import_each_other_one_way(room: str) -> None:
    parts = {path.name for path in (PACKAGE / room).iterdir() if path.is_dir()}
    below = {
        part: {
            names[1]
            for module in (PACKAGE / room / part).rglob("*.py")
            for names in imported(module)
            if names[:1] == [room] and len(names) > 1 and names[1] in parts - {part}
        }
        for part in parts
    }
    assert any(below.values())
    TopologicalSorter(below).prepare()  # raises CycleError


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_are_of_a_size_to_read(module: Path) -> None:
    assert len(module.read_text().splitlines()) <= 400


@pytest.mark.parametrize(
    "module",
    [
        path
        for path in MODULES
        if path.relative_to(PACKAGE).parts[0] not in {"cli", "demo", "__main__.py"} and path.name not in BUILD_COMMANDS
    ],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_nothing_below_the_command_line_prints_or_exits(module: Path) -> None:
    source = module.read_text()
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    names = {function.id for function in calls if isinstance(function, ast.Name)}
    assert not names & {"print", "exit", "input"}
    assert "sys.exit" not in source


@pytest.mark.parametrize(
    ("module", "spared"),
    [
        ("deid.cli.run", ("deid.header", "deid.pixels", "deid.text", "deid.splicing")),
        ("deid.cli.run", ("distributed", "requests", "jinja2", "urllib.request")),
        ("deid.batch.processing", ("deid.pixels", "PIL.ImageDraw")),
        ("deid.batch.processing", ("pydantic", "yaml", "distributed", "requests", "onnxruntime", "spacy")),
    ],
)
def test_what_starts_for_every_run_loads_little(module: str, spared: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not set(spared) & set(loaded)


def test_a_run_over_headers_does_without_numpy_and_decoders() -> None:
    code = (
        "import sys; from deid.loading import load_pydicom_for_headers; load_pydicom_for_headers();"
        "import deid.cli.run, deid.batch.processing; print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "pydicom" in loaded
    assert not {"numpy", "PIL", "pylibjpeg"} & set(loaded)
