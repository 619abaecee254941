# SPDX-License-Identifier: MIT-0
"""aws-sdk:lambda:invoke: Invoke with all its parameters, durable executions by name among them."""

import json
from typing import Any

import pytest

from local.errors import LocalError

from ....support.functions.durable_functions import DurableFunctions, arn_of
from ....support.step_functions.state_machines import run_task
from ...durable.conftest import functions

__all__ = ["functions"]
RESOURCE = "arn:aws:states:::aws-sdk:lambda:invoke"
DOUBLE = """
@durable_execution
def handler(event, context):
    context.wait(Duration.from_seconds(30), name="pause")
    return event["n"] * 2
"""
ANSWERS = """
import boto3
@durable_execution
def handler(event, context):
    def answer(_):
        boto3.client("stepfunctions").send_task_success(
            taskToken=event["token"], output='{"answered": true}'
        )
    context.step(answer, name="answer")
"""
PLAIN = """
def handler(event, context):
    if event == "fail":
        raise ValueError("on purpose")
    return {"got": event, "custom": context.client_context and context.client_context.custom}
"""


@pytest.fixture(scope="module")
def machines(functions: DurableFunctions) -> DurableFunctions:
    functions.deploy("double", DOUBLE)
    functions.deploy("answers", ANSWERS)
    functions.deploy("plain", PLAIN, execution_timeout=None)
    functions.role(
        "only-plain",
        {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arn_of("plain")},
    )
    return functions


def run(
    machines: DurableFunctions,
    arguments: dict[str, Any],
    *,
    resource: str = RESOURCE,
    role: str = "anything",
) -> dict[str, Any]:
    """An execution of a machine of one such task, once it has ended."""
    return run_task(machines.endpoint, {"Resource": resource, "Arguments": arguments}, role)


def output_of(execution: dict[str, Any]) -> dict[str, Any]:
    assert execution["status"] == "SUCCEEDED", execution.get("cause")
    output: dict[str, Any] = json.loads(execution["output"])
    return output


def test_a_name_starts_one_execution_and_returns_its_result_again(
    machines: DurableFunctions,
) -> None:
    arguments = {
        "FunctionName": arn_of("double"),
        "Qualifier": "1",
        "Payload": {"n": 21},
        "DurableExecutionName": "order-1",
    }
    first = output_of(run(machines, arguments))
    again = output_of(run(machines, arguments))

    assert first == {
        "StatusCode": 200,
        "ExecutedVersion": "1",
        "DurableExecutionArn": first["DurableExecutionArn"],
        "Payload": "42",
    }
    assert first["DurableExecutionArn"].split("/")[1:2] == ["durable-execution"]
    assert again == first


def test_a_name_with_another_payload_is_refused(machines: DurableFunctions) -> None:
    arguments = {"FunctionName": "double:1", "DurableExecutionName": "order-2"}
    output_of(run(machines, {**arguments, "Payload": {"n": 1}}))
    refused = run(machines, {**arguments, "Payload": {"n": 2}})

    assert refused["status"] == "FAILED"
    assert refused["error"] == "Lambda.DurableExecutionAlreadyStartedException"
    assert refused["cause"].startswith("Durable execution order-2 has already been started")
    assert "(Service: Lambda, Status Code: 409, Request ID: " in refused["cause"]


def test_an_event_returns_the_arn_and_no_result(machines: DurableFunctions) -> None:
    output = output_of(
        run(
            machines,
            {"FunctionName": "double:1", "InvocationType": "Event", "Payload": {"n": 3}},
        )
    )

    assert (output["StatusCode"], output["Payload"]) == (202, "")
    assert machines.ended(output["DurableExecutionArn"])["Result"] == "6"


def test_a_task_token_is_waited_for(machines: DurableFunctions) -> None:
    execution = run(
        machines,
        {
            "FunctionName": "answers:1",
            "InvocationType": "Event",
            "Payload": {"token": "{% $states.context.Task.Token %}"},
        },
        resource=f"{RESOURCE}.waitForTaskToken",
    )
    events = machines.endpoint.client("stepfunctions").get_execution_history(
        executionArn=execution["executionArn"]
    )["events"]
    [submitted] = [each for each in events if each["type"] == "TaskSubmitted"]
    details = submitted["taskSubmittedEventDetails"]

    assert output_of(execution) == {"answered": True}
    assert (details["resourceType"], details["resource"]) == (
        "aws-sdk:lambda",
        "invoke.waitForTaskToken",
    )
    assert "DurableExecutionArn" in json.loads(details["output"])


@pytest.mark.parametrize(
    ("payload", "got"), [({"a": ["ä"]}, '{"a": ["ä"]}'), ("text", '"text"'), (1, "1")]
)
def test_a_payload_is_sent_as_json_and_returned_as_text(
    machines: DurableFunctions, payload: Any, got: str
) -> None:
    output = output_of(run(machines, {"FunctionName": "plain", "Payload": payload}))

    assert output["Payload"] == f'{{"got": {got}, "custom": null}}'
    assert "DurableExecutionArn" not in output


def test_a_client_context_reaches_the_function(machines: DurableFunctions) -> None:
    output = output_of(
        run(
            machines,
            {
                "FunctionName": "plain",
                "Payload": 1,
                "ClientContext": "eyJjdXN0b20iOiB7ImEiOiAxfX0=",
            },
        )
    )

    assert json.loads(output["Payload"])["custom"] == {"a": 1}


def test_an_error_of_the_function_is_an_answer_like_any_other(machines: DurableFunctions) -> None:
    output = output_of(run(machines, {"FunctionName": "plain", "Payload": "fail"}))

    assert (output["StatusCode"], output["FunctionError"]) == (200, "Unhandled")
    assert json.loads(output["Payload"])["errorType"] == "ValueError"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"FunctionName": "nobody"}, "Lambda.ResourceNotFoundException"),
        ({"FunctionName": "double"}, "Lambda.InvalidParameterValueException"),
    ],
)
def test_what_lambda_refuses_fails_the_task(
    machines: DurableFunctions, arguments: dict[str, Any], error: str
) -> None:
    assert run(machines, arguments)["error"] == error


def test_the_role_of_the_state_machine_has_to_allow_it(machines: DurableFunctions) -> None:
    allowed = run(machines, {"FunctionName": "plain", "Payload": 1}, role="only-plain")
    refused = run(machines, {"FunctionName": "double:1", "Payload": 1}, role="only-plain")

    assert allowed["status"] == "SUCCEEDED"
    assert refused["status"] == "FAILED"
    assert "is not authorized to perform: lambda:InvokeFunction" in refused["cause"]


def test_a_parameter_that_invoke_does_not_have_is_refused_at_deployment(
    machines: DurableFunctions,
) -> None:
    with pytest.raises(LocalError, match="in state Call, the field Arguments/Name, not"):
        run(machines, {"FunctionName": "plain", "Name": "x"})
