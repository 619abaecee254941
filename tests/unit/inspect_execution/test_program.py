# SPDX-License-Identifier: MIT-0
"""Every program of the project ends in the same ways: by a status, and one line at the most."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import app
from inspect_execution import program
from local.errors import LocalError, UsageError

DEADLINE_SECONDS = 60


@pytest.fixture(autouse=True)
def no_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)


@pytest.mark.parametrize(("error", "status"), [(LocalError("it is"), 1), (UsageError("it is"), 2)])
def test_an_error_is_one_line_and_its_status(
    error: Exception, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> int:
        raise error

    assert program.run("name", fail) == status
    assert capsys.readouterr() == ("", "name: it is\n")


def test_what_was_done_is_the_status() -> None:
    assert program.run("name", lambda: 3) == 3


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("signal.raise_signal(signal.SIGINT)", 130),
        ("signal.raise_signal(signal.SIGTERM)", 143),
        ("raise BrokenPipeError", 141),
    ],
)
def test_an_end_from_outside_is_a_status_without_a_word(
    tmp_path: Path, end: str, status: int
) -> None:
    """Within an exec() too, where a module run by -m would end by the signal itself."""
    (tmp_path / "ended.py").write_text(
        "import sys\nfrom inspect_execution.program import run\n"
        f"sys.exit(run('ended', lambda: exec('import signal; {end}')))\n"
    )
    finished = subprocess.run(
        [sys.executable, "-m", "ended"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{app.ROOT}{os.pathsep}{tmp_path}"},
        capture_output=True,
        timeout=DEADLINE_SECONDS,
    )

    assert (finished.returncode, finished.stdout, finished.stderr) == (status, b"", b"")
