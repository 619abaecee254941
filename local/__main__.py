# SPDX-License-Identifier: MIT-0
"""`python -m local`: no traceback reaches the user, and no process outlives the command."""

import sys

from inspect_execution.program import run


def main() -> int:
    return run("local", _execute)


def _execute() -> int:
    # Only here: importing the engines takes long enough to be interrupted.
    from .commands.arguments import execute, parse_arguments

    return execute(parse_arguments())


if __name__ == "__main__":
    sys.exit(main())
