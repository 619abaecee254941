# SPDX-License-Identifier: MIT-0
"""`python -m local serve` as a process of its own."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from local.environment import PROJECT

READY_DEADLINE_SECONDS = 60
END_DEADLINE_SECONDS = 20


@dataclass(frozen=True)
class Serving:
    """An endpoint that is up, and what it said."""

    process: subprocess.Popen[str]
    url: str
    welcome: str

    @property
    def port(self) -> str:
        return self.url.rsplit(":", 1)[1]


@contextmanager
def serving(assembly: Path, *arguments: str) -> Iterator[Serving]:
    """Serve an assembly for as long as the context lasts."""
    options = [f"--assembly={assembly}", "--port=0", *arguments]
    with started([sys.executable, "-m", "local", "serve", *options], PROJECT) as ready:
        yield ready


@contextmanager
def started(
    command: list[str], directory: Path, environment: dict[str, str] | None = None
) -> Iterator[Serving]:
    """Run a command that serves, for as long as the context lasts."""
    with subprocess.Popen(
        command,
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # `make` does not hand a signal on: it is sent to all of its processes, as Ctrl-C is.
        start_new_session=True,
    ) as process:
        try:
            welcome = _read_welcome(process)
            [url] = re.findall(r" (?:is|are) up at (http://127\.0\.0\.1:\d+)\n", welcome)
            yield Serving(process, url, welcome)
        finally:
            _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.communicate(timeout=END_DEADLINE_SECONDS)
    except subprocess.TimeoutExpired:
        # pytest would blame another test for a process that is left running.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        raise


def _read_welcome(process: subprocess.Popen[str]) -> str:
    """What it prints up to its last line; it has ended if that does not come in time."""
    assert process.stdout is not None
    lines: list[str] = []
    deadline = threading.Timer(READY_DEADLINE_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
    deadline.start()
    try:
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C"):
                break
    finally:
        deadline.cancel()
    return "".join(lines)
