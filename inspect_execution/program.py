# SPDX-License-Identifier: MIT-0
"""How a program of this project ends: with a status, and never with a traceback."""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

INTERRUPTED_STATUS = 130
TERMINATED_STATUS = 143
BROKEN_PIPE_STATUS = 141


class ProgramError(Exception):
    """One line that names the thing and the way out. It ends the program with `status`."""

    status = 1


def run(name: str, execute: Callable[[], int]) -> int:
    """The exit status of a program, whatever ends it.

    Args:
        name: stands before the line of a ProgramError
        execute: all of the program, the import of what takes long included, so that it may be
            interrupted in it
    """
    signal.signal(signal.SIGTERM, _terminate)
    try:
        status = execute()
        sys.stdout.flush()
        return status
    except ProgramError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        sys.stdout.flush()
        # Python ends by the signal, not with a status, if it came within an exec(), such as
        # that of a dataclass being imported, although it was caught.
        os._exit(INTERRUPTED_STATUS)
    except BrokenPipeError:
        # Whoever read the output has enough: there is nobody to tell, and nothing to flush.
        discard_output()
        return BROKEN_PIPE_STATUS


def discard_output() -> None:
    """What is left to be flushed has nowhere to go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _terminate(_number: int, _frame: FrameType | None) -> None:
    # An exception, so that what was started is ended on the way out.
    sys.exit(TERMINATED_STATUS)
