# SPDX-License-Identifier: MIT-0
"""An execution as long as Step Functions allows: 25,000 events of a loop over two functions, one
of them durable and called back, with payloads and task tokens as long as real ones.
"""

import base64
import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from inspect_execution.histories.recording import DurableRecord, Recording

MAX_EVENTS = 25_000
START = datetime(2026, 1, 1, tzinfo=UTC)
ARN = "arn:aws:states:us-east-1:123456789012:execution:loop:long"
VERSION = "arn:aws:lambda:us-east-1:123456789012:function:approve:1"
DURABLE_EXECUTIONS = 500
TOKEN_BYTES, PAYLOAD_BYTES = 550, 750
DEFINITION = {
    "StartAt": "Work",
    "States": {
        "Work": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Approve"},
        "Approve": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Parameters": {"Payload": {"TaskToken.$": "$$.Task.Token"}},
            "Next": "Again?",
        },
        "Again?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.more", "BooleanEquals": True, "Next": "Work"}],
            "Default": "Done",
        },
        "Done": {"Type": "Succeed"},
    },
}
HistoryEntry = tuple[str, dict[str, Any]]


def long_recording(count: int = MAX_EVENTS) -> Recording:
    """An execution that still runs, with so many events, one every 250 ms."""
    random = Random(5)
    events: list[dict[str, Any]] = [_event(1, ("ExecutionStarted", {}))]
    durable: list[DurableRecord] = []
    for number in range(count):
        token = _token(random)
        arn = f"{VERSION}/durable-execution/name/{number}"
        for each in (*_work(random), *_approve(random, token, arn), *_again(random)):
            if len(events) < count:
                events.append(_event(len(events) + 1, each))
        if len(events) == count:
            break
        if number < DURABLE_EXECUTIONS:
            durable.append(_durable(arn, token, events[-1]["timestamp"]))
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
        durable=durable,
        memory={},
        omissions=[],
        read_at=events[-1]["timestamp"],
    )


def _base64(random: Random, size: int) -> str:
    return base64.b64encode(random.randbytes(size)).decode()


def _token(random: Random) -> str:
    return "AQCEAAAAKgAAAAMAAAAAAAAAAT" + _base64(random, TOKEN_BYTES)


def _entered(random: Random, kind: str, name: str) -> HistoryEntry:
    details = {"name": name, "input": json.dumps({"file": _base64(random, PAYLOAD_BYTES)})}
    return f"{kind}StateEntered", {"stateEnteredEventDetails": details}


def _exited(random: Random, kind: str, name: str) -> HistoryEntry:
    details = {"name": name, "output": json.dumps({"file": _base64(random, PAYLOAD_BYTES)})}
    return f"{kind}StateExited", {"stateExitedEventDetails": details}


def _scheduled(resource: str, function: str, payload: dict[str, str]) -> HistoryEntry:
    parameters = json.dumps({"FunctionName": function, "Payload": payload})
    details = {"resourceType": "lambda", "resource": resource, "parameters": parameters}
    return "TaskScheduled", {"taskScheduledEventDetails": details}


def _work(random: Random) -> tuple[HistoryEntry, ...]:
    payload = {"file": _base64(random, PAYLOAD_BYTES)}
    output = json.dumps({"Payload": _base64(random, PAYLOAD_BYTES)})
    return (
        _entered(random, "Task", "Work"),
        _scheduled("invoke", "work:1", payload),
        ("TaskStarted", {"taskStartedEventDetails": {"resourceType": "lambda"}}),
        ("TaskSucceeded", {"taskSucceededEventDetails": {"output": output}}),
        _exited(random, "Task", "Work"),
    )


def _approve(random: Random, token: str, arn: str) -> tuple[HistoryEntry, ...]:
    payload = {"TaskToken": token, "file": _base64(random, PAYLOAD_BYTES)}
    headers = {"AllHttpHeaders": {"X-Amz-Durable-Execution-Arn": [arn]}}
    output = json.dumps({"ExecutedVersion": "1", "SdkHttpMetadata": headers})
    result = json.dumps({"file": _base64(random, PAYLOAD_BYTES)})
    return (
        _entered(random, "Task", "Approve"),
        _scheduled("invoke.waitForTaskToken", VERSION, payload),
        ("TaskStarted", {"taskStartedEventDetails": {"resourceType": "lambda"}}),
        ("TaskSubmitted", {"taskSubmittedEventDetails": {"output": output}}),
        ("TaskSucceeded", {"taskSucceededEventDetails": {"output": result}}),
        _exited(random, "Task", "Approve"),
    )


def _again(random: Random) -> tuple[HistoryEntry, ...]:
    return _entered(random, "Choice", "Again?"), _exited(random, "Choice", "Again?")


def _event(number: int, event: HistoryEntry) -> dict[str, Any]:
    return {
        "id": number,
        "previousEventId": number - 1,
        "type": event[0],
        "timestamp": START + timedelta(milliseconds=250 * number),
        **event[1],
    }


def _durable(arn: str, token: str, ended: datetime) -> DurableRecord:
    started = ended - timedelta(seconds=1)
    details = {
        "StartTimestamp": started,
        "EndTimestamp": ended,
        "Status": "SUCCEEDED",
        "InputPayload": json.dumps({"TaskToken": token}),
    }
    steps: list[dict[str, Any]] = [
        {
            "EventType": kind,
            "EventTimestamp": started,
            "Name": name,
            "Id": name,
            f"{kind}Details": {},
        }
        for name in ("check", "approve", "send_task_success")
        for kind in ("StepStarted", "StepSucceeded")
    ]
    completed = {"EventType": "InvocationCompleted", "EventTimestamp": ended}
    return DurableRecord(arn, details, [*steps, completed])
