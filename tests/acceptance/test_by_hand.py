# SPDX-License-Identifier: MIT-0
"""The functions invoked by hand, without a state machine, and what Lambda refuses."""

import json

import pytest
from botocore.exceptions import ClientError

from ..support.stacks.acceptance_plan import MINUTES
from ..support.stacks.histories import BY_HAND, INVOICED
from ..support.stacks.stack import Stack


def test_the_async_function_works_and_sends_no_callback(stack: Stack) -> None:
    answer = stack.invoke(stack.version(stack.async_function), MINUTES, "Event")
    order = stack.ended_durable_execution(answer["DurableExecutionArn"])

    assert answer["StatusCode"] == 202
    assert (order.status, order.result["status"]) == ("SUCCEEDED", "FULFILLED")
    assert order.story() == BY_HAND


def test_the_sync_function_answers_with_its_result(stack: Stack) -> None:
    version = stack.version(stack.sync_function)
    answer = stack.invoke(version, {"order_id": "order-1"}, "RequestResponse")
    invoice = stack.ended_durable_execution(answer["DurableExecutionArn"])

    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, version.rsplit(":", 1)[-1])
    assert json.load(answer["Payload"]) == invoice.result
    assert (invoice.result["order_id"], invoice.result["status"]) == ("order-1", "SENT")
    assert invoice.story() == INVOICED


def test_a_failed_durable_execution_is_a_function_error(stack: Stack) -> None:
    answer = stack.invoke(stack.version(stack.sync_function), {}, "RequestResponse")
    error = json.load(answer["Payload"])

    assert answer["FunctionError"] == "Unhandled"
    assert (error["errorType"], error["errorMessage"]) == (
        "InvalidInput",
        "order_id must be a text that is not empty, got nothing",
    )


def test_an_unqualified_name_is_refused(stack: Stack) -> None:
    with pytest.raises(ClientError) as refused:
        stack.invoke(stack.async_function, MINUTES, "Event")

    assert refused.value.response["Error"] == {
        "Code": "InvalidParameterValueException",
        "Message": "You cannot invoke a durable function using an unqualified ARN.",
    }


def test_the_async_function_is_not_invoked_synchronously(stack: Stack) -> None:
    with pytest.raises(ClientError) as refused:
        stack.invoke(stack.version(stack.async_function), MINUTES, "RequestResponse")

    assert refused.value.response["Error"] == {
        "Code": "InvalidParameterValueException",
        "Message": "You cannot synchronously invoke a durable function with an executionTimeout "
        "greater than 15 minutes.",
    }
