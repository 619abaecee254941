# SPDX-License-Identifier: MIT-0
"""A process that is asked, and neither reads nor answers: there is a deadline for both."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.functions.sandboxes.sandbox_process import SandboxProcess, spawning

# More than a pipe holds.
LONG = {"event": "A" * 1_000_000}


@pytest.fixture
def deaf(tmp_path: Path) -> Iterator[SandboxProcess]:
    """A process that reads nothing and answers nothing."""
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = SandboxProcess(spawning(command), tmp_path, (), {})
    yield process
    process.kill()
    process.wait()
    process.close(is_output_read=True)


def test_a_message_that_is_not_read_is_given_up(deaf: SandboxProcess) -> None:
    with pytest.raises(TimeoutError):
        deaf.send(LONG, 0.1)


def test_a_question_that_is_not_read_is_given_up(deaf: SandboxProcess) -> None:
    with pytest.raises(TimeoutError):
        deaf.ask(LONG, 0.1)


def test_a_question_that_is_not_answered_is_given_up(deaf: SandboxProcess) -> None:
    with pytest.raises(TimeoutError):
        deaf.ask({}, 0.1)


def test_a_process_that_is_killed_is_asked_in_vain(deaf: SandboxProcess) -> None:
    deaf.kill()
    deaf.wait()

    assert deaf.ask(LONG, 0.1) == ""


def test_a_process_that_does_not_end_is_waited_for_as_long_as_said(deaf: SandboxProcess) -> None:
    with pytest.raises(TimeoutError):
        deaf.wait(0.1)


def test_a_process_that_cannot_be_started_leaves_no_pipe_open(tmp_path: Path) -> None:
    before = os.listdir("/dev/fd")  # noqa: PTH208
    with pytest.raises(FileNotFoundError):
        SandboxProcess(spawning([str(tmp_path / "nothing")]), tmp_path, (), {})

    assert os.listdir("/dev/fd") == before  # noqa: PTH208
