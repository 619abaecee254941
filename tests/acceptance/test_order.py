# SPDX-License-Identifier: MIT-0
"""An order that is fulfilled and invoiced: both histories."""

import hashlib
import json

import pytest

from local.replay.recorded import RecordedExecution

from ..support.stacks.acceptance_plan import MINUTES, ORDER, assert_within
from ..support.stacks.histories import (
    FULFILLED,
    INVOICED,
    VISITS,
    Finished,
    event_types,
    operations,
)
from ..support.stacks.stack import Stack


@pytest.fixture(scope="module")
def fulfilled(stack: Stack) -> Finished:
    return stack.run(MINUTES)


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
    assert fulfilled.types() == event_types(VISITS)


def test_each_function_runs_its_steps_once_in_order(fulfilled: Finished) -> None:
    [order], [invoice] = fulfilled.asynchronous, fulfilled.synchronous

    assert order.story() == FULFILLED
    assert invoice.story() == INVOICED


def test_the_invoice_is_for_the_order(fulfilled: Finished) -> None:
    [order], [invoice] = fulfilled.asynchronous, fulfilled.synchronous
    order_id = f"order-{order.arn.rsplit('/', 1)[-1]}"

    assert order.result["order_id"] == order_id
    assert order.result["status"] == "FULFILLED"
    assert invoice.result["order_id"] == order_id


def test_the_task_waits_as_long_as_the_durable_function(fulfilled: Finished) -> None:
    [order] = fulfilled.asynchronous
    wait = order.time_of("WaitSucceeded", "wait_for_fulfilment") - order.time_of(
        "WaitStarted", "wait_for_fulfilment"
    )
    task = fulfilled.time_of("TaskSucceeded") - fulfilled.time_of("TaskScheduled")

    assert wait.total_seconds() == pytest.approx(60, abs=5)
    assert task > wait


def test_the_orders_history_is_one_that_can_be_replayed(fulfilled: Finished) -> None:
    [order] = fulfilled.asynchronous
    recorded = RecordedExecution(order.function, order.arn, order.status, order.events)
    names = operations(FULFILLED)

    assert recorded.end == {"Result": order.result}
    assert [(each["Name"], each["Status"], each["ParentId"]) for each in recorded.operations()] == [
        (name, "SUCCEEDED", None) for name in names
    ]
    # As the SDK numbers them: a replay finds them by these ids.
    assert [each["Id"] for each in recorded.operations()] == [
        hashlib.blake2b(str(number).encode()).hexdigest()[:64] for number, _ in enumerate(names, 1)
    ]


def test_the_joined_view_has_both_sides_and_a_bill_within_the_plan(
    stack: Stack, fulfilled: Finished
) -> None:
    view = stack.view(fulfilled.execution)

    assert [join.arn for join in view.correlations] == [
        each.arn for each in (*fulfilled.asynchronous, *fulfilled.synchronous)
    ]
    assert_within(view.cost, ORDER)
