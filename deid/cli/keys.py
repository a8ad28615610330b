"""`deid keys`: the secret key that everything pseudonymous is derived from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deid.cli.console import console
from deid.identity.key import Key, default_key_path, write_key

app = typer.Typer(help="Make secret keys.", no_args_is_help=True)


@app.command("new")
def new_command(
    key_file: Annotated[
        Path | None, typer.Option("--key-file", "-k", metavar="FILE", help="Where to; without: your config folder.")
    ] = None,
) -> None:
    """Make a new key. The same key gives the same pseudonyms, UIDs and dates on any machine: keep it safe and secret.

    Example: [bold]deid keys new --key-file /etc/deid.key[/bold]
    """
    path = key_file or default_key_path()
    key = Key.generate()
    write_key(path, key)
    console.print(
        f"New key {key.id} in {path}, readable by you only. Back it up: it can't be made again.", soft_wrap=True
    )
