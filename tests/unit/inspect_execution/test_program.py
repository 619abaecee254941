# SPDX-License-Identifier: MIT-0
"""Every program of the project ends in the same ways: by a status, and one line at the most."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE

import pytest

from inspect_execution import program
from local.environment import PROJECT
from local.errors import LocalError, UsageError

DEADLINE_SECONDS = 60
FULL = Path("/dev/full")
FROM_OUTSIDE = [
    ("signal.raise_signal(signal.SIGINT)", 130),
    ("signal.raise_signal(signal.SIGTERM)", 143),
]
# Kept until the end, or too much to be kept, or by rich, which has an end of its own for this.
WRITING = [
    "print('some')",
    "print('much' * 100_000)",
    "from rich.console import Console; Console().print('some')",
    "from argparse import ArgumentParser; ArgumentParser().parse_args(['--help'])",
]
End = tuple[int, bytes | None, bytes | None]
Ended = Callable[..., End]


@pytest.fixture(autouse=True)
def no_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)


@pytest.mark.parametrize(("error", "status"), [(LocalError("it is"), 1), (UsageError("it is"), 2)])
def test_an_error_is_one_line_and_its_status(
    error: Exception, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> int:
        raise error

    assert program.run_program("name", fail) == status
    assert capsys.readouterr() == ("", "name: it is\n")


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], ""),
        (["--fast"], ""),
        (["run", "--port", "a\n  b"], "run "),
        (["run", "--\nfast"], "run "),
        (["run", "more"], "run "),
    ],
)
def test_a_wrong_command_line_is_one_line_and_status_2(
    arguments: list[str], command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = program.ArgumentParser(prog="python -m name")
    parser.add_subparsers(required=True).add_parser("run").add_argument("--port", type=int)

    assert program.run_program("name", lambda: bool(parser.parse_args(arguments))) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert re.fullmatch(rf"name: .+: see python -m name {command}--help\n", told.err)


def test_what_was_done_is_the_status() -> None:
    assert program.run_program("name", lambda: 3) == 3


def test_an_error_of_another_file_is_not_taken_for_one_of_the_output(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> int:
        raise PermissionError(13, "Permission denied", "it")

    assert program.run_program("name", fail) == 1
    assert capsys.readouterr() == ("", "name: [Errno 13] Permission denied: 'it'\n")


@pytest.fixture
def ended(tmp_path: Path) -> Ended:
    """How a program ends that does this, with that as its output and errors."""

    def run(done: str, stdout: int = PIPE, stderr: int = PIPE) -> End:
        (tmp_path / "ended.py").write_text(
            "import signal, sys\nfrom inspect_execution.program import run_program\n"
            f"sys.exit(run_program('ended', lambda: exec({done!r}) or 0))\n"
        )
        finished = subprocess.run(
            [sys.executable, "-m", "ended"],
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": f"{PROJECT}{os.pathsep}{tmp_path}",
                # Empty is off: what is printed is kept until it is flushed.
                "PYTHONUNBUFFERED": "",
            },
            stdout=stdout,
            stderr=stderr,
            timeout=DEADLINE_SECONDS,
        )
        return finished.returncode, finished.stdout, finished.stderr

    return run


@pytest.fixture
def full() -> Iterator[int]:
    """A file on a full disk."""
    if not FULL.exists():
        pytest.skip(f"{FULL} is Linux's")
    with FULL.open("wb") as file:
        yield file.fileno()


@pytest.fixture
def unread() -> Iterator[int]:
    """A pipe whose reader is gone."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.parametrize(("end", "status"), FROM_OUTSIDE)
def test_an_end_from_outside_is_a_status_without_a_word(
    ended: Ended, end: str, status: int
) -> None:
    """Within an exec() too, where a module run by -m would end by the signal itself."""
    assert ended(f"print('some'); {end}") == (status, b"some\n", b"")


@pytest.mark.parametrize(("end", "status"), FROM_OUTSIDE)
def test_it_is_the_same_with_an_output_that_cannot_be_written(
    ended: Ended, unread: int, full: int, end: str, status: int
) -> None:
    assert ended(f"print('some'); {end}", unread) == (status, None, b"")
    assert ended(f"print('some'); {end}", full) == (status, None, b"")


@pytest.mark.parametrize("done", WRITING)
def test_a_reader_that_has_enough_is_a_status_without_a_word(
    ended: Ended, unread: int, done: str
) -> None:
    assert ended(done, unread) == (141, None, b"")


@pytest.mark.parametrize("done", WRITING)
def test_an_output_that_cannot_be_written_is_one_line(ended: Ended, full: int, done: str) -> None:
    line = b"ended: the output cannot be written: No space left on device\n"

    assert ended(done, full) == (1, None, line)


def test_an_output_that_was_closed_before_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then Python has no standard output."""
    monkeypatch.setattr(sys, "stdout", None)

    assert program.run_program("name", lambda: 0) == 1
    assert capsys.readouterr().err == "name: the output cannot be written: it is closed\n"


def test_an_error_with_nowhere_to_tell_it_keeps_its_status(ended: Ended, full: int) -> None:
    done = "from local.errors import UsageError\nprint('some')\nraise UsageError('it is')"

    assert ended(done, full) == (2, None, b"ended: it is\n")
    assert ended(done, full, full) == (2, None, None)


def test_a_pipe_that_is_not_the_output_is_an_error_like_another(ended: Ended) -> None:
    assert ended("raise BrokenPipeError(32, 'Broken pipe')") == (
        1,
        b"",
        b"ended: [Errno 32] Broken pipe\n",
    )
