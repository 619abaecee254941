# SPDX-License-Identifier: MIT-0
"""The pending retries of a state: when the next attempt is, and which Retrier decides."""

from typing import Any

import pytest

from inspect_execution.model.waits.pending_wait import Deadline, WaitKind
from inspect_execution.model.waits.retries import next_retry

from ..events import FAILED, at, entered, scheduled
from .running_views import limited, only, view

RETRY = {"ErrorEquals": ["OutOfStock"], "IntervalSeconds": 30, "BackoffRate": 2, "MaxAttempts": 4}


def test_a_state_that_will_be_retried_says_when_and_how_often_still() -> None:
    failed_twice = (entered("A"), scheduled(), FAILED, scheduled(), FAILED)
    wait = only(view(*failed_twice, states={"A": {"Type": "Task", "Retry": [RETRY]}}))

    assert (wait.kind, wait.since, wait.until) == (WaitKind.STATE_RETRY, at(6), at(66))
    assert wait.then == "retry 2 of 4, after OutOfStock"


@pytest.mark.parametrize(
    ("retrier", "errors", "shown"),
    [
        ({}, ["E"], None),
        ({"ErrorEquals": ["States.ALL"]}, ["E"], (1, 3, 1)),
        ({"ErrorEquals": ["States.ALL"]}, ["E", "E", "E"], (3, 3, 4)),
        ({"ErrorEquals": ["States.ALL"]}, ["E"] * 4, None),
        ({"ErrorEquals": ["States.ALL"]}, ["States.Runtime"], None),
        ({"ErrorEquals": ["States.TaskFailed"]}, ["States.Timeout"], None),
        ({"ErrorEquals": ["States.TaskFailed"]}, ["F", "E"], (2, 3, 2)),
        ({"ErrorEquals": ["States.Timeout"]}, ["States.HeartbeatTimeout"], (1, 3, 1)),
        ({"ErrorEquals": ["E"]}, ["F", "E"], (1, 3, 1)),
        ({"ErrorEquals": ["E"], "MaxDelaySeconds": 2}, ["E", "E", "E"], (3, 3, 2)),
    ],
)
def test_the_interval_before_a_retry_is_that_of_its_retrier(
    retrier: dict[str, Any], errors: list[str], shown: tuple[int, int, float] | None
) -> None:
    retry = next_retry({"Retry": [retrier]}, errors)

    assert (retry and (retry.number, retry.maximum, retry.seconds)) == shown


def test_a_timeout_inside_a_map_is_followed_to_the_retry_of_the_map() -> None:
    inner = {"StartAt": "B", "States": {"B": {"Type": "Task"}}}
    retry = [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 5}]
    wait = only(
        view(
            entered("A", "Map"),
            ("MapStateStarted", {"length": 1}),
            ("MapIterationStarted", {"name": "A", "index": 0}),
            entered("B"),
            limited(scheduled(), timeoutInSeconds=60),
            states={"A": {"Type": "Map", "ItemProcessor": inner, "Retry": retry}},
        )
    )

    assert (wait.kind, wait.state, wait.awaited) == (WaitKind.TASK, "A [0] / B", "lambda:invoke")
    assert wait.deadlines == (
        Deadline(
            at(66), "the task's time is over: A fails and is retried after 5.0 s: retry 1 of 3"
        ),
    )


def test_a_definition_that_could_not_be_read_says_nothing_of_retries() -> None:
    wait = only(view(entered("A"), limited(scheduled(), timeoutInSeconds=60), states={}))

    effect = "A fails with States.Timeout; the definition is not known"
    assert wait.deadlines == (Deadline(at(63), f"the task's time is over: {effect}"),)
