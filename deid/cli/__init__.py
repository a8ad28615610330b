"""The `deid` command: one module a subcommand. They parse, call the library, print and exit."""
