# SPDX-License-Identifier: MIT-0
"""Processes of tests: none is left running when a test fails."""

import subprocess
import sys
from pathlib import Path

import pytest

from ...support import serving
from ...support.commands import ending
from ...support.liveness import is_held
from ...support.stacks.patience import ON_THIS_MACHINE

# Holds the lock with a process that it has started, as `make` does, and heeds no SIGTERM.
DEAF = """
import fcntl, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
lock = open("alive.lock")
fcntl.flock(lock, fcntl.LOCK_SH)
subprocess.Popen(["/bin/sleep", "60"], pass_fds=[lock.fileno()])
print("It is up at http://127.0.0.1:1\\nCtrl-C ends it", flush=True)
time.sleep(60)
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    (tmp_path / "alive.lock").touch()
    return tmp_path / "alive.lock"


def test_one_that_does_not_end_in_time_is_killed_with_its_group(
    lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "END_DEADLINE_SECONDS", 0.2)
    with (
        pytest.raises(subprocess.TimeoutExpired),
        serving.started([sys.executable, "-c", DEAF], lock.parent) as ready,
    ):
        assert is_held(lock)

    assert ready.process.returncode == -9
    ON_THIS_MACHINE.until(lambda: not is_held(lock), "the end of its group")


def test_one_that_a_failed_test_leaves_is_killed() -> None:
    process = subprocess.Popen(["/bin/sleep", "60"])
    with pytest.raises(AssertionError, match="failed"), ending(process):
        raise AssertionError("failed")

    assert process.returncode == -9
