# SPDX-License-Identifier: MIT-0
"""Start an execution, wait for its end, and look at both histories."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from aws_durable_execution_sdk_python_testing.clock import SkipClock

from local.assembly import read_stack
from local.deployment import Deployment
from local.endpoint import Endpoint
from local.run import Outcome

from .assemblies import publish_again, variant

DEADLINE_SECONDS = 60
ASYNC, SYNC = "sfn-dfn-async-durable-fn", "sfn-dfn-sync-durable-fn"
# The story of an order that nothing went wrong with.
FULFILLED = [
    ("StepSucceeded", "create_order"),
    ("WaitStarted", "wait_for_fulfilment"),
    ("WaitSucceeded", "wait_for_fulfilment"),
    ("StepSucceeded", "check_still_wanted"),
    ("StepSucceeded", "notify_customer"),
    ("StepSucceeded", "send_task_success"),
]
INVOICED = [
    ("StepSucceeded", "create_invoice"),
    ("WaitStarted", "wait_for_cooling_off"),
    ("WaitSucceeded", "wait_for_cooling_off"),
    ("StepSucceeded", "send_invoice"),
]


@dataclass(frozen=True)
class DurableHistory:
    """A durable execution that has ended."""

    arn: str
    status: str
    ended_at: datetime
    error: dict[str, Any]
    result: Any
    events: list[dict[str, Any]]

    def story(self) -> list[tuple[str, str]]:
        """What happened, by name, without what every execution has."""
        return [
            (event["EventType"], event.get("Name", ""))
            for event in self.events
            if event["EventType"].startswith(("Step", "Wait"))
            and event["EventType"] != "StepStarted"
        ]

    def time_of(self, event_type: str, name: str) -> datetime:
        [moment] = [
            event["EventTimestamp"]
            for event in self.events
            if (event["EventType"], event.get("Name")) == (event_type, name)
        ]
        assert isinstance(moment, datetime)
        return moment


@dataclass(frozen=True)
class Finished:
    """An execution of the state machine that has ended, with all that belongs to it."""

    outcome: Outcome
    events: list[dict[str, Any]]
    asynchronous: list[DurableHistory]
    synchronous: list[DurableHistory]

    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def time_of(self, event_type: str) -> datetime:
        """When the first event of that type was."""
        moment = next(each["timestamp"] for each in self.events if each["type"] == event_type)
        assert isinstance(moment, datetime)
        return moment

    def details(self, event_type: str, index: int = 0) -> dict[str, Any]:
        event = [event for event in self.events if event["type"] == event_type][index]
        [details] = [value for key, value in event.items() if key.endswith("EventDetails")]
        assert isinstance(details, dict)
        return details

    def task_token(self) -> str:
        payload = json.loads(self.details("TaskScheduled")["parameters"])["Payload"]
        assert isinstance(payload["TaskToken"], str)
        return payload["TaskToken"]


@dataclass
class Scenario:
    """A deployed stack, driven through AWS's public APIs alone."""

    deployment: Deployment
    _seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.step_functions = self.deployment.endpoint.client("stepfunctions")
        self.lambda_ = self.deployment.endpoint.client("lambda")
        self.logs = self.deployment.endpoint.client("logs")

    def start(self, execution_input: Any) -> str:
        """Start an execution of the stack's state machine."""
        started = self.step_functions.start_execution(
            stateMachineArn=self.deployment.state_machine_arns[0],
            input=json.dumps(execution_input),
        )
        return str(started["executionArn"])

    def wait_for_durable_executions(self, count: int) -> None:
        """Wait until the async function has so many executions that are new, ended or not."""
        wait_until(lambda: len(self._new_arns(ASYNC)) >= count, f"{count} durable executions")

    def run(self, execution_input: Any) -> Finished:
        """Run one execution to its end, on both sides."""
        arn = self.start(execution_input)
        ended = self.end_of(arn)
        return Finished(
            outcome=Outcome.of(ended),
            events=self.step_functions.get_execution_history(executionArn=arn)["events"],
            asynchronous=self.ended_durable_executions(ASYNC),
            synchronous=self.ended_durable_executions(SYNC),
        )

    def ended_durable_executions(self, function: str) -> list[DurableHistory]:
        """The function's executions that are new since the last call, once they have ended."""
        return [self.ended_durable_execution(arn) for arn in self._new_arns(function)]

    def ended_durable_execution(self, arn: str) -> DurableHistory:
        def details() -> dict[str, Any]:
            answer: dict[str, Any] = self.lambda_.get_durable_execution(DurableExecutionArn=arn)
            return answer

        self._seen.add(arn)
        wait_until(lambda: details()["Status"] != "RUNNING", f"{arn} to end")
        ended = details()
        history = self.lambda_.get_durable_execution_history(
            DurableExecutionArn=arn, IncludeExecutionData=True
        )
        return DurableHistory(
            arn=arn,
            status=ended["Status"],
            ended_at=ended["EndTimestamp"],
            error=ended.get("Error", {}),
            result=json.loads(ended["Result"]) if ended.get("Result") else None,
            events=history["Events"],
        )

    def end_of(self, execution: str) -> dict[str, Any]:
        """The execution of any state machine, once it has ended."""
        wait_until(lambda: self._describe(execution)["status"] != "RUNNING", f"{execution} to end")
        return self._describe(execution)

    def executions(self, status: str) -> list[str]:
        """The executions of the stack's state machine with that status, the newest first."""
        listed = self.step_functions.list_executions(
            stateMachineArn=self.deployment.state_machine_arns[0], statusFilter=status
        )
        return [execution["executionArn"] for execution in listed["executions"]]

    def log_lines(self) -> list[str]:
        """Every line that any function has logged."""
        return [
            event["message"]
            for function in self.lambda_.list_functions()["Functions"]
            for event in self.logs.filter_log_events(
                logGroupName=function["LoggingConfig"]["LogGroup"]
            )["events"]
        ]

    @contextmanager
    def changed(self, directory: Path, change: Callable[[Path], None]) -> Iterator[None]:
        """Deploy a changed assembly over this one, and this one again at the end."""
        original = self.deployment.stack
        copy = variant(original.directory, directory)
        change(copy)
        publish_again(copy)
        self.deployment.update(read_stack(copy))
        try:
            yield
        finally:
            self.deployment.update(original)

    def _describe(self, arn: str) -> dict[str, Any]:
        description: dict[str, Any] = self.step_functions.describe_execution(executionArn=arn)
        return description

    def _new_arns(self, function: str) -> list[str]:
        """Those of the function's latest executions not looked at yet, in the order of start."""
        listed = self.lambda_.list_durable_executions_by_function(
            FunctionName=function, ReverseOrder=True
        )
        arns = [each["DurableExecutionArn"] for each in reversed(listed["DurableExecutions"])]
        return [arn for arn in arns if arn not in self._seen]


@contextmanager
def deployed(assembly: Path) -> Iterator[Scenario]:
    """The assembly's stack, deployed to an endpoint for as long as the context lasts."""
    with Endpoint(SkipClock()) as endpoint:
        deployment = Deployment(read_stack(assembly), endpoint)
        deployment.create()
        yield Scenario(deployment)


def wait_until(is_true: Callable[[], bool], what: str, seconds: float = DEADLINE_SECONDS) -> None:
    """Wait for the thing, with a deadline."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.02)
