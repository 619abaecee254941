# SPDX-License-Identifier: MIT-0
"""Each event of either service as a short line, in the order of time."""

import json
from typing import Any

from inspect_execution.histories.execution_history import read_execution_history
from inspect_execution.histories.recording import DurableRecord, LogRecord, Recording
from inspect_execution.model.event_lines.durable_events import durable_event_lines
from inspect_execution.model.event_lines.end_place import end_place
from inspect_execution.model.event_lines.event_line import EventLine
from inspect_execution.model.event_lines.lines import event_lines
from inspect_execution.model.timelines.timeline import Service

from ..events import (
    DURABLE,
    FAILED,
    START,
    STARTED,
    answered,
    at,
    durable_event,
    entered,
    exited,
    scheduled,
    told,
)

CALLBACK = "invoke.waitForTaskToken"


def recording(
    events: Any,
    durable: list[DurableRecord] | None = None,
    logs: list[LogRecord] | None = None,
    status: str = "RUNNING",
) -> Recording:
    execution = {"status": status, "startDate": START}
    return Recording(execution, "", events, durable or [], {}, [], at(1000), logs or [])


def lines(given: Recording) -> list[EventLine]:
    return event_lines(given, read_execution_history(given.events, given.execution["status"]))


def texts(*parts: Any, status: str = "RUNNING", before: dict[int, int] | None = None) -> list[str]:
    return [line.text for line in lines(recording(told(*parts, before=before), status=status))]


def test_a_callback_task_is_told_from_its_entry_to_its_end() -> None:
    submitted = ("TaskSubmitted", {"resourceType": "lambda", "resource": CALLBACK})

    assert texts(
        STARTED,
        entered("Order"),
        scheduled(resource=CALLBACK),
        ("TaskStarted", {}),
        submitted,
        answered(),
        exited("Order"),
        ("ExecutionSucceeded", {"output": "{}"}),
        status="SUCCEEDED",
    ) == [
        "execution started",
        "Order entered",
        "task submitted, waiting for the callback",
        "task succeeded",
        "execution SUCCEEDED",
    ]


def test_states_of_every_other_type_are_told_with_their_type() -> None:
    assert texts(
        STARTED,
        entered("Prepare", "Pass"),
        exited("Prepare", "Pass"),
        entered("Big?", "Choice"),
        exited("Big?", "Choice"),
        entered("Rest", "Wait"),
        exited("Rest", "Wait"),
        entered("Oops", "Fail"),
        ("ExecutionFailed", {"error": "Oops", "cause": "on purpose"}),
        status="FAILED",
    ) == [
        "execution started",
        "Prepare entered (Pass)",
        "Big? entered (Choice)",
        "Rest entered (Wait)",
        "Rest: over",
        "Oops entered (Fail)",
        "execution FAILED: Oops: on purpose",
    ]


def test_retries_and_a_catch_are_told() -> None:
    assert texts(
        STARTED,
        entered("Charge"),
        scheduled(),
        FAILED,
        scheduled(),
        ("TaskTimedOut", {"error": "States.Timeout"}),
        exited("Charge"),
        entered("Apologize", "Succeed"),
    )[2:] == [
        "task failed: OutOfStock: no widgets left",
        "task retried after 0:00:01",
        "task timed out: States.Timeout",
        "Charge: failure caught",
        "Apologize entered (Succeed)",
    ]


def test_a_failed_evaluation_is_told_with_its_error_and_cause() -> None:
    failed = {"error": "States.QueryEvaluationError", "cause": "no\nvalue", "state": "Add"}
    given = recording(told(STARTED, entered("Add", "Pass"), ("EvaluationFailed", failed)))

    assert lines(given)[-1].text == "evaluation failed: States.QueryEvaluationError: no value"
    assert [line.is_failure for line in lines(given)] == [False, False, True]


def test_the_cause_of_a_function_error_is_its_message() -> None:
    cause = json.dumps({"errorMessage": "two is bad", "errorType": "ValueError", "stackTrace": []})

    assert texts(
        STARTED, entered("A"), scheduled(), ("TaskFailed", {"error": "ValueError", "cause": cause})
    )[-1] == ("task failed: ValueError: two is bad")


def test_iterations_and_branches_are_marked() -> None:
    assert texts(
        STARTED,
        entered("Each", "Map"),
        ("MapStateStarted", {"length": 2}),
        ("MapIterationStarted", {"name": "Each", "index": 0}),
        entered("Charge"),
        ("MapIterationStarted", {"name": "Each", "index": 1}),
        entered("Charge"),
        scheduled(),
        FAILED,
        ("MapIterationFailed", {"name": "Each", "index": 1}),
        before={6: 3, 7: 6},
    ) == [
        "execution started",
        "Each entered (Map)",
        "Each: 2 iterations",
        "Each [0] started",
        "Each [0] / Charge entered",
        "Each [1] started",
        "Each [1] / Charge entered",
        "Each [1] / Charge: task failed: OutOfStock: no widgets left",
        "Each [1] failed",
    ]


def test_both_services_and_the_logs_are_in_the_order_of_time() -> None:
    events = told(STARTED, entered("A"), scheduled(), answered("TaskSubmitted", DURABLE))
    record = DurableRecord(
        DURABLE,
        {"Status": "RUNNING", "StartTimestamp": at(3)},
        [durable_event(3.5, "ExecutionStarted")],
    )
    log = LogRecord("/aws/lambda/work", "work", "7", at(3.7), "hello")

    assert [(line.service, line.text) for line in lines(recording(events, [record], [log]))] == [
        (Service.STEP_FUNCTIONS, "execution started"),
        (Service.STEP_FUNCTIONS, "A entered"),
        (Service.LAMBDA, "work:1 started"),
        (Service.LAMBDA, "work | hello"),
        (Service.STEP_FUNCTIONS, "task submitted, waiting for its end"),
    ]


def test_a_line_has_the_same_id_in_a_longer_recording() -> None:
    step, wait = durable_event(3, "StepSucceeded", "a"), durable_event(2, "WaitStarted", "b")
    first = durable_event_lines(DurableRecord(DURABLE, {}, [step, step]), "")
    longer = durable_event_lines(DurableRecord(DURABLE, {}, [wait, step, step]), "")
    ids = [line.id for line in first]

    assert len(set(ids)) == 2
    assert [line.id for line in longer][1:] == ids


def test_the_place_of_a_failure_is_the_state_the_function_and_the_operation() -> None:
    events = told(
        STARTED,
        entered("Order"),
        scheduled(resource=CALLBACK),
        answered("TaskSubmitted", DURABLE),
        FAILED,
        ("ExecutionFailed", {"error": "OutOfStock"}),
    )
    record = DurableRecord(
        DURABLE,
        {"Status": "FAILED", "StartTimestamp": at(3)},
        [durable_event(4, "StepStarted", "charge"), durable_event(4.5, "StepFailed", "charge")],
    )
    given = recording(events, [record], status="FAILED")

    assert end_place(given, read_execution_history(events, "FAILED")) == (
        "the state Order, in work:1, in the step charge"
    )


def test_an_execution_without_a_state_has_no_place() -> None:
    given = recording(told(STARTED))

    assert end_place(given, read_execution_history(given.events, "RUNNING")) == ""
