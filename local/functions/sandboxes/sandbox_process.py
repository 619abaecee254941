# SPDX-License-Identifier: MIT-0
"""The process of a sandbox: how it begins, is asked, answers in time, and ends."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from ...environment import PROJECT
from .output_lines import output_lines

RUNTIME = Path(__file__).resolve().parent / "runtime.py"
INVOKING = "local.functions.lambda_runtime.program"
# Bytecode goes here, not into the assembly: what was synthesized stays as it was.
BYTECODE_CACHE = PROJECT / ".local" / "bytecode"
END_DEADLINE_SECONDS = 5
# A process is forked within milliseconds, unless what its fork server imports first hangs.
FORK_DEADLINE_SECONDS = 2
# How long its end may go unnoticed, while what it has started keeps its pipes open.
_NOTICE_SECONDS = 0.2
_CHUNK_BYTES = 65_536


def runtime_command(*options: str, program: str = INVOKING) -> list[str]:
    """What starts a runtime, with options of Python's own.

    Args:
        program: the module whose `main` answers what the sandbox is asked
    """
    # -I and -S: neither this environment's packages nor its variables reach the code.
    return [sys.executable, "-I", "-S", *options, str(RUNTIME), program]


def caching_command(program: str = INVOKING) -> list[str]:
    """What starts a runtime whose imports are compiled once."""
    return runtime_command("-X", f"pycache_prefix={BYTECODE_CACHE}", program=program)


class Process(Protocol):
    """A process that leads a group of its own: one of `subprocess`, or a forked one."""

    def process_id(self, seconds: float) -> int:
        """The process id, after so many seconds at most.

        Raises:
            ProcessLookupError: there is no process
            TimeoutError: it does not run yet
        """

    def poll(self) -> int | None:
        """The exit status, once it has ended."""

    def wait(self, timeout: float) -> int:
        """The exit status, after so many seconds at most."""

    def kill(self) -> None:
        """Kill what has no process id yet."""


@dataclass(frozen=True)
class StartRequest:
    """What a process begins with."""

    directory: Path
    # The directories from which it imports what is not in its own.
    packages: tuple[str, ...]
    environment: Mapping[str, str]
    # The descriptors of its standard input, output and error.
    streams: tuple[int, int, int]


Start = Callable[[StartRequest], Process]


class _Spawned(subprocess.Popen[bytes]):
    def process_id(self, seconds: float) -> int:
        return self.pid


def spawning(command: Sequence[str]) -> Start:
    """To start processes by a command."""
    return partial(_spawn, command)


def _spawn(command: Sequence[str], request: StartRequest) -> Process:
    stdin, stdout, stderr = request.streams
    return _Spawned(
        command,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        cwd=request.directory,
        env=request.environment,
        # Ctrl-C is for the endpoint, which then ends its sandboxes.
        start_new_session=True,
    )


class SandboxProcess:
    """A process that is asked in lines of JSON, and answers each with one of its request id."""

    def __init__(
        self,
        start: Start,
        directory: Path,
        packages: tuple[str, ...],
        environment: Mapping[str, str],
    ) -> None:
        stdin, requests = os.pipe()
        answers, stdout = os.pipe()
        output, stderr = os.pipe()
        streams = stdin, stdout, stderr
        try:
            self._process = start(StartRequest(directory, packages, environment, streams))
        except BaseException:
            for descriptor in (requests, answers, output):
                os.close(descriptor)
            raise
        finally:
            for descriptor in streams:
                os.close(descriptor)
        self._requests, self._answers = os.fdopen(requests, "wb", 0), os.fdopen(answers, "rb", 0)
        os.set_blocking(requests, False)
        # A handler may print what is no text, and nothing else would empty its pipe.
        self._output = os.fdopen(output, encoding="utf-8", errors="replace", newline="\n")
        # Not select(), which takes no descriptor over 1,023.
        self._takes, self._has_answer = select.poll(), select.poll()
        self._takes.register(self._requests, select.POLLOUT)
        self._has_answer.register(self._answers, select.POLLIN)
        self._unread = b""

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def send(self, message: dict[str, Any], seconds: float = END_DEADLINE_SECONDS) -> None:
        """Ask. Does nothing if the process has ended.

        Raises:
            TimeoutError: it has not taken all of the message after so many seconds
        """
        deadline = time.monotonic() + seconds
        rest = memoryview(json.dumps(message).encode() + b"\n")
        with contextlib.suppress(BrokenPipeError):
            while rest and self._is_ready(self._takes, deadline):
                rest = rest[os.write(self._requests.fileno(), rest) :]

    def ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """Ask, and return the answer; None from a process that has ended.

        Raises:
            TimeoutError: there is no answer after so many seconds
        """
        deadline = time.monotonic() + seconds
        self.send(message, seconds)
        return self.answer_to(message["request_id"], deadline - time.monotonic())

    def answer_to(self, request_id: str, seconds: float) -> dict[str, Any] | None:
        """The answer to what has been asked under that id; None from a process that has ended.

        Other answers are dropped.

        Raises:
            TimeoutError: there is none after so many seconds
        """
        deadline = time.monotonic() + seconds
        while line := self._line(deadline):
            answer = _answer_in(line)
            if answer.get("request_id") == request_id:
                return answer
        return None

    def _line(self, deadline: float) -> bytes:
        """The next line that it answers with; nothing from a process that has ended."""
        line = bytearray()
        while True:
            part, end, self._unread = self._unread.partition(b"\n")
            line += part + end
            if end:
                return bytes(line)
            if self._is_ready(self._has_answer, deadline):
                self._unread = os.read(self._answers.fileno(), _CHUNK_BYTES)
            if not self._unread:
                return b""

    def _is_ready(self, pipe: select.poll, deadline: float) -> bool:
        """Wait until a pipe is ready: it never is, if the process has ended before.

        Raises:
            TimeoutError: it is not before the deadline
        """
        while not pipe.poll(1000 * min(max(deadline - time.monotonic(), 0), _NOTICE_SECONDS)):
            if not self.is_alive:
                # It may have written its last answer in the meantime.
                return bool(pipe.poll(0))
            if time.monotonic() >= deadline:
                raise TimeoutError
        return True

    def output(self) -> Iterator[str]:
        """The lines that its processes print, until the last of them has closed the pipe."""
        with self._output:
            yield from output_lines(self._output)

    def kill(self, seconds: float = FORK_DEADLINE_SECONDS) -> None:
        """Kill it and its process group, once it has been forked or after so many seconds."""
        # It leads a process group: what a handler has started ends with it. Where all of a group
        # has ended and is not yet reaped by a wait, macOS says that it is not permitted.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            try:
                os.killpg(self._process.process_id(seconds), signal.SIGKILL)
            except TimeoutError:
                self._process.kill()

    def wait(self, seconds: float = END_DEADLINE_SECONDS) -> int:
        """The exit status of a process that ends.

        Raises:
            TimeoutError: it has not ended after so many seconds
        """
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None

    def close(self) -> None:
        """Close the pipes, but the output's: its reader does."""
        self._answers.close()
        with contextlib.suppress(BrokenPipeError):
            self._requests.close()


def _answer_in(line: bytes) -> dict[str, Any]:
    """The answer that a line holds: none, where a handler has written to the same pipe."""
    try:
        answer = json.loads(line)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
