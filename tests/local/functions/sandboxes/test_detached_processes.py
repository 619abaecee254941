# SPDX-License-Identifier: MIT-0
"""What a handler starts in a session of its own outlives its sandbox, and delays no end of it."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.functions.function import FunctionVersion
from local.functions.sandboxes.sandbox import LOG_DEADLINE_SECONDS
from local.functions.sandboxes.sandbox_pool import SandboxPool

from ....support.functions.sandboxes import version_in

CODE = """
import subprocess
def handler(event, context):
    return subprocess.Popen(["/bin/sleep", "60"], start_new_session=True).pid
"""
SANDBOXES = 3


@pytest.fixture
def process_ids() -> Iterator[list[int]]:
    """The processes that the test is to end."""
    process_ids: list[int] = []
    yield process_ids
    for process_id in process_ids:
        os.kill(process_id, signal.SIGKILL)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long threads are waited for, in seconds at most."""
    join, waits = threading.Thread.join, []

    def noted(thread: threading.Thread, timeout: float | None = None) -> None:
        waits.append(timeout or 0)
        # It is in vain: the reader of a log that is kept open does not end.
        join(thread, 0.01)

    monkeypatch.setattr(threading.Thread, "join", noted)
    return waits


def versions(directory: Path) -> list[FunctionVersion]:
    (directory / "index.py").write_text(CODE)
    return [version_in(directory, number) for number in range(SANDBOXES)]


def test_they_outlive_their_sandboxes_whose_logs_have_one_deadline(
    tmp_path: Path, process_ids: list[int], waits: list[float]
) -> None:
    pool = SandboxPool(environment=lambda _: {}, log=lambda *_: None)
    for version in versions(tmp_path):
        process_ids.append(int(pool.invoke(version, "1", version.arn).payload))
    waits.clear()
    pool.close()

    assert len(waits) == SANDBOXES
    assert max(waits) <= LOG_DEADLINE_SECONDS
    assert sorted(waits, reverse=True) == waits
    assert len(set(waits)) == SANDBOXES
    for process_id in process_ids:
        os.kill(process_id, 0)
