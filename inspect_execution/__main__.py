# SPDX-License-Identifier: MIT-0
"""`python -m inspect_execution`: no traceback reaches the user."""

import io
import os
import signal
import sys
from types import FrameType

from .errors import InspectError

INTERRUPTED_STATUS = 130
TERMINATED_STATUS = 143
BROKEN_PIPE_STATUS = 141


def main() -> int:
    signal.signal(signal.SIGTERM, _terminate)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that has no sign for something gets another one.
            stream.reconfigure(errors="replace")
    try:
        # Only here: importing boto3 takes long enough to be interrupted.
        from .command import execute, parse_arguments

        status = execute(parse_arguments())
        sys.stdout.flush()
        return status
    except InspectError as error:
        print(f"inspect_execution: {error}", file=sys.stderr)
        return error.status
    except MemoryError:
        print("inspect_execution: there is not enough memory", file=sys.stderr)
        return 1
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        # Its kind alone: its text may have in it what was read, and so a task token.
        print(
            f"inspect_execution: an answer of AWS's API is not understood: {type(error).__name__}",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED_STATUS
    except OSError as error:
        # What is left to be flushed has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return BROKEN_PIPE_STATUS
        print(f"inspect_execution: the output cannot be written: {error.strerror}", file=sys.stderr)
        return 1


def _terminate(_number: int, _frame: FrameType | None) -> None:
    sys.exit(TERMINATED_STATUS)


if __name__ == "__main__":
    sys.exit(main())
