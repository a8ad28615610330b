"""`deid locate`: from the digest in an audit log back to the file in IN, for those who hold the key."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from deid.audit.records import source_digest
from deid.batch.sources.discovery import discover
from deid.cli.console import shown
from deid.cli.parameters import KeyFile
from deid.errors import InputOutputError
from deid.identity.key import default_key_path, load_key


def locate_command(
    source: Annotated[Path, typer.Argument(metavar="IN", exists=True, help="The input folder of the run.")],
    digest: Annotated[list[str], typer.Argument(metavar="DIGEST...", help="`source` digests out of the audit log.")],
    key_file: KeyFile = None,
) -> None:
    """Print the input paths that audit digests stand for. The paths may name patients: they go to your screen only.

    Example: [bold]deid locate in/ 3f2a9c0d11e0b7aa --key-file my.key[/bold]
    """
    key = load_key(key_file or default_key_path())
    wanted = set(digest)
    for found in discover(source):
        seen = source_digest(found.relative_bytes, key)
        if seen in wanted:
            _print(str(found.path) if found.member is None else f"{found.path}: {found.relative}")
            wanted.discard(seen)
    if wanted:
        raise InputOutputError(
            f"{len(wanted)} of {len(set(digest))} digests not found",
            remedy="give the IN and the key file of the run that wrote the log; `source` digests are meant, no others",
        )


def _print(path: str) -> None:
    """For programs as it is, byte for byte: a path may hold what is no text, or would steer a terminal."""
    if sys.stdout.isatty():
        typer.echo(shown(path))
    else:
        sys.stdout.buffer.write(os.fsencode(path) + b"\n")
