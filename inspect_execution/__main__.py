# SPDX-License-Identifier: MIT-0
"""`python -m inspect_execution`: no traceback reaches the user."""

import io
import sys

from .errors import InspectError
from .program import run


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that has no sign for something gets another one.
            stream.reconfigure(errors="replace")
    return run("inspect_execution", _execute)


def _execute() -> int:
    try:
        # Only here: importing boto3 takes long enough to be interrupted.
        from .command_line import execute, parse_arguments

        return execute(parse_arguments())
    except MemoryError:
        raise InspectError("there is not enough memory") from None
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        # Its kind alone: its text may have in it what was read, and so a task token.
        kind = type(error).__name__
        raise InspectError(f"an answer of AWS's API is not understood: {kind}") from None


if __name__ == "__main__":
    sys.exit(main())
