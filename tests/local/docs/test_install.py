# SPDX-License-Identifier: MIT-0
"""What make installs, with which Python, and what it says of it."""

from pathlib import Path

import pytest

from ...support.clone import Clone, cloned
from ...support.project import readme

INSTALL = "make .venv/installed"
# A Python that says it is of another version, as long as it is asked by `-c`.
PRETENDING = """#!/bin/sh
if [ "$1" = -c ]; then
    exec {python} -c "import sys; sys.version_info = {version}; sys.version = str({version})
exec(sys.argv[1])" "$2"
fi
exec {python} "$@"
"""


def pretend(path: Path, version: tuple[int, int, int]) -> str:
    path.write_text(PRETENDING.format(python=path.parent / "python3", version=version))
    path.chmod(0o755)
    return str(path)


def fresh(directory: Path) -> Clone:
    """A clone that needs no packages: installing them takes long, and is not of interest."""
    clone = cloned(directory)
    (clone.directory / "requirements-dev.txt").write_text("")
    return clone


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return fresh(tmp_path)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Clone, str]:
    """A clone with its environment, and what make said while it made that."""
    clone = fresh(tmp_path_factory.mktemp("install"))
    finished = clone.run(INSTALL)
    assert finished.returncode == 0, finished.stdout
    return clone, finished.stdout


def test_the_installation_is_announced_and_done_once(installed: tuple[Clone, str]) -> None:
    clone, said = installed
    again = clone.run(INSTALL)

    assert said.splitlines()[:2] == [
        "Installing the development requirements into .venv (1.1 GB, about two minutes) …",
        "python3 -m venv .venv",
    ]
    assert again.returncode == 0
    assert_up_to_date(again.stdout)


def assert_up_to_date(said: str) -> None:
    assert said.startswith("make: ")
    assert said.endswith(" is up to date.\n")
    assert said.count("\n") == 1


def test_a_python_that_is_too_old_ends_make_with_one_line(clone: Clone) -> None:
    old = pretend(clone.directory.parent / "old", (3, 10, 4))
    finished = clone.run(f"make run PYTHON={old}")

    assert finished.returncode == 2
    assert finished.stdout.startswith("Makefile:")
    assert finished.stdout.endswith(
        f": *** Python 3.11 or later is needed, and {old} is 3.10.4: "
        "name one, as in `make run PYTHON=python3.14`.  Stop.\n"
    )
    assert finished.stdout.count("\n") == 1
    assert not (clone.directory / ".venv").exists()


def test_a_python_that_is_not_there_ends_make(clone: Clone) -> None:
    finished = clone.run("make run PYTHON=python3.999")

    assert finished.returncode == 2
    assert "and python3.999 is not found: name one" in finished.stdout.splitlines()[-1]


def test_a_python_given_later_replaces_the_environment_that_another_made(
    installed: tuple[Clone, str],
) -> None:
    """The command of docs/local.md, with a Python that says it is 3.14."""
    command, (clone, _) = "make run PYTHON=python3.14", installed
    pretend(clone.directory.parent / "python3.14", (3, 14, 0))
    (clone.directory / ".venv" / "left").touch()
    same, other = (clone.run(f"{INSTALL} PYTHON={name}") for name in ("python3", "python3.14"))

    assert command in readme.commands()
    assert_up_to_date(same.stdout)
    assert "python3.14 -m venv --clear .venv\n" in other.stdout
    assert other.returncode == 0, other.stdout
    assert not (clone.directory / ".venv" / "left").exists()


def test_new_requirements_are_installed_by_the_python_that_made_the_environment(
    installed: tuple[Clone, str],
) -> None:
    clone, _ = installed
    (clone.directory / ".venv" / "left").touch()
    (clone.directory / ".venv" / "installed").unlink()
    again = clone.run(INSTALL)

    assert ".venv/bin/python -m venv .venv\n" in again.stdout
    assert again.returncode == 0, again.stdout
    assert (clone.directory / ".venv" / "left").exists()
