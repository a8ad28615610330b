"""`python -m deid`."""

from deid.cli.app import main

if __name__ == "__main__":
    main()
