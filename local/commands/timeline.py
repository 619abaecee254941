# SPDX-License-Identifier: MIT-0
"""What happens in an execution, on both sides, read through AWS's public APIs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from ..functions.function import FunctionVersion


class Side(Enum):
    """Where something happened."""

    STEP_FUNCTIONS = "Step Functions"
    DURABLE = "Lambda durable executions"


@dataclass(frozen=True)
class Moment:
    """One thing that happened, in words."""

    time: datetime
    side: Side
    text: str
    is_failure: bool = False


@dataclass(frozen=True)
class DurableExecution:
    """A durable execution as far as it has come, with its error when it has one."""

    arn: str
    status: str
    error: str


@dataclass(frozen=True)
class Progress:
    """Both sides of an execution at one look."""

    is_running: bool
    waits_for_callback: bool
    durable_executions: list[DurableExecution]

    @property
    def durable_have_ended(self) -> bool:
        return all(execution.status != "RUNNING" for execution in self.durable_executions)

    @property
    def has_ended(self) -> bool:
        return not self.is_running and self.durable_have_ended

    @property
    def one_side_has_ended(self) -> bool:
        """Whether only the other side can still end, if anything can."""
        nobody_left_to_call_back = (
            self.waits_for_callback and bool(self.durable_executions) and self.durable_have_ended
        )
        return not self.is_running or nobody_left_to_call_back


@dataclass
class Timeline:
    """Follows one execution of a state machine and the durable executions of its functions."""

    step_functions: Any
    lambda_: Any
    execution_arn: str
    versions: Iterable[FunctionVersion]
    _events_seen: dict[str, int] = field(default_factory=dict)

    def new_moments(self) -> list[Moment]:
        """What happened since the last call, in the order of its time."""
        events = self.step_functions.get_execution_history(
            executionArn=self.execution_arn, maxResults=1000
        )["events"]
        moments = [
            moment
            for event in self._unseen(self.execution_arn, events)
            if (moment := _state_moment(event))
        ]
        for arn in self._durable_execution_arns():
            history = self.lambda_.get_durable_execution_history(
                DurableExecutionArn=arn, IncludeExecutionData=True, MaxItems=1000
            )["Events"]
            moments += [
                moment
                for event in self._unseen(arn, history)
                if (moment := _durable_moment(arn, event))
            ]
        return sorted(moments, key=lambda moment: moment.time)

    def progress(self) -> Progress:
        description = self.step_functions.describe_execution(executionArn=self.execution_arn)
        last_event = self.step_functions.get_execution_history(
            executionArn=self.execution_arn, maxResults=1, reverseOrder=True
        )["events"]
        return Progress(
            is_running=description["status"] == "RUNNING",
            waits_for_callback=[event["type"] for event in last_event] == ["TaskSubmitted"],
            durable_executions=[
                self._durable_execution(arn) for arn in self._durable_execution_arns()
            ],
        )

    def _durable_execution_arns(self) -> list[str]:
        return [
            execution["DurableExecutionArn"]
            for version in self.versions
            if version.configuration.durable
            for execution in self.lambda_.list_durable_executions_by_function(
                FunctionName=version.name, Qualifier=version.number
            )["DurableExecutions"]
        ]

    def _durable_execution(self, arn: str) -> DurableExecution:
        details = self.lambda_.get_durable_execution(DurableExecutionArn=arn)
        return DurableExecution(arn, details["Status"], _error_text(details.get("Error", {})))

    def _unseen(self, history: str, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        seen = self._events_seen.get(history, 0)
        self._events_seen[history] = len(events)
        return events[seen:]


_STATE_TEXTS = {
    "ExecutionStarted": "execution started",
    "TaskStateEntered": "{name} entered",
    "TaskSubmitted": "task submitted, waiting for the callback",
    "TaskSucceeded": "task succeeded",
    "TaskFailed": "task failed: {error}",
    "TaskTimedOut": "task timed out: {error}",
    "EvaluationFailed": "evaluation failed: {error}",
    "ExecutionSucceeded": "execution SUCCEEDED",
    "ExecutionFailed": "execution FAILED",
    "ExecutionAborted": "execution ABORTED",
    "ExecutionTimedOut": "execution TIMED_OUT",
}
_DURABLE_TEXTS = {
    "ExecutionStarted": "{function} started",
    "StepSucceeded": "step {name} succeeded",
    "StepFailed": "step {name} failed: {error}",
    "WaitStarted": "{name}: {duration} to wait",
    "WaitSucceeded": "{name}: over",
    "ExecutionSucceeded": "{function} SUCCEEDED",
    "ExecutionFailed": "{function} FAILED: {error}",
    "ExecutionTimedOut": "{function} TIMED_OUT",
    "ExecutionStopped": "{function} STOPPED",
}
_FAILURES = ("Failed", "TimedOut", "Aborted", "Stopped")


def _state_moment(event: dict[str, Any]) -> Moment | None:
    event_type = event["type"]
    if event_type not in _STATE_TEXTS:
        return None
    details = _details(event, event_type[0].lower() + event_type[1:])
    if event_type == "TaskStateEntered":
        details = event["stateEnteredEventDetails"]
    text = _STATE_TEXTS[event_type].format(
        name=details.get("name", ""), error=details.get("error", "")
    )
    return Moment(event["timestamp"], Side.STEP_FUNCTIONS, text, event_type.endswith(_FAILURES))


def _durable_moment(arn: str, event: dict[str, Any]) -> Moment | None:
    event_type = event["EventType"]
    if event_type not in _DURABLE_TEXTS:
        return None
    details = _details(event, event_type)
    text = _DURABLE_TEXTS[event_type].format(
        function=arn.split("/")[0].split(":function:")[1],
        name=event.get("Name", ""),
        error=_error_text(details.get("Error", {}).get("Payload", {})),
        duration=timedelta(seconds=details.get("Duration", 0)),
    )
    return Moment(event["EventTimestamp"], Side.DURABLE, text, event_type.endswith(_FAILURES))


def _details(event: dict[str, Any], name: str) -> dict[str, Any]:
    details: dict[str, Any] = event.get(f"{name}Details") or event.get(f"{name}EventDetails") or {}
    return details


def _error_text(error: dict[str, Any]) -> str:
    return ": ".join(error[key] for key in ("ErrorType", "ErrorMessage") if error.get(key))
