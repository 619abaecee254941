# SPDX-License-Identifier: MIT-0
"""What an execution that still runs waits for, since when, until when, and what happens then."""

import json
from datetime import datetime
from typing import Any

import pytest

from inspect_execution.model.waits.pending_wait import Deadline, WaitKind

from ..events import DURABLE, EXECUTION, answered, at, durable_record, entered, exited, scheduled
from .running_views import CALLBACK, limited, only, view


@pytest.mark.parametrize(
    ("fields", "text", "until"),
    [
        ({"Seconds": 60}, "{}", at(62)),
        ({"Timestamp": "2026-01-01T00:05:00Z"}, "{}", at(300)),
        ({"SecondsPath": "$.order.pause"}, '{"order": {"pause": 5}}', at(7)),
        ({"Seconds": "{% $states.input.pause %}"}, '{"pause": 90}', at(92)),
        ({"Seconds": "{% $states.input.pause * 2 %}"}, '{"pause": 90}', None),
        ({"SecondsPath": "$.pause", "InputPath": "$.order"}, '{"pause": 90}', None),
        ({"SecondsPath": "$.missing"}, "{}", None),
    ],
)
def test_a_wait_state_ends_when_its_definition_says(
    fields: dict[str, Any], text: str, until: datetime | None
) -> None:
    begun = "WaitStateEntered", {"name": "A", "input": text}
    wait = only(view(begun, states={"A": {"Type": "Wait", **fields, "Next": "B"}}))

    assert (wait.kind, wait.state, wait.since, wait.until) == (
        WaitKind.WAIT_STATE,
        "A",
        at(2),
        until,
    )
    assert wait.then == "Step Functions goes on with B"


def test_a_heartbeat_that_came_moves_a_limit_that_no_history_shows() -> None:
    state = {"Type": "Task", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Mend"}]}
    wait = only(
        view(
            entered("A"),
            limited(scheduled(resource=CALLBACK), heartbeatInSeconds=10, timeoutInSeconds=40),
            answered("TaskSubmitted"),
            states={"A": state},
        )
    )

    assert (wait.kind, wait.since) == (WaitKind.TASK_TOKEN, at(4))
    effect = "A fails, and its Catch goes on with Mend"
    assert wait.deadlines == (
        Deadline(at(43), f"the task's time is over: {effect}"),
        Deadline(None, f"10 s after the last heartbeat, which no history shows: {effect}"),
    )


def test_a_callback_whose_durable_execution_has_ended_says_so() -> None:
    record = durable_record(status="FAILED", EndTimestamp=at(9))
    wait = only(
        view(
            entered("A"),
            scheduled(resource=CALLBACK),
            answered("TaskSubmitted", header=DURABLE),
            states={"A": {"Type": "Task"}},
            durable=[record],
        )
    )

    assert (wait.kind, wait.since, wait.until) == (WaitKind.TASK_TOKEN, at(9), None)
    assert wait.then == "its durable execution has ended, failed, without calling back"


def test_a_child_execution_is_named() -> None:
    started = {"resourceType": "states", "resource": "startExecution.sync:2"}
    submitted = {**started, "output": json.dumps({"ExecutionArn": EXECUTION})}
    wait = only(
        view(
            entered("A"),
            ("TaskScheduled", {**started, "parameters": "{}"}),
            ("TaskSubmitted", submitted),
            states={"A": {"Type": "Task"}},
        )
    )

    assert (wait.kind, wait.awaited, wait.since) == (WaitKind.CHILD_EXECUTION, EXECUTION, at(4))


def test_all_branches_wait_and_the_longest_wait_is_first() -> None:
    branches = [{"StartAt": name, "States": {name: {"Type": "Wait"}}} for name in ("B", "C")]
    shown = view(
        entered("A", "Parallel"),
        ("ParallelStateStarted", {}),
        entered("B", "Wait"),
        entered("C", "Wait"),
        states={"A": {"Type": "Parallel", "Branches": branches}},
        before={5: 3},
    )
    events = [(wait.state, wait.since) for wait in shown.waits]

    assert events == [("A / B", at(4)), ("A / C", at(5))]


def test_between_two_states_the_next_event_is_awaited() -> None:
    wait = only(view(entered("A", "Pass"), exited("A", "Pass"), states={"A": {"Type": "Pass"}}))

    assert (wait.kind, wait.since, wait.place) == (WaitKind.NEXT_EVENT, at(3), "")
