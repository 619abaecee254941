# SPDX-License-Identifier: MIT-0
"""Events in the shape of AWS's API, one second apart."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from inspect_execution.histories.recording import DurableRecord, FunctionMemory, Recording

START = datetime(2026, 1, 1, tzinfo=UTC)
TOKEN = "AQCEAAAAKgAAAAMAAAAAAAAAAT" + "9/aB+c" * 20
VERSION = "arn:aws:lambda:us-east-1:123456789012:function:work:1"
DURABLE = f"{VERSION}/durable-execution/name/run"
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:machine:run"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def told(
    *parts: tuple[str, dict[str, Any]], before: dict[int, int] | None = None, first: int = 1
) -> Any:
    """A history: each event follows the one before it, unless `before` names another."""
    return [
        {
            "id": number,
            "previousEventId": (before or {}).get(number, number - 1),
            "timestamp": at(number),
            "type": event_type,
            **({_details(event_type): details} if details else {}),
        }
        for number, (event_type, details) in enumerate(parts, start=first)
    ]


def _details(event_type: str) -> str:
    for suffix in ("Entered", "Exited"):
        if event_type.endswith(f"State{suffix}"):
            return f"state{suffix}EventDetails"
    return f"{event_type[0].lower()}{event_type[1:]}EventDetails"


def entered(name: str, kind: str = "Task") -> tuple[str, dict[str, Any]]:
    return f"{kind}StateEntered", {"name": name, "input": "{}"}


def exited(name: str, kind: str = "Task") -> tuple[str, dict[str, Any]]:
    return f"{kind}StateExited", {"name": name, "output": "{}"}


def scheduled(payload: Any = None, resource: str = "invoke") -> tuple[str, dict[str, Any]]:
    parameters = {"FunctionName": VERSION, "Payload": payload}
    return "TaskScheduled", {
        "resourceType": "lambda",
        "resource": resource,
        "parameters": json.dumps(parameters),
    }


def answered(
    event_type: str = "TaskSucceeded", header: str | None = None
) -> tuple[str, dict[str, Any]]:
    headers = {"X-Amz-Durable-Execution-Arn": [header]} if header else {}
    output = {"ExecutedVersion": "1", "SdkHttpMetadata": {"AllHttpHeaders": headers}}
    return event_type, {"resourceType": "lambda", "output": json.dumps(output)}


FAILED = ("TaskFailed", {"error": "OutOfStock", "cause": "no widgets left"})
STARTED = ("ExecutionStarted", {"input": "{}"})


def durable_event(seconds: float, event_type: str, name: str = "", **details: Any) -> Any:
    return {
        "EventType": event_type,
        "EventTimestamp": at(seconds),
        **({"Name": name, "Id": name} if name else {}),
        f"{event_type}Details": details,
    }


def durable_record(
    *events: Any, status: str = "SUCCEEDED", arn: str = DURABLE, **details: Any
) -> DurableRecord:
    return DurableRecord(
        arn, {"StartTimestamp": at(0), "Status": status, "InputPayload": "{}", **details}, [*events]
    )


def recording(events: Any, *durable: DurableRecord, **execution: Any) -> Recording:
    return Recording(
        execution={
            "executionArn": EXECUTION,
            "stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:machine",
            "name": "run",
            "status": "SUCCEEDED",
            "startDate": START,
            "stopDate": at(10),
            **execution,
        },
        definition="",
        events=events,
        durable=list(durable),
        memory={VERSION: FunctionMemory(1024, "arm64")},
        omissions=[],
        read_at=at(20),
    )
