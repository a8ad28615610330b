"""`deid profiles`: which profiles and options there are, and what they say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from deid.cli import profile_checks
from deid.cli.console import console
from deid.cli.parameters import Json, Options
from deid.profile import OptionInfo, ProfileInfo, list_options, list_profiles, load_profile

app = typer.Typer(help="List, show, check, explain and compare profiles and options.", no_args_is_help=True)


@app.command("list")
def list_command(as_json: Json = False) -> None:
    """List the built-in profiles, and the options that can be laid over them."""
    groups: list[tuple[str, Sequence[ProfileInfo | OptionInfo]]] = [
        ("profile", list_profiles()),
        ("option", list_options()),
    ]
    if as_json:
        named = {heading: [{"name": info.name, "title": info.title} for info in infos] for heading, infos in groups}
        print(json.dumps(named))
        return
    for heading, infos in groups:
        table = Table(show_edge=False, pad_edge=False)
        table.add_column(heading, style="bold")
        table.add_column("title")
        table.add_column("what it does", style="dim")
        for info in infos:
            table.add_row(info.name, info.title, info.description)
        console.print(table)
        console.print()


@app.command("show")
def show_command(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A built-in profile or a YAML file.")] = "basic",
    option: Options = None,
    as_json: Json = False,
) -> None:
    """Show the rules of a profile as they come out, options included.

    Example: [bold]deid profiles show basic -o retain-uids[/bold]
    """
    profile = load_profile(name, tuple(option or ()))
    rows = [(rule.id, rule.name, rule.code, rule.reason) for rule in profile.rules()]
    if as_json:
        print(json.dumps({"name": profile.name, "digest": profile.digest, "rules": [list(row) for row in rows]}))
        return
    table = Table(title=f"{profile.name}  (digest {profile.digest[:16]})", show_edge=False, pad_edge=False)
    for column in ("rule", "attribute", "action", "why"):
        table.add_column(column)
    for row in rows:
        table.add_row(*row)
    console.print(table)


app.command("lint")(profile_checks.lint_command)
app.command("explain")(profile_checks.explain_command)
app.command("diff")(profile_checks.diff_command)
app.command("schema")(profile_checks.schema_command)
