# SPDX-License-Identifier: MIT-0
"""How a program of this project ends: with a status, and never with a traceback."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from types import FrameType
from typing import Any, TextIO, cast

INTERRUPTED_STATUS = 130
BROKEN_PIPE_STATUS = 141
TERMINATED_STATUS = 143
# Of a program that somebody ended, not what it met.
ENDED_STATUSES = frozenset({INTERRUPTED_STATUS, BROKEN_PIPE_STATUS, TERMINATED_STATUS})


class ProgramError(Exception):
    """One line that names the thing and the way out. It ends the program with `status`."""

    status = 1


class _ReaderGone(Exception):
    """Whoever read the output has enough: there is nobody to tell."""


def run(name: str, execute: Callable[[], int]) -> int:
    """The exit status of a program, whatever ends it.

    Args:
        name: stands before the line of an error
        execute: all of the program, the import of what takes long included, so that it may be
            interrupted in it
    """
    signal.signal(signal.SIGTERM, _terminate)
    try:
        with redirect_stdout(cast(TextIO, _Output(sys.stdout))):
            status = execute()
            sys.stdout.flush()
            return status
    except ProgramError as error:
        return _told(name, error, error.status)
    except _ReaderGone:
        return BROKEN_PIPE_STATUS
    except OSError as error:
        return _told(name, error, ProgramError.status)
    except KeyboardInterrupt:
        with suppress(OSError):
            sys.stdout.flush()
        # Python ends by the signal, not with a status, if it came within an exec(), such as
        # that of a dataclass being imported, although it was caught.
        os._exit(INTERRUPTED_STATUS)
    finally:
        # Either is None where it was closed before the program began.
        for stream in filter(None, (sys.stdout, sys.stderr)):
            _flush_or_discard(stream)


class _Output:
    """Standard output whose errors are not taken for those of another file or a socket."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with _own_errors():
            return self._stream.write(text)

    def flush(self) -> None:
        with _own_errors():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def _own_errors() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise _ReaderGone from None
    except OSError as error:
        raise ProgramError(f"the output cannot be written: {error.strerror}") from None


def _told(name: str, error: Exception, status: int) -> int:
    # Errors may go to the same full disk.
    with suppress(OSError):
        print(f"{name}: {error}", file=sys.stderr)
    return status


def _flush_or_discard(stream: TextIO) -> None:
    """Python flushes at its end, too, and makes another status of it if that fails."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _terminate(_number: int, _frame: FrameType | None) -> None:
    # An exception, so that what was started is ended on the way out.
    sys.exit(TERMINATED_STATUS)
