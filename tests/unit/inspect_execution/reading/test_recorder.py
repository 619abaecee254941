# SPDX-License-Identifier: MIT-0
"""What is read of an execution, without its task tokens."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from inspect_execution.histories.durable_history import read_durable_history
from inspect_execution.reading.aws_api import AwsApi
from inspect_execution.reading.execution_arn import ExecutionArn
from inspect_execution.reading.recorder import record_execution

from ..events import (
    DURABLE,
    EXECUTION,
    FAILED,
    START,
    STARTED,
    answered,
    durable_event,
    entered,
    scheduled,
    told,
)

TOKEN = "37a9cf2e-22f8-487f-80f6-3cce0e8e2918"


class Api:
    """A service that gives each call one answer."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers

    def __getattr__(self, action: str) -> Any:
        return lambda **_arguments: self._answers[action]


def refuse(**_arguments: Any) -> None:
    raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetFunctionConfiguration")


def test_the_token_of_the_task_that_started_the_execution_is_taken_out() -> None:
    given = json.dumps({"TaskToken": TOKEN})
    states = Api(
        describe_execution={"executionArn": EXECUTION, "startDate": START, "input": given},
        describe_state_machine_for_execution={"definition": "{}"},
        get_execution_history={"events": told((STARTED[0], {"input": given}))},
    )
    read = record_execution(AwsApi(states, Api(), "here"), ExecutionArn.parse(EXECUTION))

    assert TOKEN not in str(read)
    assert read.execution["input"] == json.dumps({"TaskToken": "[task token 1]"})


@pytest.mark.parametrize(
    ("configuration", "durability"),
    [
        (lambda **_: {"MemorySize": 128}, {"work": False}),
        (lambda **_: {"DurableConfig": {"ExecutionTimeout": 60}}, {"work": True}),
        (refuse, {}),
    ],
)
def test_a_function_without_durable_executions_is_durable_or_not_or_it_is_not_known(
    configuration: Callable[..., Any], durability: dict[str, bool]
) -> None:
    states = Api(
        describe_execution={"executionArn": EXECUTION, "startDate": START},
        describe_state_machine_for_execution={"definition": "{}"},
        get_execution_history={"events": told(STARTED, entered("A"), scheduled(), FAILED)},
    )
    lambda_: Any = Api(list_durable_executions_by_function={"DurableExecutions": []})
    lambda_.get_function_configuration = configuration
    read = record_execution(AwsApi(states, lambda_, "here"), ExecutionArn.parse(EXECUTION))

    assert (read.durability, read.omissions) == (durability, [])


def test_bytes_are_counted_before_tokens_are_taken_out() -> None:
    given = json.dumps({"TaskToken": TOKEN})
    callback = scheduled({"TaskToken": TOKEN}, "invoke.waitForTaskToken")
    states = Api(
        describe_execution={"executionArn": EXECUTION, "startDate": START},
        describe_state_machine_for_execution={"definition": "{}"},
        get_execution_history={
            "events": told(STARTED, entered("A"), callback, answered("TaskSubmitted", DURABLE))
        },
    )
    started = durable_event(0, "ExecutionStarted", Input={"Payload": given, "Truncated": False})
    lambda_ = Api(
        get_durable_execution={"StartTimestamp": START, "Status": "RUNNING", "InputPayload": given},
        get_durable_execution_history={"Events": [started]},
        get_function_configuration={},
    )
    read = record_execution(AwsApi(states, lambda_, "here"), ExecutionArn.parse(EXECUTION))
    durable = read_durable_history(read.durable[0])

    assert TOKEN not in str(read)
    assert durable is not None
    assert durable.bytes_written == len(given)
