# SPDX-License-Identifier: MIT-0
"""`python -m inspect_execution`: its errors reach the user as one line."""

import sys

from .errors import InspectError
from .program import run_program


def main() -> int:
    return run_program("inspect_execution", _execute)


def _execute() -> int:
    try:
        # Imported here, because a signal may interrupt the slow import of boto3.
        from .command_line.arguments import parse_arguments
        from .command_line.execute import execute

        return execute(parse_arguments())
    except MemoryError:
        raise InspectError("not enough memory") from None
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        # Without the error's text, which may hold an answer, and so a task token.
        kind = type(error).__name__
        raise InspectError(f"AWS's API gave an answer of an unknown form: {kind}") from None


if __name__ == "__main__":
    sys.exit(main())
