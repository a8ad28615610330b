"""`deid inspect`: what would happen to one file, attribute by attribute and region by region, and why."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydicom.datadict import dictionary_description, dictionary_has_tag
from rich.table import Table
from rich.text import Text

from deid.audit.decisions import change_word, decision_groups
from deid.audit.records import region_fields
from deid.batch.sources.archives import SUFFIXES, kind_of
from deid.batch.sources.source import ArchiveKind
from deid.cli.console import console, error_console, shown
from deid.cli.parameters import Devices, Json, KeyFile, NoPixels, Options, Profile, TimeLimit
from deid.errors import ExitCode, InputOutputError
from deid.identity.key import Key, default_key_path, load_key
from deid.options import TIME_LIMIT
from deid.plan import Box, Decision, Empty, Finding, Keep, Plan, Region, Remove, Replace
from deid.profile import PixelPolicy, load_profile

if TYPE_CHECKING:
    from deid.batch.inspection import Inspection

_STYLES: dict[type, str] = {Keep: "dim", Remove: "red", Empty: "yellow", Replace: "cyan"}


def inspect_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A DICOM file.")],
    profile: Profile = "basic",
    option: Options = None,
    devices: Devices = None,
    key_file: KeyFile = None,
    no_pixels: NoPixels = False,
    show_all: Annotated[bool, typer.Option("--all", "-a", help="Also list the attributes that are kept.")] = False,
    png: Annotated[
        Path | None,
        typer.Option(
            "--png", metavar="FILE", help="Draw the frames with their boxes. The picture shows the original pixels!"
        ),
    ] = None,
    time_limit: TimeLimit = TIME_LIMIT,
    as_json: Json = False,
) -> None:
    """Show what would happen to each attribute and pixel region of FILE, by which rule and why. Writes nothing.

    Original values are never shown, so the output can be shared.

    Examples:
      [bold]deid inspect image.dcm[/bold]

      [bold]deid inspect image.dcm --all -o retain-uids[/bold]

      [bold]deid inspect image.dcm --json | jq .regions[/bold]

      [bold]deid inspect image.dcm --png boxes.png[/bold]   a picture for your eyes only
    """
    from deid.batch.inspection import inspect

    _check_file(file)
    compiled = load_profile(profile, tuple(option or ()), tuple(devices or ()))
    wanted = {"pixels": not no_pixels, "picture": png is not None}
    inspection = inspect(file, compiled, _key(key_file), time_limit=time_limit, **wanted)
    if png is not None:
        _write_picture(inspection, png)
    if as_json:
        print(json.dumps(as_fields(inspection) | {"pixel_policy": compiled.pixels.fields()}))
    else:
        show(inspection, show_all=show_all)
        console.print(f"Pixel policy: {_policy(compiled.pixels)}.")
    raise typer.Exit(ExitCode.OK if inspection.refusal is None else ExitCode.INCOMPLETE)


def _check_file(path: Path) -> None:
    # `os.path`, as `Path` raises where a folder on the way may not be entered.
    if not os.path.lexists(path):
        raise InputOutputError(f"there is no file {path}", remedy="check the path and its permissions")
    remedy = "name one DICOM file; `deid run --dry-run` takes folders and archives"
    if not os.path.isfile(path):  # noqa: PTH113
        raise InputOutputError(f"not a file: {path}", remedy=remedy)
    kind = kind_of(path)
    if kind in (ArchiveKind.ZIP, ArchiveKind.TAR) or (kind is not None and path.name.lower().endswith(SUFFIXES)):
        raise InputOutputError(f"an archive, not a DICOM file: {path}", remedy=remedy)


def _key(key_file: Path | None) -> Key:
    """The key a run would use. Where there is none yet, one for the moment: `inspect` writes nothing."""
    if key_file is None and not default_key_path().exists():
        return Key.generate()
    return load_key(key_file or default_key_path())


def _policy(policy: PixelPolicy) -> str:
    """The pixel policy in a line: its mode, and what differs from the default."""
    usual = PixelPolicy().fields()
    told = [f"{key} {value}" for key, value in policy.fields().items() if key != "mode" and value != usual[key]]
    known = f"{len(policy.devices)} known devices"
    return ", ".join([policy.mode, *told, known])


def _write_picture(inspection: Inspection, path: Path) -> None:
    if inspection.picture is None:
        error_console.print("No picture: there are no pixels to look at, or the instance would not be released.")
        return
    if os.path.lexists(path):
        raise InputOutputError(f"the file exists: {path}", remedy="name another file for --png")
    try:
        # For the user alone: it may show the patient's name.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(inspection.picture)
    except OSError as error:
        raise InputOutputError(
            f"{path} can't be written ({error.strerror})", remedy="check the folder and its permissions"
        ) from error
    error_console.print(
        Text(f"{path} shows the original pixels, names and all: delete it when you have looked.", "yellow")
    )


def as_fields(inspection: Inspection) -> dict[str, Any]:
    """The inspection as JSON fields, as in the audit log."""
    fields: dict[str, Any] = {"refusal": None}
    if inspection.facts is not None:
        facts = inspection.facts
        fields["instance"] = {
            "sop_class": facts.sop_class,
            "transfer_syntax": facts.transfer_syntax,
            "frames": facts.frame_size,
            "known_values": facts.known_values,
            "subject": facts.subject,
        }
    if inspection.refusal is not None:
        fields["refusal"] = {
            "reason": inspection.refusal.value,
            "meaning": inspection.refusal.meaning,
            "remedy": inspection.refusal.remedy,
            "detail": inspection.detail,
        }
    if inspection.plan is not None:
        fields["pixels"] = inspection.plan.pixels
        fields["decisions"] = decision_groups(inspection.plan.decisions, {})
        fields["text_lines"] = [finding_fields(finding) for finding in inspection.plan.findings]
        fields["regions"] = [region_fields(region) for region in inspection.plan.regions]
    return fields


def finding_fields(finding: Finding) -> dict[str, Any]:
    """A line of text in the pixels as JSON, without the text."""
    where = region_fields(Region(finding.box, finding.frames, finding.reasons))
    return {**where, "identifying": finding.identifying, "score": round(finding.score, 3)}


def show(inspection: Inspection, *, show_all: bool) -> None:
    """Print the inspection as tables."""
    if inspection.facts is not None:
        facts = inspection.facts
        console.print(Text.assemble((facts.sop_class, "bold"), f"  {facts.frame_size}"))
        console.print(f"{facts.transfer_syntax}; {facts.known_values} identifying values; subject {facts.subject}\n")
    if inspection.refusal is not None:
        why = f": {inspection.refusal.meaning}" + (f" ({inspection.detail})" if inspection.detail else "")
        console.print(Text.assemble(("would not be released", "bold red"), why))
        console.print(f"  → {inspection.refusal.remedy}")
    if inspection.plan is not None:
        _show_plan(inspection.plan, show_all=show_all)


def _show_plan(plan: Plan, *, show_all: bool) -> None:
    listed = [decision for decision in plan.decisions if show_all or not isinstance(decision.change, Keep)]
    table = Table(show_edge=False, pad_edge=False)
    for column in ("attribute", "name", "action", "becomes", "rule", "why"):
        table.add_column(column, overflow="fold")
    for decision in listed:
        table.add_row(*map(Text, _cells(decision)), style=_STYLES[type(decision.change)])
    console.print(table)
    console.print(f"\n{len(plan.decisions) - len(listed)} more attributes are kept." if not show_all else "")
    console.print(f"Pixels: {plan.pixels}.")
    if plan.findings or plan.regions:
        console.print(_findings(plan))


def _cells(decision: Decision) -> tuple[str, ...]:
    code = decision.action if decision.action == decision.code else f"{decision.action} of {decision.code}"
    becomes = change_word(decision.change)
    # A user's table is as secret as the file.
    if isinstance(decision.change, Replace) and decision.vr != "SQ" and decision.action != "map":
        becomes = f"→ {shown(str(decision.change.value)[:40])}"
    return str(decision.path), _name(decision.path.tag), code, becomes, decision.rule, decision.reason


def _name(tag: int) -> str:
    if (tag >> 16) % 2:
        return "private"
    return dictionary_description(tag) if dictionary_has_tag(tag) else "unknown"


def _findings(plan: Plan) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for column in ("text at", "frames", "becomes", "score", "why"):
        table.add_column(column, overflow="fold")
    for finding in plan.findings:
        becomes, style = ("hidden", "red") if finding.identifying else ("kept", "dim")
        row = (*_place(finding.box, finding.frames), becomes, f"{finding.score:.2f}", "; ".join(finding.reasons))
        table.add_row(*row, style=style)
    told = {finding.reasons for finding in plan.findings}
    for region in plan.regions:
        if region.reasons not in told:
            table.add_row(*_place(region.box, region.frames), "hidden", "", "; ".join(region.reasons), style="red")
    return table


def _place(box: Box, frames: range) -> tuple[str, str]:
    first, last = frames.start + 1, frames.stop
    return f"x {box.x0}–{box.x1}, y {box.y0}–{box.y1}", str(first) if first == last else f"{first}–{last}"
