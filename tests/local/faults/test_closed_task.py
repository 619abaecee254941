# SPDX-License-Identifier: MIT-0
"""Tasks that end while the durable function waits, and steps that fail: no notification follows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ...support.assemblies.variants import append, heartbeat_of
from ...support.stacks.histories import ABANDONED, FULFILLED, DurableHistory
from ...support.stacks.scenario import Scenario, wait_until
from .injection import Faults


def assert_abandoned(order: DurableHistory) -> None:
    assert order.story() == ABANDONED
    assert (order.status, order.result["status"]) == ("SUCCEEDED", "ABANDONED")


def test_an_execution_stopped_during_the_wait_is_aborted_without_a_notification(
    scenario: Scenario, faults: Faults
) -> None:
    faults.during("wait_for_fulfilment", lambda: stop(scenario))
    finished = scenario.run({"minutes_to_wait": 20})
    [order] = finished.asynchronous

    assert (finished.outcome.status, finished.outcome.error) == ("ABORTED", "Enough")
    assert finished.types()[-2:] == ["TaskSubmitted", "ExecutionAborted"]
    assert_abandoned(order)
    assert faults.operations().isdisjoint({"SendTaskSuccess", "SendTaskFailure"})


def stop(scenario: Scenario) -> None:
    [execution] = scenario.executions("RUNNING")
    scenario.step_functions.stop_execution(executionArn=execution, error="Enough")


def test_a_heartbeat_that_runs_out_during_the_wait_fails_without_a_notification(
    scenario: Scenario, faults: Faults, tmp_path: Path
) -> None:
    def has_timed_out() -> bool:
        return not scenario.executions("RUNNING")

    faults.during("wait_for_fulfilment", lambda: wait_until(has_timed_out, "the heartbeat"))
    with scenario.changed(tmp_path, heartbeat_of(1)):
        finished = scenario.run({"minutes_to_wait": 20})
    [order] = finished.asynchronous

    assert (finished.outcome.status, finished.outcome.error) == ("FAILED", "States.Timeout")
    assert finished.types()[-3:] == ["TaskSubmitted", "TaskTimedOut", "ExecutionFailed"]
    assert_abandoned(order)
    assert faults.operations().isdisjoint({"SendTaskSuccess", "SendTaskFailure"})


OUT_OF_STOCK = """


class OutOfStock(Exception): ...


def {step}(*_):
    raise OutOfStock("no widgets left")
"""
# The SDK tries a step six times before it is given up.
GIVEN_UP = 6


@pytest.mark.parametrize("step", ["create_order", "notify_customer"])
def test_a_step_that_fails_for_good_fails_both_sides_with_its_own_error(
    scenario: Scenario, faults: Faults, tmp_path: Path, step: str
) -> None:
    with scenario.changed(tmp_path, out_of_stock_in(step)):
        finished = scenario.run({"minutes_to_wait": 20})
    faults.injected += GIVEN_UP
    [order] = finished.asynchronous
    done = FULFILLED[: FULFILLED.index(("StepSucceeded", step))]

    assert (finished.outcome.status, finished.outcome.error, finished.outcome.cause) == (
        "FAILED",
        "OutOfStock",
        "no widgets left",
    )
    assert finished.types()[-2:] == ["TaskFailed", "ExecutionFailed"]
    assert order.status == "FAILED"
    assert (order.error["ErrorType"], order.error["ErrorMessage"]) == (
        "OutOfStock",
        "no widgets left",
    )
    assert order.story() == [
        *done,
        *[("StepFailed", step)] * GIVEN_UP,
        ("StepSucceeded", "send_task_failure"),
    ]
    assert "SendTaskSuccess" not in faults.operations()
    assert finished.synchronous == []


def out_of_stock_in(step: str) -> Callable[[Path], None]:
    return lambda assembly: append(assembly, "orders.py", OUT_OF_STOCK.format(step=step))
