"""Parameters that several subcommands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deid.options import GIB, RunOptions

if TYPE_CHECKING:
    from collections.abc import Sequence


def _complete_profile() -> list[str]:
    # What reads profiles takes a moment to load: a run does so while its workers start.
    from deid.profile import list_profiles

    return [info.name for info in list_profiles()]


def _complete_option() -> list[str]:
    from deid.profile import list_options

    return [info.name for info in list_options()]


Profile = Annotated[
    str,
    typer.Option(
        "--profile",
        "-p",
        metavar="NAME|FILE",
        help="A built-in profile or a YAML file.",
        autocompletion=_complete_profile,
    ),
]
Options = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        "-o",
        metavar="NAME",
        help="An option to lay over the profile; repeatable. `deid profiles list` names them.",
        autocompletion=_complete_option,
    ),
]
Devices = Annotated[
    list[str] | None,
    typer.Option(
        "--devices",
        metavar="FILE|NAME",
        help="Known devices, whose overlays stand in known places, besides those of the profile; repeatable.",
    ),
]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key-file",
        "-k",
        envvar="DEID_KEY_FILE",
        metavar="FILE",
        readable=False,  # that it can't be read is an error of its own
        help="The secret key. Without: the key in your config folder, made at the first run.",
    ),
]
NoPixels = Annotated[bool, typer.Option("--no-pixels", help="Header only. Burned-in text stays, and the files say so.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]
TimeLimit = Annotated[
    float, typer.Option("--time-limit", metavar="SECONDS", min=1.0, help="The time one instance may take.")
]


def options_of(
    source: Path,
    target: Path,
    profile: str,
    option: Sequence[str] | None,
    devices: Sequence[str] | None,
    key_file: Path | None,
    audit: Path | None,
    workers: int,
    time_limit: float,
    memory_limit: float,
) -> RunOptions:
    """The options of a run as the library takes them, from the parameters that `run` and `verify` share."""
    return RunOptions(
        source=source,
        target=target,
        profile=profile,
        options=tuple(option or ()),
        devices=tuple(devices or ()),
        key_file=key_file,
        audit=audit,
        workers=workers,
        time_limit=time_limit,
        memory_limit=round(memory_limit * GIB),
    )
