# SPDX-License-Identifier: MIT-0
"""The project's programs as a user types them, as processes and in the process of the tests.

A process of its own imports the engines anew, which takes a second: it is for what concerns a
process, as signals, pipes and encodings do.
"""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from local.environment import PROJECT

DEADLINE_SECONDS = 120
T = TypeVar("T", str, bytes)
Local = Callable[..., "subprocess.CompletedProcess[str]"]


def here(main: Callable[[], int], captured: pytest.CaptureFixture[str]) -> Local:
    """A program that runs in this process, where its signals do nothing."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(signal, "signal", lambda *_: None)
            patched.setattr(sys, "argv", ["program", *map(str, arguments)])
            try:
                status = main()
            except SystemExit as end:
                status = int(str(end.code))
        out, err = captured.readouterr()
        return subprocess.CompletedProcess(arguments, status, out, err)

    return run


@contextmanager
def ending(process: "subprocess.Popen[T]") -> Iterator["subprocess.Popen[T]"]:
    """Kill a process that a failed test leaves running: pytest would blame another test for it."""
    with process:
        try:
            yield process
        finally:
            process.kill()


def local(*arguments: str | Path, cwd: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    return module("local", *arguments, cwd=cwd)


def module(
    name: str,
    *arguments: str | Path,
    cwd: Path = PROJECT,
    env: dict[str, str] | None = None,
    seconds: float = DEADLINE_SECONDS,
) -> subprocess.CompletedProcess[str]:
    """Run a module of the project as a program, to its end."""
    return subprocess.run(
        [sys.executable, "-m", name, *map(str, arguments)],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
