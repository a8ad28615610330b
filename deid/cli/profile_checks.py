"""`deid profiles lint`, `explain`, `diff` and `schema`: for those who write profiles."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from deid.cli.console import console
from deid.cli.parameters import Json, Options, Profile
from deid.errors import ExitCode, InputOutputError, InstanceError
from deid.profile import Profile as CompiledProfile
from deid.profile import load_profile
from deid.profile.diff import diff, does
from deid.profile.explain import Explanation, Verdict, attribute_pattern, explain, explain_in
from deid.profile.lint import Problem, Severity, lint
from deid.profile.lookup.tags import TagPattern
from deid.profile.reading.schema import json_schema
from deid.quiet import quiet_pydicom
from deid.reading import read_instance

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def lint_command(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Profiles of your own, as YAML files.")],
    option: Options = None,
    as_json: Json = False,
) -> None:
    """Check profile files: errors, rules that can never match, rules that change nothing.

    Exit code 5 if a file has an error, else 0: warnings and notes are for you to judge.

    Example: [bold]deid profiles lint mine.yaml[/bold]
    """
    problems = [problem for file in files for problem in lint(file, tuple(option or ()))]
    if as_json:
        print(json.dumps([dataclasses.asdict(problem) for problem in problems]))
    else:
        _print_problems(problems, len(files))
    failed = any(problem.severity is Severity.ERROR for problem in problems)
    raise typer.Exit(ExitCode.PROFILE if failed else ExitCode.OK)


def _print_problems(problems: list[Problem], files: int) -> None:
    for problem in problems:
        console.print(Text(f"{problem.severity}: {problem.message}", _STYLES[problem.severity]), soft_wrap=True)
        console.print(Text(f"  → {problem.remedy}"), soft_wrap=True)
    if not problems:
        console.print(f"{files} file{'s' if files != 1 else ''}, nothing to say")


def explain_command(
    attribute: Annotated[str, typer.Argument(metavar="TAG|KEYWORD", help="The attribute, such as PatientID.")],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A DICOM file to look at.")] = None,
    profile: Profile = "basic",
    option: Options = None,
    creator: Annotated[
        str | None, typer.Option("--creator", metavar="NAME", help="The Private Creator, for a private attribute.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show which rule decides on an attribute and why, and what became of the other candidates.

    With FILE for each place where the attribute stands in it; its values are never shown.

    Examples:
      [bold]deid profiles explain StudyDescription -p mine.yaml[/bold]

      [bold]deid profiles explain AccessionNumber image.dcm -p mine.yaml[/bold]

      [bold]deid profiles explain "(0019,xx0C)" --creator "SIEMENS MR HEADER"[/bold]
    """
    pattern = attribute_pattern(attribute, creator)
    compiled = load_profile(profile, tuple(option or ()))
    explanations = (explain(compiled, pattern),) if file is None else _in_file(file, compiled, pattern)
    notes = [_afterwards(explanation, pattern, compiled) for explanation in explanations]
    if as_json:
        told = zip(explanations, notes, strict=True)
        print(json.dumps([_fields(explanation) | {"afterwards": note} for explanation, note in told]))
        return
    for explanation, note in zip(explanations, notes, strict=True):
        _print_explanation(explanation, note)
    if not explanations:
        console.print(f"{attribute} does not stand in this file")


def _in_file(file: Path, profile: CompiledProfile, pattern: TagPattern) -> tuple[Explanation, ...]:
    try:
        with quiet_pydicom():
            return explain_in(profile, pattern, read_instance(file))
    except InstanceError as error:
        detail = f" ({error.detail})" if error.detail else ""
        raise InputOutputError(f"{file}: {error.reason.meaning}{detail}", remedy=error.reason.remedy) from None


def _afterwards(explanation: Explanation, pattern: TagPattern, profile: CompiledProfile) -> str | None:
    """What becomes of the attribute besides its rule."""
    from deid.header.explained import afterwards  # loads what judges texts, which the other commands do without

    if explanation.instead is not None or pattern.creator:
        return None
    rule = next(verdict.rule for verdict in explanation.verdicts if verdict.decides)
    return afterwards(pattern.value, explanation.vr, kept=rule.code == "K", listed=rule != profile.unlisted)


def _fields(explanation: Explanation) -> dict[str, Any]:
    return {
        "attribute": explanation.path,
        "name": explanation.name,
        "vr": explanation.vr,
        "places": explanation.count,
        "instead": explanation.instead,
        "rules": [
            {
                "rule": verdict.rule.id,
                "at": verdict.place,
                "action": does(verdict.rule),
                "decides": verdict.decides,
                "why": verdict.why,
            }
            for verdict in explanation.verdicts
        ],
    }


def _print_explanation(explanation: Explanation, note: str | None) -> None:
    places = f", {explanation.count} places" if explanation.count > 1 else ""
    console.print(Text(f"{explanation.path}  {explanation.name}  {explanation.vr}{places}", "bold"), soft_wrap=True)
    if explanation.instead is not None:
        console.print(Text(f"No rule is asked: {explanation.instead}.", "yellow"), soft_wrap=True)
    table = Table(show_edge=False, pad_edge=False)
    for column in ("", "rule", "action", "what became of it", "reason", "at"):
        table.add_column(column, overflow="fold")
    for verdict in explanation.verdicts:
        table.add_row(*map(Text, _cells(verdict)), style="bold" if verdict.decides else "dim")
    console.print(table)
    if note is not None:
        console.print(Text(f"{note}.", "yellow"), soft_wrap=True)
    console.print()


def _cells(verdict: Verdict) -> tuple[str, ...]:
    rule = verdict.rule
    return "→" if verdict.decides else "", rule.id, does(rule), verdict.why, rule.reason, verdict.place


def diff_command(
    left: Annotated[str, typer.Argument(metavar="A", help="A built-in profile or a YAML file.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    option: Options = None,
    as_json: Json = False,
) -> None:
    """Show what profile B does otherwise than profile A, attribute by attribute. Options are laid over B only.

    Examples:
      [bold]deid profiles diff basic mine.yaml[/bold]

      [bold]deid profiles diff basic basic -o retain-uids[/bold]   what an option changes
    """
    differences = diff(load_profile(left), load_profile(right, tuple(option or ())))
    if as_json:
        print(json.dumps([dataclasses.asdict(difference) for difference in differences]))
        return
    table = Table(show_edge=False, pad_edge=False)
    for column in ("attribute or rule", "name", f"A: {left}", f"B: {right}"):
        table.add_column(column, overflow="fold")
    for difference in differences:
        table.add_row(*map(Text, (difference.what, difference.name, difference.left or "–", difference.right or "–")))
    console.print(table if differences else "They do the same.")


def schema_command() -> None:
    """Print the JSON Schema of profile files, for editors that complete and check YAML.

    Example: [bold]deid profiles schema > profile.schema.json[/bold]
    """
    print(json.dumps(json_schema(), indent=2))
