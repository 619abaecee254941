# SPDX-License-Identifier: MIT-0
"""The pool of sandboxes: which are taken again, and which make room for others."""

import os
import signal
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event, current_thread, main_thread
from typing import Any

import pytest

from local.functions.function import FunctionVersion
from local.functions.sandboxes import sandbox_pool
from local.functions.sandboxes.sandbox import InvocationResult, Sandbox, end_all
from local.functions.sandboxes.sandbox_pool import SandboxPool
from local.functions.sandboxes.sandbox_process import caching_command, spawning

from ....support.functions.sandboxes import version_in

CODE = "import os\ndef handler(event, context): return os.getpid()\n"


@pytest.fixture
def pool() -> Iterator[SandboxPool]:
    pool = SandboxPool(environment=lambda _: {}, log=lambda *_: None)
    yield pool
    pool.close()


def version(directory: Path, number: int, code: str = CODE) -> FunctionVersion:
    (directory / "index.py").write_text(code)
    return version_in(directory, number, timeout_seconds=5)


def test_the_sandbox_that_is_idle_for_longest_makes_room_for_another_version(
    pool: SandboxPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_pool, "MAX_SANDBOXES", 2)
    versions = [version(tmp_path, number) for number in range(3)]

    def process_id(number: int) -> str:
        return pool.invoke(versions[number], "{}", versions[number].arn).payload

    first, second, again = process_id(0), process_id(1), process_id(0)
    process_id(2)

    assert again == first
    assert pool.count == 2
    assert process_id(0) == first
    assert process_id(1) != second


def test_a_burst_leaves_no_more_sandboxes_than_the_limit(
    pool: SandboxPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_pool, "MAX_SANDBOXES", 2)
    invoke, all_are_busy = Sandbox.invoke, Barrier(4)

    def invoke_together(sandbox: Sandbox, *arguments: Any) -> InvocationResult:
        all_are_busy.wait(10)
        return invoke(sandbox, *arguments)

    monkeypatch.setattr(Sandbox, "invoke", invoke_together)
    versions = [version(tmp_path, number) for number in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda each: pool.invoke(each, "{}", each.arn), versions))

    assert pool.count == 2


def test_a_sandbox_that_takes_long_to_end_holds_up_no_other(
    pool: SandboxPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_pool, "MAX_SANDBOXES", 1)
    wait, begins_to_end, may_end = Sandbox.wait, Event(), Event()

    def end_late(sandbox: Sandbox) -> int:
        begins_to_end.set()
        may_end.wait(10)
        return wait(sandbox)

    monkeypatch.setattr(Sandbox, "wait", end_late)
    first, second, third = (version(tmp_path, number) for number in range(3))
    pool.invoke(first, "{}", first.arn)
    with ThreadPoolExecutor(2) as threads:
        makes_room = threads.submit(pool.invoke, second, "{}", second.arn)
        assert begins_to_end.wait(10)
        try:
            other = threads.submit(pool.kill, third)
            other.result(5)
        finally:
            may_end.set()
        makes_room.result(10)


def test_a_pool_that_closes_ends_what_another_thread_is_about_to_end(
    pool: SandboxPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_pool, "MAX_SANDBOXES", 1)
    begins_to_end, may_end = Event(), Event()

    def end_late(sandboxes: Collection[Sandbox]) -> None:
        if current_thread() is not main_thread():
            begins_to_end.set()
            may_end.wait(10)
        end_all(sandboxes)

    monkeypatch.setattr(sandbox_pool, "end_all", end_late)
    first, second = (version(tmp_path, number) for number in range(2))
    process_id = int(pool.invoke(first, "{}", first.arn).payload)
    with ThreadPoolExecutor(1) as threads:
        threads.submit(pool.invoke, second, "{}", second.arn)
        assert begins_to_end.wait(10)
        try:
            pool.close()
            with pytest.raises(ProcessLookupError):
                os.kill(process_id, 0)
        finally:
            may_end.set()

    assert pool.count == 0


def test_a_pool_that_is_closed_has_no_sandboxes(pool: SandboxPool, tmp_path: Path) -> None:
    plain = version(tmp_path, 1)
    pool.invoke(plain, "{}", plain.arn)
    pool.close()

    assert pool.count == 0


def test_a_line_of_the_log_that_cannot_be_written_ends_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise LookupError("s3cr3t")

    pool = SandboxPool(environment=lambda _: {}, log=refuse)
    code = "def handler(event, context):\n    print(200_000 * 'x')\n    print('y')\n    return 1\n"
    plain = version(tmp_path, 1, code)
    try:
        answers = [pool.invoke(plain, "{}", plain.arn).payload for _ in range(2)]
    finally:
        pool.close()

    assert answers == ["1", "1"]
    assert [record.getMessage().split(" at ")[0] for record in caplog.records] == 4 * [
        "a line of the log is lost: LookupError"
    ]
    assert "s3cr3t" not in caplog.text


def test_a_sandbox_that_loads_for_ever_ends_with_its_endpoint(tmp_path: Path) -> None:
    plain = version(tmp_path, 1, "import time\ntime.sleep(60)\n")
    sandbox = Sandbox(plain, {}, lambda *_: None, spawning(caching_command()))
    # What the end of the endpoint's process does.
    sandbox._process._requests.close()
    try:
        assert sandbox.wait() == -signal.SIGKILL
    finally:
        sandbox.end()


def test_an_invocation_waits_for_a_place_of_its_version(
    pool: SandboxPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_pool, "SANDBOXES_PER_VERSION", 2)
    plain = version(tmp_path, 1, CODE.replace("return", "import time; time.sleep(0.05); return"))
    with ThreadPoolExecutor(10) as threads:
        asked = [threads.submit(pool.invoke, plain, "{}", plain.arn) for _ in range(10)]
    process_ids = {each.result().payload for each in asked}

    assert pool.count == 2
    assert len(process_ids) == 2
