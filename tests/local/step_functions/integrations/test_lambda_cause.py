# SPDX-License-Identifier: MIT-0
"""The cause of a task that its function fails: what Lambda's runtime says, as compact JSON."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ....support.functions.durable_functions import DurableFunctions, arn_of, durable_functions
from ....support.step_functions.state_machines import run_task

FAILS = """
import decimal, datetime
def handler(event, context):
    if event["kind"] == "datetime":
        return datetime.datetime(2026, 1, 1)
    if event["kind"] == "decimal":
        return decimal.Decimal("1.5")
    raise ValueError("on purpose")
"""


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DurableFunctions]:
    directory = tmp_path_factory.mktemp("functions")
    with durable_functions(directory, Path()) as ready:
        ready.deploy("fails", FAILS, execution_timeout=None)
        yield ready


def optimized(kind: str) -> dict[str, Any]:
    arguments = {"FunctionName": arn_of("fails"), "Payload": {"kind": kind}}
    return {"Resource": "arn:aws:states:::lambda:invoke", "Arguments": arguments}


def direct(kind: str) -> dict[str, Any]:
    return {"Resource": arn_of("fails"), "Arguments": {"kind": kind}}


@pytest.mark.parametrize("task", [optimized, direct])
def test_an_exception_is_shown_with_the_handlers_own_frames(
    functions: DurableFunctions, task: Any
) -> None:
    failed = run_task(functions.endpoint, task("raise"), "anything")
    cause = json.loads(failed["cause"])

    assert failed["error"] == "ValueError"
    assert failed["cause"] == json.dumps(cause, separators=(",", ":"))
    assert list(cause) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert len(cause["requestId"]) == 36
    assert (cause["errorMessage"], cause["stackTrace"]) == (
        "on purpose",
        ['  File "/var/task/index.py", line 8, in handler\n    raise ValueError("on purpose")\n'],
    )


def test_a_result_that_is_no_json_fails_the_task(functions: DurableFunctions) -> None:
    failed = run_task(functions.endpoint, optimized("datetime"), "anything")
    cause = json.loads(failed["cause"])

    assert failed["error"] == "Runtime.MarshalError"
    assert (cause["errorMessage"], cause["stackTrace"]) == (
        "Unable to marshal response: Object of type datetime is not JSON serializable",
        [],
    )


def test_a_decimal_is_a_number(functions: DurableFunctions) -> None:
    ended = run_task(functions.endpoint, direct("decimal"), "anything")

    assert ended["output"] == "1.5"
