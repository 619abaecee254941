# SPDX-License-Identifier: MIT-0
"""`python -m local`: the command line."""

import argparse
import sys
from pathlib import Path

from .errors import LocalError
from .run import RunOptions, parse_input, run

INTERRUPTED_STATUS = 130


def parse_arguments(arguments: list[str] | None = None) -> RunOptions:
    """The command line as options. argparse ends the program with status 2 on a wrong one.

    Raises:
        UsageError: the input is no JSON
    """
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run_parser = commands.add_parser("run", help="deploy to this machine and run one execution")
    run_parser.add_argument(
        "--input",
        metavar="FILE|JSON",
        default='{"minutes_to_wait": 20}',
        help="the execution's input (default: %(default)s)",
    )
    run_parser.add_argument(
        "--assembly", metavar="DIR", type=Path, help="a cloud assembly, instead of this app's"
    )
    run_parser.add_argument(
        "--real-time", action="store_true", help="really wait, instead of passing over waits"
    )
    run_parser.add_argument("--quiet", action="store_true", help="print the output alone")
    options = parser.parse_args(arguments)
    return RunOptions(
        execution_input=parse_input(options.input),
        assembly=options.assembly,
        real_time=options.real_time,
        quiet=options.quiet,
    )


def main() -> int:
    try:
        return run(parse_arguments())
    except LocalError as error:
        print(f"local: {error}", file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        return INTERRUPTED_STATUS


if __name__ == "__main__":
    sys.exit(main())
