# SPDX-License-Identifier: MIT-0
"""Sandboxes: what runs in them, what does not, and what an invocation answers."""

import base64
import json
import os
import signal
from pathlib import Path

import pytest

from ....support.stacks.scenario import wait_until
from ..plain_function import PlainFunction

DURABLE_SDK = "aws_durable_execution_sdk_python"


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


def test_a_warm_sandbox_is_used_again_and_a_dead_one_replaced(plain: PlainFunction) -> None:
    plain.deploy("import os\ndef handler(event, context): return os.getpid()")
    first, again = plain.invoke()["Payload"], plain.invoke()["Payload"]
    os.kill(first, signal.SIGKILL)
    after_the_kill = plain.invoke()

    assert first == again
    assert after_the_kill["Payload"] != first or after_the_kill.get("FunctionError")
    assert isinstance(plain.invoke()["Payload"], int)


def test_a_result_over_six_megabytes_is_a_function_error(plain: PlainFunction) -> None:
    plain.deploy("def handler(event, context): return 'A' * event")

    assert len(plain.invoke(6_291_554)["Payload"]) == 6_291_554
    assert plain.invoke(6_291_555)["Payload"] == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size "
        "(6291556 bytes).",
    }


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
