# SPDX-License-Identifier: MIT-0
"""Sandboxes: what runs in them, what does not, and how they end."""

import base64
import json
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import pytest

from local.endpoint.endpoint import Endpoint
from local.functions.function import FunctionConfiguration, function_arn
from local.functions.sandboxes import sandbox
from local.functions.sandboxes.sandbox_process import SandboxProcess

from ....support.liveness import is_held
from ....support.stacks.scenario import wait_until

DURABLE_SDK = "aws_durable_execution_sdk_python"
VARIABLES = {
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_DISABLE_HOST_PREFIX_INJECTION",
    "AWS_ENDPOINT_URL",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_FORMAT",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "LAMBDA_TASK_ROOT",
    "LANG",
    "TZ",
    "_X_AMZN_TRACE_ID",
}


class PlainFunction:
    """A function that is not durable, made of a piece of code."""

    def __init__(self, endpoint: Endpoint, directory: Path) -> None:
        self._endpoint = endpoint
        self._directory = directory
        self.client = endpoint.client("lambda")

    def deploy(self, code: str, timeout_seconds: int = 5, runtime: str = "python3.14") -> None:
        (self._directory / "function.py").write_text(code)
        self.create("function.handler", timeout_seconds, runtime=runtime)

    def create(
        self,
        handler: str,
        timeout_seconds: int = 5,
        layers: tuple[Path, ...] = (),
        runtime: str = "python3.14",
        environment: Mapping[str, str] = {"COLOUR": "blue"},
    ) -> None:
        self._endpoint.lambda_service.functions.create_function(
            FunctionConfiguration(
                name="plain",
                handler=handler,
                runtime=runtime,
                code=self._directory,
                layers=layers,
                environment=environment,
                timeout_seconds=timeout_seconds,
                memory_mb=128,
                role_arn="",
                log_group="",
                json_logs=False,
                durable=None,
            )
        )

    def invoke(self, event: Any = None) -> dict[str, Any]:
        answer = self.client.invoke(FunctionName="plain", Payload=json.dumps(event))
        return {**answer, "Payload": json.load(answer["Payload"])}


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[PlainFunction]:
    with Endpoint() as endpoint:
        yield PlainFunction(endpoint, tmp_path)


@pytest.mark.parametrize(
    ("runtime", "included"),
    [("python3.14", ["boto3", DURABLE_SDK]), ("python3.12", ["boto3"])],
)
def test_a_sandbox_imports_its_code_the_standard_library_and_the_packages_of_its_runtime(
    plain: PlainFunction, runtime: str, included: list[str]
) -> None:
    code = """
import importlib.util, os
def handler(event, context):
    return [name for name in event if importlib.util.find_spec(name)], dict(os.environ)
"""
    plain.deploy(code, runtime=runtime)
    others = ["moto", "rich", "pytest", "local", "aws_cdk", "errors", f"{DURABLE_SDK}_testing"]
    names = ["json", "function", "boto3", DURABLE_SDK, *others]
    found, environment = plain.invoke(names)["Payload"]

    assert found == ["json", "function", *included]
    assert environment["COLOUR"] == "blue"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "plain"
    assert "PATH" not in environment
    assert "PYTHONPATH" not in environment


@pytest.mark.parametrize(
    ("code", "error_type", "message"),
    [
        ("import nowhere", "Runtime.ImportModuleError", "Unable to import module 'function': "),
        ("def handler(", "Runtime.UserCodeSyntaxError", "was never closed"),
        ("x = 1", "Runtime.HandlerNotFound", "'handler'"),
        ("def handler(event, context): raise KeyError('k')", "KeyError", "'k'"),
        ("import os\ndef handler(event, context): os._exit(3)", "Runtime.ExitError", "status 3"),
        (
            "def handler(event, context): return {1}",
            "Runtime.MarshalError",
            "not JSON serializable",
        ),
    ],
)
def test_every_failure_of_a_sandbox_is_a_function_error(
    plain: PlainFunction, code: str, error_type: str, message: str
) -> None:
    plain.deploy(code)
    answer = plain.invoke()

    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"]["errorType"] == error_type
    assert message in answer["Payload"]["errorMessage"]


def test_an_event_is_answered_before_the_work_is_done(plain: PlainFunction, tmp_path: Path) -> None:
    done = tmp_path / "done"
    plain.deploy(
        "import pathlib, time\n"
        "def handler(event, context):\n    time.sleep(0.5)\n    pathlib.Path(event).touch()"
    )
    answer = plain.client.invoke(
        FunctionName="plain", InvocationType="Event", Payload=json.dumps(str(done))
    )

    assert answer["StatusCode"] == 202
    assert not done.exists()
    wait_until(done.exists, "the work to be done")


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


def test_a_warm_sandbox_is_used_again_and_a_dead_one_replaced(plain: PlainFunction) -> None:
    plain.deploy("import os\ndef handler(event, context): return os.getpid()")
    first, again = plain.invoke()["Payload"], plain.invoke()["Payload"]
    os.kill(first, signal.SIGKILL)
    after_the_kill = plain.invoke()

    assert first == again
    assert after_the_kill["Payload"] != first or after_the_kill.get("FunctionError")
    assert isinstance(plain.invoke()["Payload"], int)


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


def test_a_result_over_six_megabytes_is_a_function_error(plain: PlainFunction) -> None:
    plain.deploy("def handler(event, context): return 'A' * event")

    assert len(plain.invoke(6_291_554)["Payload"]) == 6_291_554
    assert plain.invoke(6_291_555)["Payload"] == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size "
        "(6291556 bytes).",
    }


def test_stack_traces_show_where_files_are_in_lambda(tmp_path: Path) -> None:
    code, layer = tmp_path / "code", tmp_path / "layer"
    for directory in (code, layer / "python"):
        directory.mkdir(parents=True)
    (layer / "python" / "shared.py").write_text("def fail(): raise ValueError('on purpose')\n")
    (code / "index.py").write_text("import shared\ndef handler(event, context): shared.fail()\n")
    with Endpoint() as endpoint:
        PlainFunction(endpoint, code).create("index.handler", layers=(layer,))
        answer = endpoint.client("lambda").invoke(FunctionName="plain")
        error = json.load(answer["Payload"])

    assert list(error) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert error["requestId"] == answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]
    assert error["stackTrace"] == [
        '  File "/var/task/index.py", line 2, in handler\n'
        "    def handler(event, context): shared.fail()\n",
        '  File "/opt/python/shared.py", line 1, in fail\n'
        "    def fail(): raise ValueError('on purpose')\n",
    ]


def test_the_end_of_the_log_comes_with_the_answer(plain: PlainFunction) -> None:
    plain.deploy("""
import os, sys
def handler(event, context):
    os.write(1, b"\\xff is no text\\n")
    print("printed")
    print("error", file=sys.stderr)
    if event == "exit":
        os._exit(1)
""")
    for event in ("return", "exit"):
        answer = plain.client.invoke(
            FunctionName="plain", LogType="Tail", Payload=json.dumps(event)
        )
        lines = base64.b64decode(answer["LogResult"]).decode().split("\n")
        request_id = answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]

        assert lines == [
            f"START RequestId: {request_id} Version: $LATEST",
            "\ufffd is no text",
            "printed",
            "error",
            f"END RequestId: {request_id}",
            "",
        ]


def test_a_handler_may_fork_processes(plain: PlainFunction) -> None:
    plain.deploy(
        """
import multiprocessing

def work(end):
    end.send(42)

def handler(event, context):
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()
    process = fork.Process(target=work, args=(theirs,))
    process.start()
    process.join(3)
    return [ours.poll(0) and ours.recv(), process.exitcode]
"""
    )

    assert plain.invoke()["Payload"] == [42, 0]


def test_standard_input_is_empty_for_a_handler_and_what_it_starts(plain: PlainFunction) -> None:
    plain.deploy(
        """
import subprocess, sys

def handler(event, context):
    read = subprocess.run(["cat"], capture_output=True, text=True).stdout + sys.stdin.read()
    if event == 2:
        sys.stdin.close()
    return [event, read]
"""
    )

    assert [plain.invoke(event)["Payload"] for event in (1, 2)] == [[1, ""], [2, ""]]


def test_a_function_may_have_its_own_time_zone_and_language(
    plain: PlainFunction, tmp_path: Path
) -> None:
    (tmp_path / "function.py").write_text(
        "import os, time\n"
        "def handler(event, context): return [os.environ['LANG'], time.localtime(0).tm_hour]"
    )
    plain.create("function.handler", environment={"TZ": "UTC-7", "LANG": "C.UTF-8"})

    assert plain.invoke()["Payload"] == ["C.UTF-8", 7]


def test_of_two_layers_with_the_same_module_the_later_one_counts(
    plain: PlainFunction, tmp_path: Path
) -> None:
    layers = tmp_path / "first", tmp_path / "second"
    for layer in layers:
        (layer / "python").mkdir(parents=True)
        (layer / "python" / "layered.py").write_text(f"name = '{layer.name}'")
    (tmp_path / "function.py").write_text(
        "import layered\ndef handler(event, context): return layered.name"
    )
    plain.create("function.handler", layers=layers)

    assert plain.invoke()["Payload"] == "second"


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


def test_a_handler_has_these_variables_and_those_of_its_function(plain: PlainFunction) -> None:
    plain.deploy("import os\ndef handler(event, context): return sorted(os.environ)")

    # Python sets LC_CTYPE where there is no such locale.
    assert set(plain.invoke()["Payload"]) - {"LC_CTYPE"} == {"COLOUR", *VARIABLES}
