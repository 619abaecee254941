# SPDX-License-Identifier: MIT-0
"""Rows and bars: when each thing began and ended, and what only waited."""

from typing import Any

from inspect_execution.histories.recording import DurableRecord
from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.model.timelines.timeline import TimelineRow
from inspect_execution.status import Status
from inspect_execution.terminal.report import _errors

from ..events import (
    DURABLE,
    FAILED,
    STARTED,
    VERSION,
    answered,
    at,
    durable_event,
    durable_record,
    entered,
    exited,
    recording,
    scheduled,
    told,
)

CALLBACK = "invoke.waitForTaskToken"


def rows(events: Any, *durable: DurableRecord, **execution: Any) -> tuple[TimelineRow, ...]:
    return build_view(recording(events, *durable, **execution), Prices()).rows


def test_a_task_with_a_callback_waits_from_when_it_is_submitted() -> None:
    events = told(
        entered("A"),
        scheduled(resource=CALLBACK),
        answered("TaskSubmitted"),
        answered(),
        exited("A"),
    )
    [row] = rows(events)
    [bar] = row.bars

    assert (row.started, row.ended) == (at(1), at(5))
    assert (bar.started, bar.waits_from, bar.ended) == (at(2), at(3), at(4))


def test_a_task_that_asks_a_durable_function_waits_all_the_time() -> None:
    events = told(entered("A"), scheduled(), answered(header=DURABLE), exited("A"))
    task, durable = rows(events, durable_record(EndTimestamp=at(4)))

    assert (task.bars[0].waits_from, durable.bars[0].waits_from) == (at(2), at(0))


def test_a_task_that_asks_any_other_function_does_not_only_wait() -> None:
    [row] = rows(told(entered("A"), scheduled(), answered(), exited("A")))

    assert row.bars[0].waits_from is None


def test_what_nothing_ended_ended_with_its_execution() -> None:
    events = told(entered("A"), scheduled(resource=CALLBACK), answered("TaskSubmitted", DURABLE))
    record = durable_record(
        durable_event(1, "WaitStarted", "rest"), status="STOPPED", EndTimestamp=at(8)
    )
    task, execution, invocations, rest = rows(events, record, status="ABORTED")

    assert (task.ended, task.bars[0].ended, task.status) == (at(10), at(10), Status.ABORTED)
    assert (rest.ended, rest.bars[0].ended, rest.status) == (at(8), at(8), Status.ABORTED)
    assert (execution.ended, invocations.ended) == (at(8), at(1))


def test_what_still_runs_has_no_end() -> None:
    events = told(entered("A"), scheduled(resource=CALLBACK), answered("TaskSubmitted"))
    [row] = rows(events, status="RUNNING", stopDate=None)

    assert (row.ended, row.bars[0].ended, row.seconds(at(20))) == (None, None, 19)


def test_between_attempts_there_is_a_pause() -> None:
    retry = {"CurrentAttempt": 1, "NextAttemptDelaySeconds": 2}
    record = durable_record(
        durable_event(1, "StepStarted", "a"),
        durable_event(2, "StepFailed", "a", RetryDetails=retry),
        durable_event(4, "StepStarted", "a"),
        durable_event(5, "StepSucceeded", "a"),
    )
    events = told(entered("A"), scheduled(), answered(header=DURABLE), exited("A"))
    bars = rows(events, record)[-1].bars

    assert [(bar.kind, bar.started, bar.ended, bar.status.value) for bar in bars] == [
        ("attempt 1", at(1), at(2), "failed"),
        ("pause", at(2), at(4), "over"),
        ("attempt 2", at(4), at(5), "succeeded"),
    ]


def test_operations_in_a_context_stand_below_it() -> None:
    record = durable_record(
        durable_event(1, "ContextStarted", "group"),
        {**durable_event(1, "StepSucceeded", "a"), "ParentId": "group"},
    )
    events = told(entered("A"), scheduled(), answered(header=DURABLE), exited("A"))

    assert [(row.label, row.depth) for row in rows(events, record)][1:] == [
        ("work:1", 0),
        ("1 invocation, 0 replays", 1),
        ("group", 1),
        ("a", 2),
    ]


def test_a_durable_execution_that_could_not_be_read_keeps_its_tasks_correlation() -> None:
    events = told(entered("A"), scheduled(), answered(header=DURABLE), exited("A"))
    view = build_view(recording(events, DurableRecord(DURABLE, {}, [])), Prices())

    assert [each.arn for each in view.correlations] == [DURABLE]
    assert [row.label for row in view.rows] == ["A"]


def test_a_durable_execution_names_the_state_and_the_attempt_it_is_of() -> None:
    events = told(entered("A"), scheduled(), FAILED, scheduled(), answered(header=DURABLE))
    _, durable = rows(events, durable_record())

    assert dict(durable.details)["correlation"].startswith(
        "A, attempt 2, by the durable execution's ARN"
    )


def test_invocations_of_one_execution_take_what_they_ran() -> None:
    record = durable_record(
        durable_event(2, "InvocationCompleted", StartTimestamp=at(0), EndTimestamp=at(2)),
        durable_event(9, "InvocationCompleted", StartTimestamp=at(8), EndTimestamp=at(9)),
        EndTimestamp=at(9),
    )
    events = told(entered("A"), scheduled(), answered(header=DURABLE), exited("A"))
    _, _, invocations = rows(events, record)

    assert (invocations.label, invocations.seconds(at(20))) == ("2 invocations, 1 replay", 3)


def test_a_row_names_what_started_it_and_until_when_it_waits() -> None:
    waits = durable_event(5, "WaitStarted", "rest", ScheduledEndTimestamp=at(65))
    fails = durable_event(6, "StepFailed", "charge", RetryDetails={"NextAttemptDelaySeconds": 8})
    events = told(entered("A"), scheduled(), answered("TaskSubmitted", header=DURABLE))
    record = durable_record(waits, fails, status="RUNNING")
    found = rows(events, record, status="RUNNING", stopDate=None)

    assert [row.started_by for row in found] == ["", "A, attempt 1", "", "", ""]
    assert {row.label: row.until for row in found if row.until} == {
        "rest": at(65),
        "charge": at(14),
    }


def test_durable_executions_of_one_version_are_numbered_everywhere() -> None:
    first, second = (f"{VERSION}/durable-execution/{name}/run" for name in ("z", "a"))
    events = told(
        STARTED,
        entered("A"),
        scheduled(),
        answered("TaskSubmitted", header=first),
        FAILED,
        ("ExecutionFailed", FAILED[1]),
        ("ExecutionRedriven", {"redriveCount": 1}),
        scheduled(),
        answered("TaskSubmitted", header=second),
        FAILED,
        ("ExecutionFailed", FAILED[1]),
        before={8: 2},
    )
    error = {"Error": {"ErrorType": "OutOfStock"}}
    records = [
        durable_record(
            durable_event(seconds, "WaitStarted", "rest"),
            arn=arn,
            status="RUNNING",
            StartTimestamp=at(seconds),
            **error,
        )
        for seconds, arn in ((8, second), (3, first))
    ]
    view = build_view(recording(events, *records, status="FAILED"), Prices())
    labels = [(row.label, row.started_by) for row in view.rows if row.started_by]

    assert labels == [("work:1 #1", "A, attempt 1"), ("work:1 #2", "A, attempt 2")]
    assert [e.subject for e in view.events if e.type == "WaitStarted"] == [
        "work:1 #1 rest",
        "work:1 #2 rest",
    ]
    assert [each.where for each in view.summaries] == [
        "the state A, in work:1 #2, in the wait rest",
        "A / work:1 #1 / rest",
        "A / work:1 #2 / rest",
    ]
    assert [line for line in _errors(view) if line.startswith("work")] == [
        "work:1 #1: OutOfStock",
        "work:1 #2: OutOfStock",
    ]
