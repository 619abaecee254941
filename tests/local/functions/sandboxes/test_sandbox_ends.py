# SPDX-License-Identifier: MIT-0
"""How sandboxes end: by a time-out, by a signal, with their endpoint, or by themselves."""

import json
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import pytest

from local.endpoint.endpoint import Endpoint
from local.functions.function import function_arn
from local.functions.sandboxes import sandbox
from local.functions.sandboxes.sandbox_process import SandboxProcess

from ....support.liveness import is_held
from ....support.stacks.scenario import wait_until
from ..plain_function import PlainFunction


def test_a_handler_that_takes_too_long_is_killed(plain: PlainFunction) -> None:
    plain.deploy("import time\ndef handler(event, context): time.sleep(60)", timeout_seconds=1)
    answer = plain.invoke()

    assert answer["Payload"]["errorType"] == "Sandbox.Timedout"
    assert answer["Payload"]["errorMessage"].endswith("Task timed out after 1.00 seconds")


def test_a_function_that_never_loads_is_killed(
    plain: PlainFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "INIT_SECONDS", 0.5)
    plain.deploy("import time\ntime.sleep(60)", timeout_seconds=1)

    assert plain.invoke("A" * 1_000_000)["Payload"]["errorType"] == "Sandbox.Timedout"


def test_the_time_in_which_a_function_loads_is_none_of_its_timeout(plain: PlainFunction) -> None:
    plain.deploy(
        "import time\ntime.sleep(1.5)\n"
        "def handler(event, context): return context.get_remaining_time_in_millis()",
        timeout_seconds=1,
    )

    assert 0 < plain.invoke()["Payload"] <= 1000


def test_what_a_handler_has_started_ends_with_its_sandbox(tmp_path: Path) -> None:
    with Endpoint() as endpoint:
        plain = PlainFunction(endpoint, tmp_path)
        plain.deploy("""
import fcntl, subprocess
def handler(event, context):
    with open(event) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        subprocess.Popen(["/bin/sleep", "100"], pass_fds=[file.fileno()])
""")
        lock = tmp_path / "alive.lock"
        lock.touch()
        plain.invoke(str(lock))
        assert is_held(lock)
    wait_until(lambda: not is_held(lock), "the started process to end")


def test_a_sandbox_that_ended_by_itself_is_ended_as_macos_permits_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbid(*_: int) -> NoReturn:
        raise PermissionError

    with Endpoint() as endpoint:
        plain = PlainFunction(endpoint, tmp_path)
        plain.deploy("import os\ndef handler(event, context): return os.getpid()")
        process_id = plain.invoke()["Payload"]
        os.kill(process_id, signal.SIGKILL)
        monkeypatch.setattr(os, "killpg", forbid)

    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)


def test_no_sandbox_outlives_its_endpoint(tmp_path: Path) -> None:
    with Endpoint() as endpoint:
        plain = PlainFunction(endpoint, tmp_path)
        plain.deploy("import os\ndef handler(event, context): return os.getpid()")
        process_id = plain.invoke()["Payload"]

    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)


def test_a_sandbox_that_runs_when_its_endpoint_closes_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, is_asked, is_closed = SandboxProcess.ask, threading.Event(), threading.Event()

    def ask_late(process: SandboxProcess, message: dict[str, Any], seconds: float) -> Any:
        is_asked.set()
        assert is_closed.wait(10)
        return ask(process, message, seconds)

    monkeypatch.setattr(SandboxProcess, "ask", ask_late)
    with ThreadPoolExecutor() as threads:
        with Endpoint() as endpoint:
            PlainFunction(endpoint, tmp_path).deploy("def handler(event, context): return 1")
            service = endpoint.lambda_service
            version = service.functions.version(function_arn("plain"))
            invoked = threads.submit(service.sandboxes.invoke, version, "{}", version.arn)
            assert is_asked.wait(10)
        is_closed.set()

        assert json.loads(invoked.result(10).payload)["errorType"] == "Runtime.ExitError"


def test_a_handler_that_exits_and_leaves_a_thread_times_out(plain: PlainFunction) -> None:
    plain.deploy(
        """
import sys, threading, time

def handler(event, context):
    threading.Thread(target=time.sleep, args=(60,)).start()
    sys.exit(3)
""",
        timeout_seconds=1,
    )

    assert plain.invoke()["Payload"]["errorType"] == "Sandbox.Timedout"
