# SPDX-License-Identifier: MIT-0
"""A handler that forks itself: which answer counts, and what the end of its own process is."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.functions.sandboxes.fork_server import forking
from local.functions.sandboxes.sandbox import Sandbox
from local.functions.sandboxes.sandbox_process import caching_command, spawning

from ...support.sandboxes import answer, sandbox, version_in

CODE = """
import os, signal

def handler(event, context):
    if event == "leave a child":
        print("leaves a child")
        if os.fork():
            os._exit(3)
        signal.pause()
    if event == "answer twice":
        if child := os.fork():
            os.waitpid(child, 0)
        else:
            # Time enough to answer.
            signal.setitimer(signal.ITIMER_REAL, 0.2)
    print(event)
    return event
"""


@pytest.fixture(params=[forking(0), spawning(caching_command())], ids=["forked", "spawned"])
def started(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sandbox]:
    (tmp_path / "index.py").write_text(CODE)
    with sandbox(version_in(tmp_path, timeout_seconds=3), request.param) as started:
        yield started


def test_an_answer_that_comes_late_is_none_of_the_next_invocation(started: Sandbox) -> None:
    events = "answer twice", "next", "last"

    assert [answer(started, event) for event in events] == list(events)


def test_the_end_of_its_process_is_noticed_while_a_child_keeps_its_pipes(started: Sandbox) -> None:
    result = started.invoke('"leave a child"', "arn")

    assert json.loads(result.payload)["errorType"] == "Runtime.ExitError"
    assert "exit status 3" in result.payload
    assert result.log == ("leaves a child",)
