# SPDX-License-Identifier: MIT-0
"""Recorded durable executions, and the state that Lambda would hand to an invocation of them.

A file holds one JSON object: FunctionName, Version, Execution (what boto3's get_durable_execution
returns) and Events (all events of get_durable_execution_history).
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ..errors import UsageError

RecordedEvent = dict[str, Any]
# An operation, or what identifies one, as Lambda's API writes it.
RecordedOperation = dict[str, Any]

_TYPES = {
    "Step": "STEP",
    "Wait": "WAIT",
    "Callback": "CALLBACK",
    "Context": "CONTEXT",
    "ChainedInvoke": "CHAINED_INVOKE",
}
_STATUSES = {
    "Started": "STARTED",
    "Succeeded": "SUCCEEDED",
    "Failed": "FAILED",
    "TimedOut": "TIMED_OUT",
    "Stopped": "STOPPED",
    "Cancelled": "CANCELLED",
}
_OF_AN_OPERATION = re.compile(f"({'|'.join(_TYPES)})({'|'.join(_STATUSES)})")
TERMINAL = frozenset(_STATUSES.values()) - {"STARTED"}
# The year 2100, in milliseconds: no pause before a retry ends while it is replayed.
_FAR_AHEAD = 4_102_444_800_000
# Each replay takes about ten milliseconds, and a long history has thousands of events.
MAX_POINTS = 200


@dataclass(frozen=True)
class RecordedExecution:
    """One durable execution, as far as it was recorded."""

    function: str
    arn: str
    status: str
    events: list[RecordedEvent]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file.

        Raises:
            UsageError: it cannot be read, or is no complete recording
        """
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}") from None
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{path} is no JSON: {error}") from None
        try:
            execution = document["Execution"]
            recorded = cls(
                function=str(document["FunctionName"]),
                arn=str(execution["DurableExecutionArn"]),
                status=str(execution["Status"]),
                events=[dict(event) for event in document["Events"]],
            )
            problem = recorded._problem()
        except KeyError as error:
            problem = f"{error.args[0]} is missing"
        except (TypeError, ValueError, AttributeError):
            problem = "its fields are not those of get_durable_execution and its history"
        if problem:
            raise UsageError(f"{path} is no recorded durable execution: {problem}")
        return recorded

    def _problem(self) -> str | None:
        if not self.events or self.events[0]["EventType"] != "ExecutionStarted":
            return "its first event must be ExecutionStarted"
        for event in self.events:
            details = _details(event)
            for part in ("Input", "Result", "Error"):
                if details.get(part, {}).get("Truncated"):
                    return f"event {event['EventId']}, {event['EventType']}, is without its data"
            if _OF_AN_OPERATION.fullmatch(event["EventType"]):
                str(event["Id"])
        return None

    @property
    def end(self) -> dict[str, Any] | None:
        """What the handler returned, or type and message of what it raised; None without either."""
        last = _details(self.events[-1])
        if self.events[-1]["EventType"] == "ExecutionSucceeded":
            return {"Result": json.loads(last["Result"].get("Payload") or "null")}
        if self.events[-1]["EventType"] == "ExecutionFailed":
            error = last["Error"].get("Payload") or {}
            return {"Error": [error.get("ErrorType"), error.get("ErrorMessage")]}
        return None

    def operations(self, count: int | None = None) -> list[RecordedOperation]:
        """The operations after so many events, in the order of their start; None for all."""
        operations: dict[str, RecordedOperation] = {}
        for event in self.events[:count]:
            match = _OF_AN_OPERATION.fullmatch(event["EventType"])
            if match:
                operation = operations.setdefault(event["Id"], _identity(event, match[1]))
                _apply(operation, event, _STATUSES[match[2]])
        return list(operations.values())

    def state(self, count: int | None = None) -> list[RecordedOperation]:
        """The state that an invocation begins with after so many events: the execution first."""
        payload = _details(self.events[0])["Input"].get("Payload")
        execution = {
            "Id": self.arn.rsplit("/", 1)[-1],
            "Type": "EXECUTION",
            "Status": "STARTED",
            "ExecutionDetails": {"InputPayload": payload},
        }
        return [execution, *self.operations(count)]

    def points(self) -> list[int]:
        """The numbers of events after which Lambda may have invoked the handler, the last included.

        After any of them, for an invocation may crash at any time; of a long history, those at
        which an invocation ended.
        """
        changes = [
            number
            for number, event in enumerate(self.events, 1)
            if number == 1 or _OF_AN_OPERATION.fullmatch(event["EventType"])
        ]
        if len(changes) > MAX_POINTS:
            changes = [
                number
                for number, event in enumerate(self.events, 1)
                if number == 1 or event["EventType"] == "InvocationCompleted"
            ]
        return sorted({*changes[-MAX_POINTS:], len(self.events)})


def _details(event: RecordedEvent) -> dict[str, Any]:
    return event.get(f"{event.get('EventType')}Details") or {}


def _identity(event: RecordedEvent, kind: str) -> RecordedOperation:
    identity = {key: event.get(key) for key in ("Id", "Name", "ParentId", "SubType")}
    return {**identity, "Type": _TYPES[kind]}


def _apply(operation: RecordedOperation, event: RecordedEvent, status: str) -> None:
    """Change an operation by one event, as a checkpoint would."""
    details = _details(event)
    data = {
        key: payload
        for key in ("Result", "Error")
        if (payload := details.get(key, {}).get("Payload")) is not None
    }
    operation["Status"] = status
    kind = operation["Type"]
    if kind == "STEP":
        _apply_to_step(operation, details, data, status)
    elif kind == "CALLBACK":
        data["CallbackId"] = details.get("CallbackId") or operation["CallbackDetails"]["CallbackId"]
        operation["CallbackDetails"] = data
    elif kind == "CONTEXT":
        # What the SDK writes for a result that does not fit: the children are replayed instead.
        is_too_large = status == "SUCCEEDED" and _is_summary(operation, data.get("Result"))
        operation["ContextDetails"] = {**data, "ReplayChildren": is_too_large}
    elif kind == "CHAINED_INVOKE":
        operation["ChainedInvokeDetails"] = data


def _apply_to_step(
    operation: RecordedOperation, details: dict[str, Any], data: dict[str, Any], status: str
) -> None:
    before = operation.get("StepDetails", {"Attempt": 0})
    if status == "STARTED":
        operation["StepDetails"] = before
        return
    operation["StepDetails"] = {**data, "Attempt": before["Attempt"] + 1}
    if details.get("RetryDetails", {}).get("NextAttemptDelaySeconds"):
        operation["Status"] = "PENDING"
        operation["StepDetails"]["NextAttemptTimestamp"] = _FAR_AHEAD


def _is_summary(context: RecordedOperation, payload: str | None) -> bool:
    """The history does not say it, and the state, which does, is for a running handler alone."""
    if context["SubType"] in ("Map", "Parallel"):
        return (payload or "").startswith('{"type": "') and '"totalCount": ' in str(payload)[:100]
    return payload == ""
