# SPDX-License-Identifier: MIT-0
"""Layers with packages whose import exits or hangs, which a fork server imports first."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from local.functions.function import FunctionVersion
from local.functions.sandboxes import sandbox as sandbox_module
from local.functions.sandboxes.fork_server import (
    CLOSE_DEADLINE_SECONDS,
    _ForkedProcess,
    _ForkServers,
    forking,
)
from local.functions.sandboxes.sandbox import Sandbox, end_all
from local.functions.sandboxes.sandbox_pool import SandboxPool
from local.functions.sandboxes.sandbox_process import StartRequest

from ....support.functions.sandboxes import answer, sandbox, version_in
from ....support.stacks.scenario import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, no sandbox is forked")

HANGS = "import signal\nsignal.pause()\n"


@pytest.fixture
def version_with(tmp_path: Path) -> Callable[[str], FunctionVersion]:
    """A version with a layer of its own that has such a boto3."""
    numbers = count()

    def version_with(boto3: str) -> FunctionVersion:
        directory = tmp_path / str(next(numbers))
        (directory / "python").mkdir(parents=True)
        (directory / "python" / "boto3.py").write_text(boto3)
        (directory / "index.py").write_text("def handler(event, context): return event\n")
        return version_in(directory, layers=(directory,))

    return version_with


def test_an_import_that_exits_ends_no_fork_server(
    version_with: Callable[[str], FunctionVersion],
) -> None:
    with sandbox(version_with("raise SystemExit"), forking(0)) as started:
        assert answer(started, 1) == 1


def test_a_pool_is_closed_while_an_import_hangs(
    version_with: Callable[[str], FunctionVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_module, "FORK_DEADLINE_SECONDS", 0.2)
    pool = SandboxPool(environment=lambda _: {}, log=lambda *_: None)
    version = version_with(HANGS)
    with ThreadPoolExecutor(1) as threads:
        invoked = threads.submit(pool.invoke, version, "1", version.arn)
        wait_until(lambda: pool.count == 1, "a sandbox")
        pool.close()

        assert json.loads(invoked.result(10).payload)["errorType"] == "Runtime.ExitError"


def test_sandboxes_that_are_not_forked_are_waited_for_together(
    version_with: Callable[[str], FunctionVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_module, "FORK_DEADLINE_SECONDS", 0.2)
    process_id, waits = _ForkedProcess.process_id, []

    def noted(process: _ForkedProcess, seconds: float) -> int:
        waits.append(seconds)
        return process_id(process, seconds)

    monkeypatch.setattr(_ForkedProcess, "process_id", noted)
    versions = [version_with(HANGS) for _ in range(3)]
    sandboxes = [Sandbox(each, {}, lambda *_: None, forking(0)) for each in versions]
    end_all(sandboxes)

    assert len(waits) == 3
    assert sum(waits) <= 0.2
    assert not any(each.is_alive for each in sandboxes)


def test_servers_that_do_not_end_are_waited_for_together(
    version_with: Callable[[str], FunctionVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    wait, waits = subprocess.Popen.wait, []

    def noted(process: "subprocess.Popen[bytes]", timeout: float | None = None) -> int:
        waits.append(timeout or 0)
        return wait(process, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", noted)
    layer = version_with(HANGS).configuration.code
    request = StartRequest(layer, (str(layer / "python"),), {}, (0, 1, 2))
    servers = _ForkServers()
    processes = [servers.start(number, request) for number in range(4)]
    servers.close()

    assert sum(waits) <= CLOSE_DEADLINE_SECONDS
    assert [process.poll() for process in processes] == 4 * [-signal.SIGKILL]
