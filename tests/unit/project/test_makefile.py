# SPDX-License-Identifier: MIT-0
"""What the Makefile does itself: it checks a variable, and removes what was built."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from local.environment import PROJECT

MAKE_DEADLINE_SECONDS = 30
# What a make that runs these tests tells those that it starts.
OF_MAKE = ("GNUMAKEFLAGS", "MAKE", "MFLAGS")
# What a user has asked for by a command, and may want to keep.
KEPT = {"recorded"}


def make(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make, which takes the requirements for installed."""
    return subprocess.run(
        ["make", "--old-file", ".venv/installed", *arguments],
        cwd=directory,
        env={name: each for name, each in os.environ.items() if not name.startswith(OF_MAKE)},
        capture_output=True,
        text=True,
        timeout=MAKE_DEADLINE_SECONDS,
    )


@pytest.mark.parametrize("minutes", ["abc", "05", "5 minutes", "it's", '20, "x": 1', "."])
def test_minutes_that_are_no_number_are_refused_by_that_name_in_one_line(minutes: str) -> None:
    finished = make(PROJECT, "--dry-run", "run", f"MINUTES={minutes}")

    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.count("\n") == 1
    assert f"MINUTES must be a number, as in `make run MINUTES=5`, got {minutes}" in finished.stderr


@pytest.mark.parametrize("minutes", ["5", "0.5", "-5", "1e400", "2E+1", ""])
def test_a_number_of_minutes_becomes_the_input(minutes: str) -> None:
    finished = make(PROJECT, "--dry-run", "run", f"MINUTES={minutes}")
    given = f"""--input '{{"minutes_to_wait": {minutes}}}'"""

    assert (finished.returncode, finished.stderr) == (0, "")
    assert (given in finished.stdout) == bool(minutes)


@pytest.mark.parametrize(("status", "of_make"), [(0, 0), (1, 2), (130, 2)])
def test_make_ends_with_2_whenever_its_command_fails(
    tmp_path: Path, status: int, of_make: int
) -> None:
    shutil.copy(PROJECT / "Makefile", tmp_path)
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\nexit {status}\n")
    python.chmod(0o755)

    assert make(tmp_path, "run").returncode == of_make


def test_clean_removes_what_was_built_and_the_caches(tmp_path: Path) -> None:
    ignored = [line for line in (PROJECT / ".gitignore").read_text().split() if line[-1] == "/"]
    shutil.copy(PROJECT / "Makefile", tmp_path)
    for name in [*ignored, "lambda/__pycache__"]:
        (tmp_path / name).mkdir(parents=True)
    finished = make(tmp_path, "clean")

    assert finished.returncode == 0, finished.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"Makefile", "lambda", *KEPT}
    assert list((tmp_path / "lambda").iterdir()) == []
