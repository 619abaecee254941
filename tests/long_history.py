# SPDX-License-Identifier: MIT-0
"""An execution as long as Step Functions allows: 25,000 events of a loop over two functions."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from inspect_execution.recording import Recording

MAX_EVENTS = 25_000
START = datetime(2026, 1, 1, tzinfo=UTC)
ARN = "arn:aws:states:us-east-1:123456789012:execution:loop:long"
DEFINITION = {
    "StartAt": "Work",
    "States": {
        "Work": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Again?"},
        "Again?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.more", "BooleanEquals": True, "Next": "Work"}],
            "Default": "Done",
        },
        "Done": {"Type": "Succeed"},
    },
}
_DETAILS: dict[str, dict[str, Any]] = {
    "TaskStateEntered": {"stateEnteredEventDetails": {"name": "Work", "input": "x" * 300}},
    "TaskScheduled": {
        "taskScheduledEventDetails": {
            "resourceType": "lambda",
            "resource": "invoke",
            "parameters": json.dumps({"FunctionName": "work:1", "Payload": "x" * 300}),
        }
    },
    "TaskStarted": {"taskStartedEventDetails": {"resourceType": "lambda"}},
    "TaskSucceeded": {"taskSucceededEventDetails": {"output": "x" * 300}},
    "TaskStateExited": {"stateExitedEventDetails": {"name": "Work", "output": "x" * 300}},
    "ChoiceStateEntered": {"stateEnteredEventDetails": {"name": "Again?", "input": "x" * 300}},
    "ChoiceStateExited": {"stateExitedEventDetails": {"name": "Again?", "output": "x" * 300}},
}


def long_recording(count: int = MAX_EVENTS) -> Recording:
    """An execution that still runs, with so many events, one every 250 ms."""
    events: list[dict[str, Any]] = [_event(1, "ExecutionStarted", {})]
    kinds = list(_DETAILS.items())
    while len(events) < count:
        event_type, details = kinds[(len(events) - 1) % len(kinds)]
        events.append(_event(len(events) + 1, event_type, details))
    return Recording(
        execution={
            "executionArn": ARN,
            "stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:loop",
            "name": "long",
            "status": "RUNNING",
            "startDate": START,
            "input": "{}",
        },
        definition=json.dumps(DEFINITION),
        events=events,
        durable=[],
        memory={},
        left_out=[],
        read_at=events[-1]["timestamp"],
    )


def _event(number: int, event_type: str, details: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number,
        "previousEventId": number - 1,
        "type": event_type,
        "timestamp": START + timedelta(milliseconds=250 * number),
        **details,
    }
