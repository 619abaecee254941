# SPDX-License-Identifier: MIT-0
"""`python -m local`: no traceback reaches the user, and no process outlives the command."""

import os
import signal
import sys
from types import FrameType

from .errors import LocalError

INTERRUPTED_STATUS = 130
TERMINATED_STATUS = 143
BROKEN_PIPE_STATUS = 141


def main() -> int:
    signal.signal(signal.SIGTERM, _terminate)
    try:
        # Only here: importing the engines takes long enough to be interrupted.
        from .command import execute, parse_arguments

        status = execute(parse_arguments())
        sys.stdout.flush()
        return status
    except LocalError as error:
        print(f"local: {error}", file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        sys.stdout.flush()
        # Python ends by the signal, not with a status, if it came within an exec(), such as
        # that of a dataclass being imported, although it was caught.
        os._exit(INTERRUPTED_STATUS)
    except BrokenPipeError:
        # Whoever read the output has enough: there is nobody to tell, and nothing to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE_STATUS


def _terminate(_number: int, _frame: FrameType | None) -> None:
    # An exception, so that the endpoint ends its sandboxes on the way out.
    sys.exit(TERMINATED_STATUS)


if __name__ == "__main__":
    sys.exit(main())
