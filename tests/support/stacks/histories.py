# SPDX-License-Identifier: MIT-0
"""What both sides tell of an execution that has ended."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inspect_execution.histories.durable_history import function_and_version
from local.commands.execution_result import ExecutionResult

Story = list[tuple[str, str]]
# The one list of the durable operations of an order that nothing went wrong with, and of its
# invoice. Tests derive their names, their order and every count from it. A replay looks for them
# under these names and in this order: an execution that runs fails if it does not find its own.
FULFILLED: Story = [
    ("StepSucceeded", "create_order"),
    ("WaitStarted", "wait_for_fulfilment"),
    ("WaitSucceeded", "wait_for_fulfilment"),
    ("StepSucceeded", "check_still_wanted"),
    ("StepSucceeded", "notify_customer"),
    ("StepSucceeded", "send_task_success"),
]
INVOICED: Story = [
    ("StepSucceeded", "create_invoice"),
    ("WaitStarted", "wait_for_cooling_off"),
    ("WaitSucceeded", "wait_for_cooling_off"),
    ("StepSucceeded", "send_invoice"),
]
# The steps that call Step Functions, and what they call; every other step is business.
CALLBACK_STEPS = {
    "check_still_wanted": "SendTaskHeartbeat",
    "send_task_success": "SendTaskSuccess",
}


def up_to(event_type: str, name: str) -> Story:
    """The story of an order that came as far as this event."""
    return FULFILLED[: FULFILLED.index((event_type, name)) + 1]


def operations(story: Story) -> list[str]:
    """The names of a story's durable operations, in their order."""
    return list(dict.fromkeys(name for _, name in story))


def waits(story: Story) -> list[str]:
    return [name for event_type, name in story if event_type == "WaitStarted"]


def charged_operations(*stories: Story) -> int:
    """How many durable operations AWS charges for: the start of each execution is one."""
    return sum(1 + len(operations(story)) for story in stories)


def invocations(*stories: Story) -> int:
    """How often Lambda invokes the handlers: at the start, and after every wait."""
    return sum(1 + len(waits(story)) for story in stories)


def business_steps(*stories: Story) -> list[str]:
    return [
        name
        for story in stories
        for event_type, name in story
        if event_type == "StepSucceeded" and name not in CALLBACK_STEPS
    ]


# The story of an order that waits, and that of one whose wait is over.
WAITING = up_to("WaitStarted", "wait_for_fulfilment")
WAITED = up_to("WaitSucceeded", "wait_for_fulfilment")
# The story of an order whose task is closed: no longer wanted.
ABANDONED = up_to("StepSucceeded", "check_still_wanted")
# The story of an order invoked by hand, without a task token.
BY_HAND = [event for event in FULFILLED if event[1] not in CALLBACK_STEPS]
# The story of an order whose input is refused.
REFUSED = [("StepSucceeded", "send_task_failure")]
ASYNC_STATE = "Async Durable Lambda Fn Invoke"
SYNC_STATE = "Synchronous Durable Lambda Fn Invoke"


@dataclass(frozen=True)
class Visit:
    """The visit of one state, and the types of its events between entry and exit."""

    name: str
    type: str
    events: tuple[str, ...] = ()


# The one list of the states that an order visits that nothing went wrong with, in their order.
VISITS = [
    Visit(ASYNC_STATE, "Task", ("TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded")),
    Visit(SYNC_STATE, "Task", ("TaskScheduled", "TaskStarted", "TaskSucceeded")),
]


def event_types(visits: list[Visit]) -> list[str]:
    """The types of the events of an execution that visits these states and succeeds."""
    of_states = [
        event_type
        for visit in visits
        for event_type in (f"{visit.type}StateEntered", *visit.events, f"{visit.type}StateExited")
    ]
    return ["ExecutionStarted", *of_states, "ExecutionSucceeded"]


UNDEFINED = (
    f"An error occurred while executing the state '{ASYNC_STATE}' (entered at the event id #2). "
    "The JSONata expression '$states.input.minutes_to_wait' specified for the field "
    "'Arguments/Payload/minutes_to_wait' returned nothing (undefined)."
)


@dataclass(frozen=True)
class DurableHistory:
    """A durable execution that has ended."""

    arn: str
    status: str
    ended_at: datetime
    error: dict[str, Any]
    result: Any
    # Task tokens are in them, and an assertion that fails shows what it was about.
    events: list[dict[str, Any]] = field(repr=False)

    @property
    def function(self) -> str:
        return function_and_version(self.arn)[0]

    def input(self) -> Any:
        return json.loads(self.events[0]["ExecutionStartedDetails"]["Input"]["Payload"])

    def story(self) -> Story:
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

    execution: str
    outcome: ExecutionResult
    # As above.
    events: list[dict[str, Any]] = field(repr=False)
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
        token = task_token(self.events)
        assert token is not None
        return token

    def is_token_in(self, lines: list[str]) -> bool:
        """Whether the task token has leaked; asked here, so that no assertion shows it."""
        token = self.task_token()
        return any(token in line for line in lines)


def task_token(events: list[dict[str, Any]]) -> str | None:
    """The token of the first task that has one, if that is scheduled."""
    for event in events:
        if event["type"] == "TaskScheduled":
            payload = json.loads(event["taskScheduledEventDetails"]["parameters"]).get("Payload")
            if isinstance(payload, dict) and "TaskToken" in payload:
                return str(payload["TaskToken"])
    return None


def assert_refused(finished: Finished, shown: str) -> None:
    """Both sides have failed at once, with field, rule and value."""
    message = f"minutes_to_wait must be a number more than 0 and less than 60, got {shown}"
    [order] = finished.asynchronous

    assert (finished.outcome.status, finished.outcome.error, finished.outcome.cause) == (
        "FAILED",
        "InvalidInput",
        message,
    )
    assert finished.types()[-2:] == ["TaskFailed", "ExecutionFailed"]
    assert finished.details("TaskFailed")["cause"] == message
    assert order.status == "FAILED"
    assert (order.error["ErrorType"], order.error["ErrorMessage"]) == ("InvalidInput", message)
    assert order.story() == REFUSED
    assert finished.synchronous == []


def assert_without_minutes(finished: Finished) -> None:
    """The execution has failed before any function ran."""
    assert (finished.outcome.status, finished.outcome.error, finished.outcome.cause) == (
        "FAILED",
        "States.QueryEvaluationError",
        UNDEFINED,
    )
    assert finished.types() == [
        "ExecutionStarted",
        "TaskStateEntered",
        "EvaluationFailed",
        "ExecutionFailed",
    ]
    assert finished.asynchronous == finished.synchronous == []
