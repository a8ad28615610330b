"""The command line as a whole: subcommands, `--version`, and how errors end the process."""

from __future__ import annotations

import gc
import os
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Final

import typer

from deid import __version__
from deid.batch.processed import place_of
from deid.batch.workers.worker import GARBAGE
from deid.cli.console import error_console, shown, tolerate_narrow_encodings
from deid.errors import DeidError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.batch.workers.nursery import Nursery

_CODES = "\n\n".join(f"[bold]{code.value}[/bold]  {code.meaning}" for code in ExitCode)

COMMANDS: Final = ("run", "inspect", "verify", "report", "locate", "profiles", "keys", "vault")


def make_app(commands: Sequence[str] = COMMANDS) -> typer.Typer:
    """The command line with these subcommands. Each is a module, which is loaded here."""
    app = typer.Typer(
        name="deid",
        help="De-identify DICOM images: every attribute, every frame, verified before release.",
        epilog=f"Examples:\n\n[bold]deid run in/ out/ --profile basic[/bold]   de-identify a folder\n\n"
        f"[bold]deid inspect image.dcm[/bold]   see what would happen to one file, and why\n\nExit codes:\n\n{_CODES}",
        rich_markup_mode="rich",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name in commands:
        module = import_module(f"deid.cli.{name}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, f"{name}_command"))
    return app


def _print_version(value: bool) -> None:
    if value:
        print(f"deid {__version__}")
        raise typer.Exit


def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a subcommand."""


def main(nursery: Nursery | None = None) -> None:
    """Run the command line; exits with an `ExitCode`. `nursery` forks workers, if there is one already."""
    # A stop by a service manager is tidied up after like Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    tolerate_narrow_encodings()
    # Help and whatever is mistyped need all of them; a subcommand starts in half of the time without the others.
    asked = sys.argv[1:2]
    try:
        app = make_app(asked if asked and asked[0] in COMMANDS else COMMANDS)
        gc.freeze()
        gc.set_threshold(*GARBAGE)
        gc.enable()
        try:
            app(obj=nursery)
        finally:
            # While it can still be told that there is no room for it.
            sys.stdout.flush()
    except DeidError as error:
        fail(error.message, error.remedy, error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(ExitCode.INPUT_OUTPUT)
    except SystemExit as end:
        # Typer ends with 1 where nobody reads the output any more, which would be a bug of ours.
        if isinstance(end.__context__, BrokenPipeError):
            sys.exit(ExitCode.INPUT_OUTPUT)
        raise
    except Exception as error:  # noqa: BLE001 - a message or traceback could quote the input
        if isinstance(error, OSError) and stands_in_cli(error):
            fail(
                f"the output can't be written ({os.strerror(error.errno or 0)})",
                "check where it goes to; what the run did is done and recorded, as `deid report OUT` shows",
                ExitCode.INPUT_OUTPUT,
            )
        fail(
            f"internal error: {place_of(error)}",
            "please report this line; nothing unverified was written",
            ExitCode.BUG,
        )


def stands_in_cli(error: BaseException) -> bool:
    """Whether a command was printing when it met an error: files of others are written further down."""
    return " at cli/" in place_of(error)


def fail(message: str, remedy: str, code: ExitCode) -> None:
    """Print one line that says what is wrong and one that says what to do, and exit."""
    error_console.print(f"deid: {shown(message)}", style="bold red", soft_wrap=True)
    error_console.print(f"  → {remedy}", soft_wrap=True)
    sys.exit(code)
