"""`deid run`: de-identify a folder."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import typer
from rich.table import Table

from deid.batch import Summary, run
from deid.cli.console import console
from deid.cli.parameters import Devices, Json, KeyFile, NoPixels, Options, Profile, TimeLimit, options_of
from deid.cli.progress import progress_for
from deid.cli.run_parameters import (
    Audit,
    DryRun,
    FromStdin,
    Limit,
    MemoryLimit,
    OnError,
    OnErrorChoice,
    QuarantineCopy,
    QuarantineFolder,
    QuietFlag,
    Rehash,
    Retry,
    Scheduler,
    Since,
    Source,
    Target,
    VaultFile,
    VaultPassphrase,
    Workers,
    paths_of_stdin,
    seconds_since_1970,
)
from deid.errors import Interrupted, Reason
from deid.options import GIB, MEMORY_LIMIT, TIME_LIMIT, RunOptions
from deid.outcome import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.batch.workers.nursery import Nursery


def run_command(
    context: typer.Context,
    source: Source,
    target: Target,
    profile: Profile = "basic",
    option: Options = None,
    devices: Devices = None,
    key_file: KeyFile = None,
    audit: Audit = None,
    vault: VaultFile = None,
    vault_passphrase_file: VaultPassphrase = None,
    no_pixels: NoPixels = False,
    dry_run: DryRun = False,
    retry: Retry = False,
    rehash: Rehash = False,
    stdin0: FromStdin = False,
    since: Since = None,
    limit: Limit = None,
    on_error: OnErrorChoice = OnError.CONTINUE,
    quarantine: QuarantineFolder = None,
    quarantine_copy: QuarantineCopy = False,
    scheduler: Scheduler = None,
    workers: Workers = 0,
    memory_limit: MemoryLimit = MEMORY_LIMIT / GIB,
    time_limit: TimeLimit = TIME_LIMIT,
    quiet: QuietFlag = False,
    as_json: Json = False,
) -> None:
    """De-identify every DICOM file below IN into OUT.

    IN is never changed. A file appears in OUT only after it was verified; what can't be checked stays out, with the
    reason in the audit log. Run the same command again and it goes on: what is finished and has not changed is left
    alone, so a run that was killed comes to its end, and a nightly one takes the new files.

    Examples:
      [bold]deid run in/ out/[/bold]   the Basic Profile of PS3.15

      [bold]deid run in/ out/ -o retain-patient-characteristics[/bold]   keep sex, age, size, weight

      [bold]deid run in/ out/ --dry-run --audit plan.jsonl[/bold]   see what would happen

      [bold]deid run /pacs/night /clean/night --quiet --key-file /etc/deid.key[/bold]   in a cron job
    """
    options = replace(
        options_of(source, target, profile, option, devices, key_file, audit, workers, time_limit, memory_limit),
        vault=vault,
        vault_passphrase_file=vault_passphrase_file,
        pixels=not no_pixels,
        dry_run=dry_run,
        retry=retry,
        rehash=rehash,
        paths=paths_of_stdin() if stdin0 else None,
        since=seconds_since_1970(since),
        limit=limit,
        stop_on_error=on_error is OnError.STOP,
        quarantine=quarantine,
        quarantine_copies=quarantine_copy,
        scheduler=scheduler,
    )
    summary = _run(options, context.obj, quiet=quiet or as_json)
    if as_json:
        print(json.dumps(summary.fields()))
    elif not quiet:
        show(summary, options)
    raise typer.Exit(summary.exit_code)


def _run(options: RunOptions, nursery: Nursery | None, *, quiet: bool) -> Summary:
    with progress_for(quiet=quiet) as observer:
        try:
            return run(options, observer, nursery)
        except KeyboardInterrupt:
            # Typer would end the process without a word.
            raise Interrupted("interrupted", remedy="run the same command again to go on") from None


def show(summary: Summary, options: RunOptions) -> None:
    """Print the sums of a run, why files are missing from OUT, and where to look."""
    console.print(_outcomes(summary))
    if summary.reasons:
        console.print(_reasons(summary))
        console.print("Which files they are: `deid locate IN DIGEST`, with the `source` digests of the audit log.")
    for hint in _hints(summary, options):
        console.print(hint)
    if options.dry_run:
        console.print("Dry run: nothing was written.")
    else:
        console.print(f"Clean files: {options.target}", soft_wrap=True)
    if not options.dry_run or options.audit:
        console.print(f"Audit log:   {options.audit_path}", soft_wrap=True)
    if options.vault is not None and not options.dry_run:
        console.print(f"Vault:       {options.vault}", soft_wrap=True)


def _hints(summary: Summary, options: RunOptions) -> Iterator[str]:
    """What should not be overlooked."""
    if options.paths is None and (nothing := _nothing_done(summary, options)):
        yield nothing
    if summary.lacking_pixels:
        yield (
            f"{summary.lacking_pixels} of the released came without the pixel data that their headers describe: "
            "their files may have been cut off before, or hold headers only."
        )
    if summary.split_studies:
        yield (
            f"Studies that came out under more than one patient: {summary.split_studies}. Their files differ in "
            "Patient ID or its issuer, or only some have them, so that their dates may have moved apart; "
            "`subject: patient-id` in a profile of your own leaves out the issuer."
        )
    if summary.earlier:
        yield f"{summary.earlier} of these were finished by an earlier run and have not changed."
    if summary.earlier and options.vault is not None and not options.dry_run:
        yield "The vault knows those only if that run was given it, too; a run into a new OUT does all of them anew."
    if summary.stopped:
        yield "Stopped before the end: run the same command again to go on."
    if not options.pixels:
        yield "No pixels were looked at: burned-in text is as it was. The files are not marked as free of it."


def _nothing_done(summary: Summary, options: RunOptions) -> str:
    """What to think of when a run met no instance at all, as one into the wrong folder does; empty if it met one."""
    others = {
        Reason.NOT_DICOM,
        Reason.PACKED,
        Reason.SYMLINK,
        Reason.SPECIAL_FILE,
        Reason.DICOMDIR,
        Reason.DICOMDIR_REBUILT,
    }
    if summary.total > sum(summary.reasons[reason.value] for reason in others):
        return ""
    if options.since is not None:
        return "IN holds no DICOM files that were written since then."
    return "IN holds no DICOM files: is it the right folder, and is its disk there?"


def _outcomes(summary: Summary) -> Table:
    table = Table(title=None, show_edge=False, pad_edge=False)
    for name in OUTCOMES:
        table.add_column(name, justify="right")
    for name in ("regions", "seconds", "files/s", "slowest step"):
        table.add_column(name, justify="right", style="dim")
    rate = summary.total / summary.seconds if summary.seconds else 0.0
    counts = [str(summary.outcomes[name]) for name in OUTCOMES]
    table.add_row(*counts, str(summary.regions), f"{summary.seconds:.1f}", f"{rate:.1f}", summary.slowest_step)
    return table


def _reasons(summary: Summary) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("files", justify="right")
    table.add_column("not released because")
    table.add_column("what to do")
    for value, count in summary.reasons.most_common():
        reason = Reason(value)
        table.add_row(str(count), reason.meaning, reason.remedy)
    return table
