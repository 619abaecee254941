# SPDX-License-Identifier: MIT-0
"""The start and the exit of a program of this project.

A wrong command line is refused in one line, and an error ends in a status, not in a traceback.
"""

import argparse
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from types import FrameType
from typing import Any, NoReturn, TextIO, cast

INTERRUPTED_STATUS = 130
BROKEN_PIPE_STATUS = 141
TERMINATED_STATUS = 143
# The statuses of a program that a signal or its reader ended.
ENDED_STATUSES = frozenset({INTERRUPTED_STATUS, BROKEN_PIPE_STATUS, TERMINATED_STATUS})


class ProgramError(Exception):
    """An error that the user sees as one line. It ends the program with `status`."""

    status = 1


class WrongArgument(ProgramError):
    """The command line is not one of the program's."""

    status = 2


class ArgumentParser(argparse.ArgumentParser):
    """Parses a command line, and refuses a wrong one in one line, without the usage."""

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As argparse does, but a subcommand refuses arguments itself: its help has the options."""
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return known, unknown

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            WrongArgument: always
        """
        # What is quoted may have line breaks.
        raise WrongArgument(f"{' '.join(message.split())}: see {self.prog} --help")


class _ReaderGone(Exception):
    """The reader has closed the output: no message can reach it."""


def run_program(name: str, execute: Callable[[], int]) -> int:
    """Run a program and return its exit status, also if an error or a signal ends it.

    Args:
        name: the first word of an error's line
        execute: the program, with its slow imports, so that a signal may interrupt them
    """
    signal.signal(signal.SIGTERM, _terminate)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # An encoding that lacks a character shows a question mark.
            stream.reconfigure(errors="replace")
    try:
        _require_output()
        with redirect_stdout(cast(TextIO, _Output(sys.stdout))):
            status = _executed(execute)
            sys.stdout.flush()
            return status
    except ProgramError as error:
        return _report(name, error, error.status)
    except _ReaderGone:
        return BROKEN_PIPE_STATUS
    except OSError as error:
        return _report(name, error, ProgramError.status)
    except KeyboardInterrupt:
        with suppress(OSError):
            sys.stdout.flush()
        # sys.exit() is not enough: after a signal within exec(), which dataclasses call when they
        # are imported, Python ends by the signal although the exception was caught.
        os._exit(INTERRUPTED_STATUS)
    finally:
        # A stream that was closed before the program began is None.
        for stream in filter(None, (sys.stdout, sys.stderr)):
            _flush_or_discard(stream)


@contextmanager
def held_signals() -> Iterator[None]:
    """Hold the signals that end the program until the end of the block.

    In a block that starts a process, an exception of a signal would leave it without an owner.
    """
    arrived: list[int] = []
    # Those that are ignored stay ignored, here and in the process.
    handlers = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM)
        if callable(signal.getsignal(number))
    }
    for number in handlers:
        signal.signal(number, lambda number, _: arrived.append(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if arrived:
            signal.raise_signal(arrived[0])


def _require_output() -> None:
    """Return if there is an output.

    Raises:
        ProgramError: it was closed before the program began: then Python has none
    """
    if sys.stdout is None:
        raise ProgramError("the output cannot be written: it is closed")


def _executed(execute: Callable[[], int]) -> int:
    try:
        return execute()
    except SystemExit as end:
        # argparse ends the program itself after --help, which must not be lost in silence.
        if end.code:
            raise
        return 0


class _Output:
    """Standard output whose errors differ from those of other files and of sockets."""

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


def _report(name: str, error: Exception, status: int) -> int:
    # Standard error may be on the same full disk.
    with suppress(OSError):
        print(f"{name}: {error}", file=sys.stderr)
    return status


def _flush_or_discard(stream: TextIO) -> None:
    """Python flushes at its end as well, and a failure then would change the status."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _terminate(_number: int, _frame: FrameType | None) -> None:
    # SystemExit, so that `finally` and `with` end what the program has started.
    sys.exit(TERMINATED_STATUS)
