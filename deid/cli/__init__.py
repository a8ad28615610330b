"""The `deid` command: one module a subcommand. They parse, call the library, print and exit."""


def main() -> None:
    """Run the command line; exits with an `ExitCode`.

    A worker process imports the script that started the run: only when it is called may that load the subcommands.
    """
    from deid.cli.app import main as run_app

    run_app()
