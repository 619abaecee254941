# SPDX-License-Identifier: MIT-0
"""A process that is asked, and neither reads nor answers: there is a deadline for both."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.functions.sandboxes.sandbox_process import SandboxProcess, spawning

# More than a pipe holds.
LONG = {"request_id": "1", "event": "A" * 1_000_000}
# Answers twice in one writing, after what is no answer.
STAMMERING = """
import json, os, sys
for line in sys.stdin:
    request_id = json.loads(line)["request_id"]
    answers = [json.dumps({"request_id": request_id, "number": number}) for number in (1, 2)]
    os.write(1, "\\n".join(['{"reque{"request', "7", *answers, ""]).encode())
"""


@pytest.fixture
def deaf(tmp_path: Path) -> Iterator[SandboxProcess]:
    """A process that reads nothing and answers nothing."""
    with running("import time; time.sleep(60)", tmp_path) as process:
        yield process


@contextmanager
def running(program: str, directory: Path) -> Iterator[SandboxProcess]:
    command = [sys.executable, "-S", "-c", program]
    process = SandboxProcess(spawning(command), directory, (), {})
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.close()
        assert list(process.output()) == []


def test_an_answer_is_taken_by_its_request_id(tmp_path: Path) -> None:
    with running(STAMMERING, tmp_path) as process:
        answers = [process.ask({"request_id": each}, 10) for each in ("a", "b")]

    assert answers == [{"request_id": each, "number": 1} for each in ("a", "b")]


def test_a_message_that_is_not_read_is_given_up(deaf: SandboxProcess) -> None:
    with pytest.raises(TimeoutError):
        deaf.send(LONG, 0.1)


def test_a_question_that_is_not_read_is_given_up(deaf: SandboxProcess) -> None:
    with pytest.raises(TimeoutError):
        deaf.ask(LONG, 0.1)


def test_a_question_that_is_not_answered_is_given_up(deaf: SandboxProcess) -> None:
    with pytest.raises(TimeoutError):
        deaf.ask({"request_id": "1"}, 0.1)


def test_a_process_that_is_killed_is_asked_in_vain(deaf: SandboxProcess) -> None:
    deaf.kill()
    deaf.wait()

    assert deaf.ask(LONG, 0.1) is None


def test_a_process_that_does_not_end_is_waited_for_as_long_as_said(deaf: SandboxProcess) -> None:
    with pytest.raises(TimeoutError):
        deaf.wait(0.1)


def test_a_process_that_cannot_be_started_leaves_no_pipe_open(tmp_path: Path) -> None:
    before = os.listdir("/dev/fd")  # noqa: PTH208
    with pytest.raises(FileNotFoundError):
        SandboxProcess(spawning([str(tmp_path / "nothing")]), tmp_path, (), {})

    assert os.listdir("/dev/fd") == before  # noqa: PTH208
