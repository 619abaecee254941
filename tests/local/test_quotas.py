# SPDX-License-Identifier: MIT-0
"""Quotas in force at the endpoint, and points of the simulated fleets that run there."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from benchmarks.fleet.policy import Policy, Retry, read_policy
from benchmarks.fleet.quotas import AccountQuotas
from benchmarks.fleet.result import Result
from benchmarks.fleet.simulation import Fleet
from benchmarks.fleet.tables import before
from benchmarks.fleet.workload import Arrival, Workload
from local.quotas.quotas import UNLIMITED, Quotas, Rate

from ..support.stacks.scenario import ASYNC, SYNC, Scenario

THROTTLED = "Lambda.TooManyRequestsException"
MINUTES = 5


@contextmanager
def within(scenario: Scenario, quotas: Quotas) -> Iterator[None]:
    scenario.deployment.endpoint.limits.use(quotas)
    try:
        yield
    finally:
        scenario.deployment.endpoint.limits.use(UNLIMITED)


@contextmanager
def retrying(scenario: Scenario, retry: dict[str, Any]) -> Iterator[None]:
    """Both states retry in that way."""
    machine = scenario.state_machine
    described = scenario.step_functions.describe_state_machine(stateMachineArn=machine)
    definition = json.loads(described["definition"])
    for state in definition["States"].values():
        state["Retry"] = [retry]
    update = scenario.step_functions.update_state_machine
    update(stateMachineArn=machine, definition=json.dumps(definition))
    try:
        yield
    finally:
        update(stateMachineArn=machine, definition=described["definition"])


def run(scenario: Scenario, executions: int) -> tuple[list[dict[str, Any]], int]:
    """How executions ended that were started at once, and how many invocations were throttled."""
    arns = [scenario.start({"minutes_to_wait": MINUTES}) for _ in range(executions)]
    ended = [scenario.end_of(arn) for arn in arns]
    events = [event for arn in arns for event in scenario.reader.history(arn)]
    details = [each.get("taskFailedEventDetails", {}) for each in events] + [
        each.get("taskSubmitFailedEventDetails", {}) for each in events
    ]
    return ended, sum(each.get("error") == THROTTLED for each in details)


def simulated(policy: Policy, quotas: Quotas, executions: int) -> Result:
    arrivals: Sequence[Arrival] = [Arrival(0, MINUTES * 60)] * executions
    return Fleet(policy, AccountQuotas.of(quotas), Workload(), arrivals).run()


@pytest.fixture(scope="module")
def policy(scenario: Scenario) -> Policy:
    return read_policy(scenario.deployment.assembly.stacks[0].template)


# One durable execution may start in 20 seconds: of the old retries, those at 31 and at 63 seconds
# find a token, however long this machine itself takes for the work.
FEW_STARTS = Quotas(durable_starts=Rate(1, 1 / 20))
EXECUTIONS = 3


def test_without_jitter_as_many_are_lost_here_as_in_the_simulation(
    scenario: Scenario, policy: Policy
) -> None:
    old = {"ErrorEquals": [THROTTLED], "MaxAttempts": 6}
    expected = simulated(before(policy), FEW_STARTS, 4)
    with within(scenario, FEW_STARTS), retrying(scenario, old):
        ended, throttled = run(scenario, 4)

    statuses = [each["status"] for each in ended]
    assert statuses.count("SUCCEEDED") == expected.succeeded == 3
    assert [each["error"] for each in ended if each["status"] == "FAILED"] == [THROTTLED]
    assert throttled == expected.throttles["starts of durable executions"] == 5 + 6 + 7


def test_with_the_stacks_retries_none_is_lost_as_in_the_simulation(
    scenario: Scenario, policy: Policy
) -> None:
    expected = simulated(policy, FEW_STARTS, EXECUTIONS)
    with within(scenario, FEW_STARTS):
        ended, throttled = run(scenario, EXECUTIONS)

    assert [each["status"] for each in ended] == ["SUCCEEDED"] * EXECUTIONS
    assert expected.succeeded == EXECUTIONS
    # Each by another chance: all that start at once but one are throttled in both.
    assert throttled >= EXECUTIONS - 1
    assert expected.throttles["starts of durable executions"] >= EXECUTIONS - 1


def test_one_environment_is_enough_for_all_after_some_pauses(
    scenario: Scenario, policy: Policy
) -> None:
    quotas = Quotas(concurrency=1)
    expected = simulated(policy, quotas, EXECUTIONS)
    with within(scenario, quotas):
        ended, _ = run(scenario, EXECUTIONS)
        throttled = scenario.deployment.endpoint.limits.throttled

    assert [each["status"] for each in ended] == ["SUCCEEDED"] * EXECUTIONS
    assert throttled["ConcurrentInvocationLimitExceeded"] > 0
    assert (expected.succeeded, expected.first) == (EXECUTIONS, "Lambda concurrency")


def refusal(call: Any, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    response: dict[str, Any] = refused.value.response
    return response


def test_a_call_beyond_its_quota_gets_the_error_of_its_service(scenario: Scenario) -> None:
    endpoint = scenario.deployment.endpoint
    step_functions = endpoint.client("stepfunctions", retries=0)
    lambda_ = endpoint.client("lambda", retries=0)
    machine = scenario.state_machine
    once = Rate(1, 0.001)
    calls = {"states:DescribeStateMachine": once, "lambda:ListFunctions": once}
    with within(scenario, Quotas(calls=calls, durable_starts=once)):
        step_functions.describe_state_machine(stateMachineArn=machine)
        lambda_.list_functions()
        lambda_.invoke(FunctionName=f"{SYNC}:1", Payload=b'{"order_id": "order-1"}')
        states = refusal(step_functions.describe_state_machine, stateMachineArn=machine)
        listing = refusal(lambda_.list_functions)
        start = refusal(lambda_.invoke, FunctionName=f"{ASYNC}:1", InvocationType="Event")

    assert states["Error"] == {"Code": "ThrottlingException", "Message": "Rate exceeded"}
    assert states["ResponseMetadata"]["HTTPStatusCode"] == 400
    for refused, reason in (
        (listing, "CallerRateLimitExceeded"),
        (start, "FunctionInvocationRateLimitExceeded"),
    ):
        assert refused["Error"]["Code"] == "TooManyRequestsException"
        assert refused["ResponseMetadata"]["HTTPStatusCode"] == 429
        assert refused["Reason"] == reason


def test_a_synchronous_invocation_without_room_is_refused(scenario: Scenario) -> None:
    endpoint = scenario.deployment.endpoint
    lambda_ = endpoint.client("lambda", retries=0)
    with within(scenario, Quotas(concurrency=1)):
        running = endpoint.limits.begin()
        refused = refusal(lambda_.invoke, FunctionName=f"{SYNC}:1", Payload=b"{}")
        with endpoint.limits.ending(running):
            pass
        answer = lambda_.invoke(FunctionName=f"{SYNC}:1", Payload=b'{"order_id": "order-1"}')

    assert (refused["Error"]["Code"], refused["Reason"]) == (
        "TooManyRequestsException",
        "ConcurrentInvocationLimitExceeded",
    )
    assert answer["StatusCode"] == 200


def test_the_retry_that_is_simulated_is_the_one_that_is_deployed(policy: Policy) -> None:
    assert replace(policy, invoke=(Retry(6), Retry(6)), event_age=21_600) == before(policy)
    assert policy.invoke[0].jitter == "FULL"
