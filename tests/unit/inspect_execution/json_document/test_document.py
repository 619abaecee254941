# SPDX-License-Identifier: MIT-0
"""The JSON document of a view: its values, and that its schema describes each of them."""

import json
from typing import Any

import pytest

from inspect_execution.json_document.document import document_text, json_line, view_document
from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.model.waits.pending_wait import WaitKind
from inspect_execution.status import Status
from inspect_execution.text import printable
from tests.support.project.document_schema import differences, schema

from ..events import (
    DURABLE,
    FAILED,
    STARTED,
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


def document(running: bool = False) -> Any:
    """A task that fails once and is retried, and the durable execution of its second attempt."""
    events = told(
        STARTED,
        entered("A"),
        scheduled(),
        FAILED,
        scheduled(),
        answered("TaskSubmitted", header=DURABLE),
        *([] if running else [answered(), exited("A")]),
    )
    ended: dict[str, Any] = {} if running else {"EndTimestamp": at(14), "Result": '"done"'}
    record = durable_record(
        durable_event(6, "StepStarted", "charge"),
        durable_event(7, "StepFailed", "charge", RetryDetails={"NextAttemptDelaySeconds": 2}),
        durable_event(8, "WaitStarted", "rest", Duration=5, ScheduledEndTimestamp=at(13)),
        status="RUNNING" if running else "SUCCEEDED",
        StartTimestamp=at(6),
        **ended,
    )
    changes: dict[str, Any] = {"status": "RUNNING", "stopDate": None} if running else {}
    made = recording(events, record, input='{"n": 1}', **changes)
    made.omissions.append("a call that failed")
    return view_document(build_view(made, Prices()))


def test_times_are_in_utc_and_durations_in_seconds() -> None:
    shown = document()
    [state] = shown["states"]
    [durable] = shown["durable_executions"]

    assert shown["execution"]["started"] == "2026-01-01T00:00:00.000Z"
    assert shown["execution"]["seconds"] == 10.0
    assert (state["entered"], state["exited"]) == (
        "2026-01-01T00:00:02.000Z",
        "2026-01-01T00:00:08.000Z",
    )
    assert [each["seconds"] for each in state["attempts"]] == [1.0, 2.0]
    assert durable["operations"][1]["scheduled_end"] == "2026-01-01T00:00:13.000Z"


def test_an_attempt_names_its_durable_execution_and_the_other_way_round() -> None:
    shown = document()
    [state] = shown["states"]
    [durable] = shown["durable_executions"]

    assert [each["durable_execution"] for each in state["attempts"]] == [None, DURABLE]
    assert [each["correlation_method"] for each in state["attempts"]] == [None, "HEADER"]
    assert durable["started_by"] == [{"state": "A", "state_index": 0, "attempt": 2}]
    assert [(each["kind"], each["name"]) for each in durable["operations"]] == [
        ("step", "charge"),
        ("wait", "rest"),
    ]


def test_the_cost_is_the_sum_of_its_line_items() -> None:
    cost = document()["cost"]

    assert [(each["name"], each["quantity"], each["unit"]) for each in cost["items"]] == [
        ("state transitions", 2.0, None),
        ("durable operations", 3.0, None),
        ("data written", 0.0, "bytes"),
        ("invocations", 2.0, None),
    ]
    assert cost["total"] == pytest.approx(sum(each["dollars"] for each in cost["items"]))
    assert "GB-seconds of 1 invocation: the history has no durations" in cost["omissions"]


def test_payloads_and_omissions_are_in_it_as_they_are() -> None:
    shown = document()

    assert json.loads(shown["execution"]["input"]) == {"n": 1}
    assert (shown["execution"]["output"], shown["execution"]["error"]) == (None, None)
    assert "a call that failed" in shown["omissions"]


@pytest.mark.parametrize("running", [False, True])
def test_the_schema_describes_each_field(running: bool) -> None:
    assert differences(document(running)) == []


def test_the_schema_knows_every_status() -> None:
    shown = set(schema()["$defs"]["status"]["enum"])

    assert shown == {each.name for each in Status} - {"OVER", "NOT_REACHED"}


def test_the_schema_knows_every_kind_of_wait() -> None:
    kinds = schema()["$defs"]["wait"]["properties"]["kind"]

    assert kinds["enum"] == [kind.name for kind in WaitKind]
    assert kinds["description"] == (
        "What is awaited: " + "; ".join(f"{kind.name}: {kind.value}" for kind in WaitKind) + "."
    )


def test_a_line_is_the_same_document_and_a_terminal_can_show_it() -> None:
    view = build_view(recording(told(STARTED), input='"\u202e\x9b"'), Prices())
    line, text = json_line(view), document_text(view)

    assert "\n" not in line
    assert json.loads(line) == json.loads(text) == view_document(view)
    assert printable(line, len(line)) == line
