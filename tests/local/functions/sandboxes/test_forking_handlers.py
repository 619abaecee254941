# SPDX-License-Identifier: MIT-0
"""A handler that forks itself: its own process answers, and ends when it ends."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.functions.sandboxes.fork_server import forking
from local.functions.sandboxes.sandbox import Sandbox
from local.functions.sandboxes.sandbox_process import caching_command, spawning

from ....support.functions.sandboxes import answer, sandbox, version_in

CODE = """
import os, signal, sys

def handler(event, context):
    if event == "leave a child":
        print("leaves a child")
        if os.fork():
            os._exit(3)
        signal.pause()
    if event == "wait for a child":
        if child := os.fork():
            return os.waitpid(child, 0)[1]
        sys.stdout = open(1, "w", closefd=False)
        print("printed by a child")
    if event == "return in both":
        if not os.fork():
            return 500_000 * "x"
        return 500_000 * "y"
    if event == "fail in a child":
        if child := os.fork():
            return os.waitpid(child, 0)[1]
        raise ValueError
    return event
"""


@pytest.fixture(params=[forking(0), spawning(caching_command())], ids=["forked", "spawned"])
def started(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sandbox]:
    (tmp_path / "index.py").write_text(CODE)
    with sandbox(version_in(tmp_path, timeout_seconds=3), request.param) as started:
        yield started


def test_a_child_that_returns_from_the_handler_answers_nothing(started: Sandbox) -> None:
    for _ in range(3):
        assert answer(started, "return in both") == 500_000 * "y"
    assert answer(started, "next") == "next"


@pytest.mark.parametrize(
    ("event", "log"),
    [
        ("wait for a child", ("printed by a child",)),
        ("fail in a child", ("[ERROR] ValueError",)),
    ],
)
def test_a_child_ends_where_the_handler_does(
    started: Sandbox, event: str, log: tuple[str, ...]
) -> None:
    result = started.invoke(json.dumps(event), "arn")

    assert result.payload == "0"
    assert tuple(each.splitlines()[0] for each in result.log) == log


def test_the_end_of_its_process_is_noticed_while_a_child_keeps_its_pipes(started: Sandbox) -> None:
    result = started.invoke('"leave a child"', "arn")

    assert json.loads(result.payload)["errorType"] == "Runtime.ExitError"
    assert "exit status 3" in result.payload
    assert result.log == ("leaves a child",)
