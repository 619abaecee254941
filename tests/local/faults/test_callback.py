# SPDX-License-Identifier: MIT-0
"""Faults of the calls to Step Functions: what is sent arrives once, or the reason why it cannot."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ...support.assemblies.variants import append
from ...support.stacks.histories import FULFILLED, Finished
from ...support.stacks.scenario import ASYNC, Scenario
from .injection import (
    Fault,
    Faults,
    broken,
    dropped,
    refused,
    throttled,
    unanswered,
)

MINUTES = {"minutes_to_wait": 20}


def long_notification(assembly: Path) -> None:
    append(
        assembly,
        "orders.py",
        "\n\ndef notify_customer(order):\n"
        "    return {'order_id': order['order_id'], 'text': 'x' * 262_000}\n",
    )


@contextmanager
def without_send_task_success(scenario: Scenario) -> Iterator[None]:
    """The async function's role, but not to send a success."""
    iam = scenario.deployment.endpoint.client("iam")
    [version] = [each for each in scenario.deployment.versions if each.name == ASYNC]
    role = version.configuration.role_arn.rsplit("/", 1)[-1]
    [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    narrowed = json.loads(json.dumps(document).replace("states:SendTaskSuccess", "states:Nothing"))
    for each in (narrowed, document):
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(each))
        if each is narrowed:
            yield


def assert_fulfilled_once(finished: Finished, faults: Faults) -> None:
    [order] = finished.asynchronous
    *before, success = FULFILLED

    assert finished.outcome.status == "SUCCEEDED"
    assert (order.status, order.story()[: len(before)]) == ("SUCCEEDED", before)
    assert order.story()[-1] == success
    assert faults.accepted("SendTaskSuccess") == 1
    assert "SendTaskFailure" not in faults.operations()


@pytest.mark.parametrize("times", [1, 2, 5])
@pytest.mark.parametrize("fault", [throttled, broken, dropped])
def test_a_success_that_does_not_get_through_is_sent_again(
    scenario: Scenario, faults: Faults, fault: Fault, times: int
) -> None:
    faults.inject("SendTaskSuccess", *[fault] * times)

    assert_fulfilled_once(scenario.run(MINUTES), faults)
    assert faults.injected == times


@pytest.mark.parametrize("times", [1, 2])
def test_a_success_without_an_answer_is_never_contradicted(
    scenario: Scenario, faults: Faults, times: int
) -> None:
    faults.inject("SendTaskSuccess", *[unanswered] * times)

    assert_fulfilled_once(scenario.run(MINUTES), faults)
    assert faults.injected == times


@pytest.mark.parametrize("code", ["InvalidToken", "AccessDeniedException", "InvalidOutput"])
def test_a_success_that_is_refused_for_good_fails_the_state_machine_with_the_reason(
    scenario: Scenario, faults: Faults, code: str
) -> None:
    faults.inject("SendTaskSuccess", refused(code))
    finished = scenario.run(MINUTES)
    [order] = finished.asynchronous

    assert (finished.outcome.status, finished.outcome.error) == ("FAILED", order.error["ErrorType"])
    assert finished.outcome.cause == order.error["ErrorMessage"]
    assert f"({code}) when calling the SendTaskSuccess operation" in finished.outcome.cause
    assert order.status == "FAILED"
    assert order.story()[-3:] == [
        ("StepFailed", "send_task_success"),
        ("StepSucceeded", "confirm_task_open"),
        ("StepSucceeded", "send_task_failure"),
    ]
    assert finished.synchronous == []


def test_a_success_that_the_stacks_own_policy_forbids_fails_the_state_machine(
    scenario: Scenario, faults: Faults
) -> None:
    with without_send_task_success(scenario):
        finished = scenario.run(MINUTES)
    faults.injected += 1

    assert finished.outcome.status == "FAILED"
    assert "is not authorized to perform: states:SendTaskSuccess" in finished.outcome.cause


def test_an_output_that_is_too_long_fails_the_state_machine(
    scenario: Scenario, faults: Faults, tmp_path: Path
) -> None:
    with scenario.changed(tmp_path, long_notification):
        finished = scenario.run(MINUTES)
    faults.injected += 1
    [order] = finished.asynchronous

    assert finished.outcome.status == "FAILED"
    assert "Member must have length less than or equal to 262144" in finished.outcome.cause
    assert ("StepSucceeded", "notify_customer") in order.story()
    assert order.status == "FAILED"


@pytest.mark.parametrize("fault", [throttled, broken, dropped])
def test_a_failure_that_does_not_get_through_is_sent_again(
    scenario: Scenario, faults: Faults, fault: Fault
) -> None:
    faults.inject("SendTaskFailure", *[fault] * 5)
    finished = scenario.run({"minutes_to_wait": 0})

    assert (finished.outcome.status, finished.outcome.error) == ("FAILED", "InvalidInput")
    assert faults.accepted("SendTaskFailure") == 1
    assert faults.injected == 5
