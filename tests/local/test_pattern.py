# SPDX-License-Identifier: MIT-0
"""The pattern end to end, where only this machine can tell: the rest is in tests/acceptance."""

from typing import Any

import pytest

from ..support.stacks.histories import Finished, assert_refused, assert_without_minutes
from ..support.stacks.scenario import Scenario, wait_until


@pytest.fixture(scope="module")
def fulfilled(scenario: Scenario) -> Finished:
    return scenario.run({"minutes_to_wait": 20})


def test_modelled_time_passes_on_both_sides_while_the_wait_is_passed_over(
    fulfilled: Finished,
) -> None:
    [order] = fulfilled.asynchronous
    durable_wait = order.time_of("WaitSucceeded", "wait_for_fulfilment") - order.time_of(
        "WaitStarted", "wait_for_fulfilment"
    )
    task_wait = fulfilled.time_of("TaskSucceeded") - fulfilled.time_of("TaskSubmitted")

    assert durable_wait.total_seconds() == pytest.approx(1200, abs=1)
    assert 1200 <= task_wait.total_seconds() < 1260


def test_logs_are_kept_however_far_modelled_time_has_gone(scenario: Scenario) -> None:
    for _ in range(3):
        scenario.run({"minutes_to_wait": 59})
    [order] = scenario.run({"minutes_to_wait": 0}).asynchronous
    told = f"DurableExecution.Failed: the failure of {order.arn} is CLOSED"

    wait_until(lambda: told in "\n".join(scenario.log_lines()), "the guard's log")


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, "0"),
        (1e9, "1000000000"),
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

    assert_refused(finished, shown)


@pytest.mark.parametrize("execution_input", [[], None, True, "20", 20])
def test_an_input_without_minutes_fails_before_any_function_runs(
    scenario: Scenario, execution_input: Any
) -> None:
    assert_without_minutes(scenario.run(execution_input))


def test_the_outputs_are_those_of_the_deployed_stack(scenario: Scenario) -> None:
    assert scenario.deployment.outputs == {
        "AsyncDurableFunctionName": "sfn-dfn-async-durable-fn",
        "SyncDurableFunctionName": "sfn-dfn-sync-durable-fn",
        "StepFunctionDFArn": (
            "arn:aws:states:us-east-1:123456789012:stateMachine:sfn-dfn-integration-pattern-cdk"
        ),
    }
