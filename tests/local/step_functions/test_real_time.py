# SPDX-License-Identifier: MIT-0
"""Waits that take real time: what `--real-time` asks for."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from local.endpoint.endpoint import Endpoint

from ...support.stacks.scenario import ended_execution, wait_until

ROLE = "arn:aws:iam::123456789012:role/r"


@pytest.fixture(scope="module")
def step_functions() -> Iterator[Any]:
    with Endpoint(real_time=True) as endpoint:
        yield endpoint.client("stepfunctions")


def start(step_functions: Any, state: dict[str, Any]) -> str:
    definition = {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": state}}
    machine = step_functions.create_state_machine(
        name=f"m{time.monotonic_ns()}", definition=json.dumps(definition), roleArn=ROLE
    )["stateMachineArn"]
    return str(step_functions.start_execution(stateMachineArn=machine)["executionArn"])


def end(step_functions: Any, execution: str) -> dict[str, Any]:
    return ended_execution(step_functions, execution, seconds=20)


def retried(**retry: Any) -> dict[str, Any]:
    """A state that fails, and is tried again."""
    fails = {"StartAt": "Fail", "States": {"Fail": {"Type": "Fail", "Error": "Broken"}}}
    retrier = {"ErrorEquals": ["Broken"], "MaxAttempts": 1, **retry}
    return {"Type": "Parallel", "Branches": [fails], "Retry": [retrier], "End": True}


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ({"Type": "Wait", "Seconds": 1, "End": True}, "SUCCEEDED"),
        (retried(IntervalSeconds=1), "FAILED"),
    ],
)
def test_a_wait_and_a_retry_take_real_seconds(
    step_functions: Any, state: dict[str, Any], status: str
) -> None:
    began = time.monotonic()
    ended = end(step_functions, start(step_functions, state))

    assert ended["status"] == status
    assert time.monotonic() - began >= 1
    assert 1 <= (ended["stopDate"] - ended["startDate"]).total_seconds() < 20


@pytest.mark.parametrize(
    ("state", "last"),
    [
        ({"Type": "Wait", "Seconds": 3600, "End": True}, "WaitStateEntered"),
        (retried(IntervalSeconds=3600), "FailStateEntered"),
    ],
)
def test_a_stop_ends_a_wait_at_once(step_functions: Any, state: dict[str, Any], last: str) -> None:
    execution = start(step_functions, state)

    def types() -> list[str]:
        history = step_functions.get_execution_history(executionArn=execution)
        return [event["type"] for event in history["events"]]

    wait_until(lambda: types()[-1:] == [last], "the wait")
    step_functions.stop_execution(executionArn=execution)

    assert end(step_functions, execution)["status"] == "ABORTED"
    assert types()[-1] == "ExecutionAborted"
