# SPDX-License-Identifier: MIT-0
"""Each event of a durable execution, and each line of a log, as a short line."""

from typing import Any

import pytest

from inspect_execution.histories.recording import DurableRecord
from inspect_execution.model.event_lines.durable_events import durable_event_lines
from inspect_execution.model.event_lines.handler_logs import log_text

from ..events import DURABLE, durable_event


def durable_texts(*events: Any, mark: str = "") -> list[str]:
    record = DurableRecord(DURABLE, {}, list(events))
    return [line.text for line in durable_event_lines(record, mark)]


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (durable_event(1, "ExecutionStarted"), "work:1 started"),
        (durable_event(1, "ExecutionSucceeded"), "work:1 SUCCEEDED"),
        (durable_event(1, "ExecutionTimedOut"), "work:1 TIMED_OUT"),
        (durable_event(1, "ExecutionStopped"), "work:1 STOPPED"),
        (durable_event(1, "ExecutionPaused"), "work:1 PAUSED"),
        (durable_event(1, "ExecutionResumed"), "work:1 resumed"),
        (durable_event(1, "StepSucceeded", "charge"), "step charge succeeded"),
        (
            durable_event(1, "StepSucceeded", "charge", RetryDetails={"CurrentAttempt": 3}),
            "step charge succeeded at attempt 3",
        ),
        (
            durable_event(
                1,
                "StepFailed",
                "charge",
                Error={"Payload": {"ErrorType": "OutOfStock", "ErrorMessage": "no widgets"}},
                RetryDetails={"NextAttemptDelaySeconds": 90, "CurrentAttempt": 1},
            ),
            "step charge failed: OutOfStock: no widgets, retried in 0:01:30",
        ),
        (durable_event(1, "WaitStarted", "rest", Duration=1200), "rest: 0:20:00 to wait"),
        (durable_event(1, "WaitSucceeded", "rest"), "rest: over"),
        (durable_event(1, "WaitCancelled", "rest"), "rest: cancelled"),
        (
            durable_event(1, "CallbackStarted", "approval", Timeout=60),
            "callback approval started, waiting at most 0:01:00",
        ),
        (durable_event(1, "CallbackTimedOut", "approval"), "callback approval timed out"),
        (
            durable_event(1, "ChainedInvokeStarted", "ship", FunctionName="shipping:1"),
            "chained invoke ship started, of shipping:1",
        ),
        (durable_event(1, "ChainedInvokeStopped", "ship"), "chained invoke ship stopped"),
        (durable_event(1, "ContextStarted", "both"), "context both started"),
        (
            {**durable_event(1, "ContextSucceeded", "0"), "SubType": "ParallelBranch"},
            "parallel branch 0 succeeded",
        ),
        (
            durable_event(1, "InvocationCompleted", Error={"Payload": {"ErrorType": "Crash"}}),
            "invocation failed: Crash",
        ),
        (durable_event(1, "SomethingNew", "x"), "SomethingNew x"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_durable_operation_of_every_kind_is_told(event: Any, text: str) -> None:
    assert durable_texts(event) == [text]


def test_the_contexts_around_an_operation_are_named() -> None:
    outer = durable_event(1, "ContextStarted", "both")
    inner = {**durable_event(2, "ContextStarted", "left"), "ParentId": "both"}
    step = {**durable_event(3, "StepSucceeded", "charge"), "ParentId": "left"}

    assert durable_texts(outer, inner, step, mark="Each [0] / Charge") == [
        "Each [0] / Charge: context both started",
        "Each [0] / Charge: both / context left started",
        "Each [0] / Charge: both / left / step charge succeeded",
    ]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("plain\tprint", "plain   print"),
        ("[INFO]\t2026-01-01T00:00:00.000Z\t1-2-3\tsaid", "INFO said"),
        ('{"level": "INFO", "message": "said", "requestId": "1"}', "INFO said"),
        ('{"level": "INFO", "message": {"a": 1}}', 'INFO {"a": 1}'),
        ('{"level": "INFO", "message": "x", "logger": "botocore.credentials"}', ""),
        ('{"level": "ERROR", "message": "x", "logger": "botocore.credentials"}', "ERROR x"),
        (
            '{"level": "ERROR", "errorType": "KeyError", "errorMessage": "a", '
            '"stackTrace": ["  File x\\n    call()\\n"]}',
            "ERROR KeyError: a\n  File x\n    call()",
        ),
        ('{"a": 1}', '{"a": 1}'),
        ("{broken", "{broken"),
        ("\x1b[31mred\u202e", "\\u001b[31mred\\u202e"),
    ],
)
def test_a_log_event_is_its_level_its_message_and_its_stack_trace(message: str, text: str) -> None:
    assert log_text(message) == text
