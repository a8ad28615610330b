"""`deid vault`: what an encrypted re-identification map holds, for those who may know."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from deid.cli.console import console, error_console, shown
from deid.cli.parameters import Json, KeyFile
from deid.cli.vault_export import export
from deid.errors import ExitCode, InputOutputError, UsageError
from deid.identity.key import default_key_path, load_key
from deid.identity.mapping import InstanceMapping, Kind, Pair
from deid.identity.vault import VaultReader, lock_of
from deid.identity.vault_format import Lock
from deid.identity.vault_secret import Passphrase, VaultSecret, load_passphrase

app = typer.Typer(help="Read the re-identification map that `deid run --vault FILE` writes.", no_args_is_help=True)

VaultFile = Annotated[Path, typer.Argument(metavar="FILE", help="The vault.")]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", metavar="FILE", help="The passphrase, for a vault locked with one; without: asked for."
    ),
]


@app.command("export")
def export_command(
    vault: VaultFile,
    csv: Annotated[Path, typer.Option("--csv", metavar="DIR", help="The folder for the CSV files; made if missing.")],
    key_file: KeyFile = None,
    passphrase_file: PassphraseFile = None,
    salvage: Annotated[
        bool, typer.Option("--salvage", help="Of a damaged vault, export what stands before the damage.")
    ] = False,
) -> None:
    """Write the map in clear: uid_mapping.csv, patid_mapping.csv, accession_mapping.csv, date_offsets.csv.

    The files identify patients. Only you can read them; delete them when they have served.

    Example: [bold]deid vault export map.vault --csv map/ --key-file /etc/deid.key[/bold]
    """
    reader = VaultReader(vault, _secret(vault, key_file, passphrase_file))
    counts, damage = export(reader, csv, salvage=salvage)
    _tell_torn(reader, vault)
    for name, count in counts.items():
        console.print(f"{count:>9} {csv / name}", soft_wrap=True)
    if damage is not None:
        error_console.print(f"deid: {damage.message}; the export holds what stands before", soft_wrap=True)
        raise typer.Exit(ExitCode.INCOMPLETE)


@app.command("lookup")
def lookup_command(
    vault: VaultFile,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="A patient ID, UID or accession number, old or new.")],
    key_file: KeyFile = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Find what a value became, or what it was. The answer identifies a patient: it goes to your screen only.

    Example: [bold]deid vault lookup map.vault DEID-7Q2K9XM4TBNC[/bold]
    """
    reader = VaultReader(vault, _secret(vault, key_file, passphrase_file))
    wanted = value.strip()
    # A dict, because a pair can be in the vault more than once.
    found = {
        (pair, mapping.subject, mapping.date_offset_days): None
        for mapping in reader
        for pair in mapping.pairs
        if _is_meant(pair, mapping, wanted)
    }
    _tell_torn(reader, vault)
    rows = [(pair.kind.value, pair.old, pair.new, subject, offset) for pair, subject, offset in found]
    if as_json:
        names = ("kind", "old", "new", "subject", "date_offset_days")
        print(json.dumps([dict(zip(names, row, strict=True)) for row in rows]))
    elif rows:
        _show(rows)
    if not rows:
        raise InputOutputError(
            "the value is not in the vault, neither as an original nor as a new one",
            remedy="give it as it stands in the file, whole; was the vault given to the run that released it?",
        )


def _secret(path: Path, key_file: Path | None, passphrase_file: Path | None) -> VaultSecret:
    """What the vault asks for; a passphrase can be typed."""
    if passphrase_file is not None:
        return load_passphrase(passphrase_file)
    if lock_of(path) is Lock.KEY:
        return load_key(key_file or default_key_path())
    if not sys.stdin.isatty():
        raise UsageError(f"{path} is locked with a passphrase", remedy="give --passphrase-file FILE")
    return Passphrase(typer.prompt("Passphrase", hide_input=True, err=True).encode())


def _is_meant(pair: Pair, mapping: InstanceMapping, value: str) -> bool:
    return value in (pair.old, pair.new) or (pair.kind is Kind.PATIENT and value == mapping.subject)


def _show(rows: list[tuple[str, str, str, str, int]]) -> None:
    table = Table(show_edge=False, pad_edge=False)
    for column in ("what", "original", "new", "patient", "date offset"):
        table.add_column(column, overflow="fold")
    for kind, old, new, subject, offset in rows:
        table.add_row(kind, Text(shown(old) or "(none)"), Text(shown(new) or "(taken away)"), subject, f"{offset} days")
    console.print(table)


def _tell_torn(reader: VaultReader, path: Path) -> None:
    if reader.dropped:
        error_console.print(
            f"deid: the last {reader.dropped} bytes of {path} are no whole record and were left out: "
            "a run was killed there, or is writing now",
            soft_wrap=True,
        )
