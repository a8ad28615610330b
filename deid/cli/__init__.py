"""The `deid` command: one module a subcommand. They parse, call the library, print and exit."""

import gc
import sys


def main() -> None:
    """Run the command line; exits with an `ExitCode`.

    A worker process imports the script that started the run: only when it is called may that load the subcommands.
    """
    # What is imported stays: to look through it again and again for garbage takes a tenth of the start.
    gc.disable()
    try:
        from deid.cli.early import nursery_for, open_standard_streams

        open_standard_streams()
        from deid.loading import load_pydicom_for_headers

        load_pydicom_for_headers()
        with nursery_for(sys.argv[1:]) as nursery:
            from deid.cli.app import main as run_app

            run_app(nursery)
    except KeyboardInterrupt:
        # While it starts, or in a subcommand that has nothing to tidy up.
        from deid.errors import ExitCode

        sys.stderr.write("deid: interrupted\n")
        sys.exit(ExitCode.INTERRUPTED)
    finally:
        # All of it goes with the process: to look for garbage in it once more takes a tenth of a second.
        gc.freeze()
