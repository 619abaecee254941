# SPDX-License-Identifier: MIT-0
"""The pattern end to end: the real assembly, both histories, exact values."""

import json
from typing import Any

import pytest

from .scenario import ASYNC, FULFILLED, Finished, Scenario, wait_until

ASYNC_STATE = "Async Durable Lambda Fn Invoke"
UNDEFINED = (
    f"An error occurred while executing the state '{ASYNC_STATE}' (entered at the event id #2). "
    "The JSONata expression '$states.input.minutes_to_wait' specified for the field "
    "'Arguments/Payload/minutes_to_wait' returned nothing (undefined)."
)


@pytest.fixture(scope="module")
def fulfilled(scenario: Scenario) -> Finished:
    return scenario.run({"minutes_to_wait": 20})


def test_the_execution_succeeds_with_the_sync_functions_result_as_output(
    fulfilled: Finished,
) -> None:
    [invoice] = fulfilled.synchronous

    assert fulfilled.outcome.status == "SUCCEEDED"
    assert json.loads(fulfilled.outcome.output) == invoice.result
    assert json.loads(fulfilled.details("ExecutionSucceeded")["output"]) == invoice.result
    assert invoice.status == "SUCCEEDED"
    assert set(invoice.result) == {"invoice_id", "order_id", "status", "issued_at"}
    assert invoice.result["status"] == "SENT"


def test_the_state_machine_submits_waits_and_goes_on(fulfilled: Finished) -> None:
    assert fulfilled.types() == [
        "ExecutionStarted",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
        "TaskStateExited",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ]


def test_each_function_runs_its_steps_once_in_order(fulfilled: Finished) -> None:
    [order], [invoice] = fulfilled.asynchronous, fulfilled.synchronous

    assert order.story() == FULFILLED
    assert invoice.story() == [
        ("StepSucceeded", "create_invoice"),
        ("WaitStarted", "wait_for_cooling_off"),
        ("WaitSucceeded", "wait_for_cooling_off"),
        ("StepSucceeded", "send_invoice"),
    ]


def test_the_invoice_is_for_the_order(fulfilled: Finished) -> None:
    [order], [invoice] = fulfilled.asynchronous, fulfilled.synchronous
    order_id = f"order-{order.arn.rsplit('/', 1)[-1]}"

    assert order.result["order_id"] == order_id
    assert order.result["status"] == "FULFILLED"
    assert invoice.result["order_id"] == order_id


def test_modelled_time_passes_on_both_sides_while_the_wait_is_passed_over(
    fulfilled: Finished,
) -> None:
    [order] = fulfilled.asynchronous
    durable_wait = order.time_of("WaitSucceeded", "wait_for_fulfilment") - order.time_of(
        "WaitStarted", "wait_for_fulfilment"
    )
    task_wait = fulfilled.time_of("TaskSucceeded") - fulfilled.time_of("TaskSubmitted")

    assert durable_wait.total_seconds() == pytest.approx(1200, abs=1)
    assert 1200 <= task_wait.total_seconds() < 1210


def test_the_task_token_is_nowhere_in_the_logs(scenario: Scenario, fulfilled: Finished) -> None:
    failed = scenario.run({"minutes_to_wait": -5})
    # The log is read by a thread: what matters is there once the failure is.
    wait_until(lambda: "InvalidInput" in "\n".join(scenario.log_lines()), "the failure's log")
    logged = "\n".join(scenario.log_lines())

    assert fulfilled.task_token() not in logged
    assert failed.task_token() not in logged


def test_logs_are_kept_however_far_modelled_time_has_gone(scenario: Scenario) -> None:
    for _ in range(3):
        scenario.run({"minutes_to_wait": 59})
    [order] = scenario.run({"minutes_to_wait": 0}).asynchronous
    told = f"DurableExecution.Failed: the failure of {order.arn} is CLOSED"

    wait_until(lambda: told in "\n".join(scenario.log_lines()), "the guard's log")


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (-5, "-5"),
        (0, "0"),
        (60, "60"),
        (1e9, "1000000000"),
        ("20", '"20"'),
        (True, "true"),
        (None, "null"),
        ([], "[]"),
        ([20], "[20]"),
        ({}, "{}"),
    ],
)
def test_bad_minutes_fail_the_execution_at_once_with_field_rule_and_value(
    scenario: Scenario, minutes: Any, shown: str
) -> None:
    finished = scenario.run({"minutes_to_wait": minutes})
    message = f"minutes_to_wait must be a number more than 0 and less than 60, got {shown}"
    [order] = finished.asynchronous

    assert (finished.outcome.status, finished.outcome.error, finished.outcome.cause) == (
        "FAILED",
        "InvalidInput",
        message,
    )
    assert finished.types()[-2:] == ["TaskFailed", "ExecutionFailed"]
    assert finished.details("TaskFailed")["cause"] == message
    assert order.status == "FAILED"
    assert (order.error["ErrorType"], order.error["ErrorMessage"]) == ("InvalidInput", message)
    assert order.story() == [("StepSucceeded", "send_task_failure")]
    assert finished.synchronous == []


@pytest.mark.parametrize("execution_input", [{}, [], None, True, "20", 20, {"minutes": 20}])
def test_an_input_without_minutes_fails_before_any_function_runs(
    scenario: Scenario, execution_input: Any
) -> None:
    finished = scenario.run(execution_input)

    assert (finished.outcome.status, finished.outcome.error, finished.outcome.cause) == (
        "FAILED",
        "States.QueryEvaluationError",
        UNDEFINED,
    )
    assert finished.types() == [
        "ExecutionStarted",
        "TaskStateEntered",
        "EvaluationFailed",
        "ExecutionFailed",
    ]
    assert finished.asynchronous == []


def test_invoked_by_hand_the_async_function_works_and_calls_nobody_back(
    scenario: Scenario,
) -> None:
    answer = scenario.lambda_.invoke(
        FunctionName=f"{ASYNC}:1", InvocationType="Event", Payload=b'{"minutes_to_wait": 1}'
    )
    ended = scenario.ended_durable_execution(answer["DurableExecutionArn"])
    scenario.ended_durable_executions(ASYNC)

    assert answer["StatusCode"] == 202
    assert ended.status == "SUCCEEDED"
    assert [name for _, name in ended.story()] == [
        "create_order",
        "wait_for_fulfilment",
        "wait_for_fulfilment",
        "notify_customer",
    ]


def test_the_outputs_are_those_of_the_deployed_stack(scenario: Scenario) -> None:
    assert scenario.deployment.outputs == {
        "AsyncDurableFunctionName": "sfn-dfn-async-durable-fn",
        "SyncDurableFunctionName": "sfn-dfn-sync-durable-fn",
        "StepFunctionDFArn": (
            "arn:aws:states:us-east-1:123456789012:stateMachine:sfn-dfn-integration-pattern-cdk"
        ),
    }
