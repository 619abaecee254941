# SPDX-License-Identifier: MIT-0
"""Inputs of every kind: the contract's rule decides, at once, for all of them."""

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from local.commands.execution_result import ExecutionResult

from ...support.stacks.histories import FULFILLED, DurableHistory, task_token
from ...support.stacks.scenario import ASYNC, SYNC, Scenario

EXAMPLES = 20
# Executions at once take a fraction of the time that one after another would.
INPUTS_AT_ONCE = 10
# ExecutionStarted, TaskStateEntered, TaskScheduled.
EVENTS_TO_THE_TASK = 3
LIMIT_MINUTES = 60
# The steps' own time counts: on a busy machine, they may find the execution timed out.
ROOM_MINUTES = 0.5
# A long value is shown cut: see lambda/failure.py.
SHOWN_CHARACTERS = 100
RULE = "minutes_to_wait must be a number more than 0 and less than 60, got "


scalars = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**40), max_value=10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["NaN", "Infinity", "20", "", "<script>", "{% $states.input %}", "\x00\ud7ff"]
    )
    | st.text(max_size=20)
)
junk = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
near_the_limits = (
    st.floats(min_value=-1, max_value=LIMIT_MINUTES * 4)
    | st.integers(min_value=-1, max_value=LIMIT_MINUTES * 4)
    | st.sampled_from([0, -0.0, 5e-324, 59.999999, LIMIT_MINUTES, math.nextafter(60, 0)])
)
inputs = st.fixed_dictionaries(
    {"minutes_to_wait": near_the_limits | junk},
    optional={"note": junk, "TaskToken": junk, "": junk},
)


def without_token(event: dict[str, Any]) -> dict[str, Any]:
    """The event without a task token: a made-up token would be refused for another reason."""
    return {key: value for key, value in event.items() if key != "TaskToken"}


def is_allowed(minutes: Any) -> bool:
    """The contract's rule: a JSON number, more than 0 and less than the execution timeout."""
    if isinstance(minutes, bool) or not isinstance(minutes, int | float):
        return False
    return 0 < minutes < LIMIT_MINUTES


def may_come_too_late(minutes: Any) -> bool:
    """Whether an allowed wait leaves the steps little time before the execution timeout."""
    return is_allowed(minutes) and bool(minutes > LIMIT_MINUTES - ROOM_MINUTES)


@pytest.fixture
def decided(request: pytest.FixtureRequest) -> Iterator[list[bool]]:
    """Which inputs were allowed, in the order in which they came."""
    decisions: list[bool] = []
    yield decisions
    request.node.user_properties.append(("inputs", len(decisions)))
    assert len(decisions) >= 200
    assert min(decisions.count(True), decisions.count(False)) >= 10


def run_at_once(
    scenario: Scenario, inputs: list[dict[str, Any]]
) -> list[tuple[ExecutionResult, DurableHistory]]:
    """How executions end that are started at once, each with its order."""
    executions = [scenario.start(each) for each in inputs]
    results = [ExecutionResult.of(scenario.end_of(execution)) for execution in executions]
    ended = scenario.ended_durable_executions(ASYNC)
    orders = {order.input()["TaskToken"]: order for order in ended}
    assert len(orders) == len(ended) == len(inputs)
    scenario.pass_over(SYNC)
    tokens = [task_token(first_events(scenario, execution)) for execution in executions]
    return [(result, orders[token]) for result, token in zip(results, tokens, strict=True)]


def first_events(scenario: Scenario, execution: str) -> list[dict[str, Any]]:
    """Those up to the first task's, which has the token."""
    history: dict[str, Any] = scenario.step_functions.get_execution_history(
        executionArn=execution, maxResults=EVENTS_TO_THE_TASK
    )
    return list(history["events"])


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    # What fails names its input: making ten smaller takes minutes and tells no more.
    phases=[Phase.explicit, Phase.generate],
    # One list for all the inputs is what is wanted.
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=True,
)
@given(tried=st.lists(inputs, min_size=INPUTS_AT_ONCE, max_size=INPUTS_AT_ONCE))
def test_an_input_runs_or_fails_at_once_as_the_rule_says(
    scenario: Scenario, decided: list[bool], tried: list[dict[str, Any]]
) -> None:
    for each, (result, order) in zip(tried, run_at_once(scenario, tried), strict=True):
        decided.append(is_allowed(each["minutes_to_wait"]))
        assert_as_the_rule_says(each["minutes_to_wait"], result, order)


def assert_as_the_rule_says(minutes: Any, result: ExecutionResult, order: DurableHistory) -> None:
    if may_come_too_late(minutes):
        assert order.story()[:2] == FULFILLED[:2]
    elif is_allowed(minutes):
        assert result.status == "SUCCEEDED"
        assert order.story() == FULFILLED
        wait = order.time_of("WaitSucceeded", "wait_for_fulfilment") - order.time_of(
            "WaitStarted", "wait_for_fulfilment"
        )
        assert math.isclose(wait.total_seconds(), max(1, minutes * 60), abs_tol=1)
    else:
        assert (result.status, result.error) == ("FAILED", "InvalidInput")
        assert result.cause.startswith(RULE)
        if isinstance(minutes, str | bool | None):
            assert result.cause == RULE + json.dumps(minutes)[:SHOWN_CHARACTERS]
        # At once: without a step or a wait before.
        assert order.story() == [("StepSucceeded", "send_task_failure")]


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
    derandomize=True,
)
@given(event=inputs.map(without_token) | junk)
def test_an_event_by_hand_runs_or_fails_by_its_minutes_alone(
    scenario: Scenario, event: Any
) -> None:
    invoked = scenario.lambda_.invoke(
        FunctionName=f"{ASYNC}:1", InvocationType="Event", Payload=json.dumps(event)
    )
    order = scenario.ended_durable_execution(invoked["DurableExecutionArn"])
    minutes = event.get("minutes_to_wait") if isinstance(event, dict) else None

    if may_come_too_late(minutes):
        assert order.story()[:2] == FULFILLED[:2]
    elif is_allowed(minutes):
        assert (order.status, order.result["status"]) == ("SUCCEEDED", "FULFILLED")
    else:
        assert (order.status, order.error["ErrorType"]) == ("FAILED", "InvalidInput")
        assert order.story() == []


@pytest.mark.parametrize("minutes", ["x" * 98, "x" * 99, "\U0001f600" * 20])
def test_a_long_value_is_shown_cut_to_size(scenario: Scenario, minutes: str) -> None:
    outcome = scenario.run({"minutes_to_wait": minutes}).outcome

    assert (outcome.status, outcome.error) == ("FAILED", "InvalidInput")
    assert outcome.cause == RULE + json.dumps(minutes)[:SHOWN_CHARACTERS]


@pytest.mark.parametrize("text", ["null", "5", '"20"', "[]", "{}", "true", '{"minutes": 20}'])
def test_an_input_without_the_field_fails_before_anything_is_invoked(
    scenario: Scenario, text: str
) -> None:
    finished = scenario.run(json.loads(text))

    assert (finished.outcome.status, finished.outcome.error) == (
        "FAILED",
        "States.QueryEvaluationError",
    )
    assert finished.asynchronous == []


@pytest.mark.parametrize("text", ['{"minutes_to_wait": NaN}', '{"minutes_to_wait": 20', ""])
def test_an_input_that_is_no_json_is_refused_before_it_starts(
    scenario: Scenario, text: str
) -> None:
    with pytest.raises(scenario.step_functions.exceptions.InvalidExecutionInput):
        start(scenario, text)


@pytest.mark.parametrize(
    ("digits", "shown"),
    [("1e400", '"Infinity"'), ("-1e400", '"-Infinity"'), ("9" * 400, '"Infinity"')],
)
def test_a_number_that_no_machine_can_hold_is_refused_by_the_function(
    scenario: Scenario, digits: str, shown: str
) -> None:
    ended = scenario.end_of(start(scenario, f'{{"minutes_to_wait": {digits}}}'))

    assert (ended["status"], ended["error"]) == ("FAILED", "InvalidInput")
    assert ended["cause"] == RULE + shown


def start(scenario: Scenario, text: str) -> str:
    """Start an execution with an input that is any text."""
    started = scenario.step_functions.start_execution(
        stateMachineArn=scenario.deployment.state_machine_arns[0], input=text
    )
    return str(started["executionArn"])
