# SPDX-License-Identifier: MIT-0
"""Following an execution reads its new events alone, and only if there are any."""

from typing import Any

import pytest

from inspect_execution.histories.recording import Recording
from inspect_execution.reading.changes import has_changed
from inspect_execution.reading.execution_arn import ExecutionArn
from inspect_execution.reading.following_api import FollowingApi
from inspect_execution.reading.recorder import record_execution

from ..events import (
    DURABLE,
    EXECUTION,
    START,
    STARTED,
    answered,
    durable_event,
    entered,
    scheduled,
    told,
)

ARN = ExecutionArn.parse(EXECUTION)
GROUP = {"/aws/lambda/work": "work"}
TOKEN = "AQCEAAAAKgAAAAMAAAAAAAAAAT" + "9/aB+c" * 20


class States:
    """Step Functions with one history, in pages; it counts the events that it gives out."""

    def __init__(self, events: list[Any], status: str = "RUNNING") -> None:
        self.events, self.status = events, status
        self.given = 0
        # What happens between two pages.
        self.between: Any = lambda: None

    def describe_execution(self, **_: Any) -> Any:
        return {"executionArn": EXECUTION, "startDate": START, "status": self.status}

    def describe_state_machine_for_execution(self, **_: Any) -> Any:
        return {"definition": "{}"}

    def get_execution_history(self, **given: Any) -> Any:
        events = self.events[::-1] if given.get("reverseOrder") else self.events
        start = int(given.get("nextToken", 0))
        end = start + given["maxResults"]
        page: dict[str, Any] = {"events": events[start:end]}
        self.given += len(page["events"])
        if end < len(events):
            page["nextToken"] = str(end)
            self.between()
        return page


class Lambda:
    """Lambda with one durable execution."""

    def __init__(self, events: list[Any], status: str = "RUNNING") -> None:
        self.events, self.status = events, status
        self.calls: list[str] = []

    def get_durable_execution(self, **_: Any) -> Any:
        self.calls.append("details")
        return {"Status": self.status, "StartTimestamp": START}

    def get_durable_execution_history(self, **given: Any) -> Any:
        is_last_only = given.get("ReverseOrder", False)
        self.calls.append("last event" if is_last_only else "history")
        return {"Events": self.events[-1:] if is_last_only else self.events}

    def get_function_configuration(self, **_: Any) -> Any:
        return {}

    def list_durable_executions_by_function(self, **_: Any) -> Any:
        return {"DurableExecutions": []}


class Logs:
    """CloudWatch Logs with one group."""

    def __init__(self, *messages: str) -> None:
        self.messages = list(messages)

    def filter_log_events(self, **given: Any) -> Any:
        start = int(START.timestamp() * 1000)
        events = [
            {"eventId": str(number), "timestamp": start + number, "message": message}
            for number, message in enumerate(self.messages)
        ]
        return {"events": [event for event in events if event["timestamp"] >= given["startTime"]]}


def passes(number: int) -> list[Any]:
    return list(told(STARTED, *[entered("A", "Pass")] * (number - 1)))


def numbered(*events: Any) -> list[Any]:
    return [{**event, "EventId": number} for number, event in enumerate(events, start=1)]


def record(api: FollowingApi) -> Recording:
    return record_execution(api, ARN, GROUP)


def changed(api: FollowingApi, recording: Recording) -> bool:
    return has_changed(api, ARN, recording, GROUP)


def test_a_history_of_many_pages_is_whole_and_its_new_events_alone_are_read_again() -> None:
    all_events = passes(2_600)
    states = States(all_events[:2_500])
    api = FollowingApi(states, Lambda([]), "here", Logs())
    first = api.history(EXECUTION)
    states.events, states.given = all_events, 0

    assert [event["id"] for event in first] == list(range(1, 2_501))
    assert api.history(EXECUTION) == all_events
    assert states.given == 1 + 100
    assert api.history(EXECUTION) == all_events


def test_events_that_come_between_two_pages_are_neither_lost_nor_doubled() -> None:
    all_events = passes(5_000)
    states = States(all_events[:10])
    api = FollowingApi(states, Lambda([]), "here", Logs())
    api.history(EXECUTION)
    states.events = all_events[:3_000]

    def more() -> None:
        states.events = all_events[: len(states.events) + 7]

    states.between = more
    read = api.history(EXECUTION)
    states.between = lambda: None

    assert [event["id"] for event in read] == list(range(1, len(read) + 1))
    assert len(read) >= 3_000
    assert api.history(EXECUTION) == states.events


def test_an_ended_durable_execution_is_read_once() -> None:
    events = told(STARTED, entered("A"), scheduled(), answered("TaskSubmitted", DURABLE))
    lambda_ = Lambda(numbered(durable_event(4, "ExecutionStarted")), "SUCCEEDED")
    api = FollowingApi(States(events), lambda_, "here", Logs())

    assert record(api).durable == record(api).durable
    assert lambda_.calls == ["details", "history"]


def test_nothing_has_changed_until_something_has() -> None:
    events = told(STARTED, entered("A"), scheduled(), answered("TaskSubmitted", DURABLE))
    states, lambda_ = States(events), Lambda(numbered(durable_event(4, "ExecutionStarted")))
    logs = Logs("one")
    api = FollowingApi(states, lambda_, "here", logs)
    recording = record(api)

    assert not changed(api, recording)
    logs.messages.append("two")
    assert changed(api, recording)
    recording = record(api)
    assert [each.message for each in recording.log_records] == ["one", "two"]
    lambda_.events = numbered(*lambda_.events, durable_event(5, "WaitStarted", "rest"))
    assert not changed(api, record(api))
    assert changed(api, recording)
    recording = record(api)
    states.status = "ABORTED"
    assert changed(api, recording)


@pytest.mark.parametrize("end", ["Succeeded", "Failed", "TimedOut", "Stopped"])
def test_a_durable_execution_that_ends_while_it_is_read_is_read_again(end: str) -> None:
    events = told(STARTED, entered("A"), scheduled(), answered("TaskSubmitted", DURABLE))
    # Its status was read before its end, and its events after it.
    ended = [durable_event(4, "ExecutionStarted"), durable_event(5, f"Execution{end}")]
    api = FollowingApi(States(events), Lambda(numbered(*ended), "RUNNING"), "here", Logs())

    assert changed(api, record(api))


@pytest.mark.parametrize("payload", [None, {"TaskToken": TOKEN}])
def test_a_task_that_may_just_start_a_durable_execution_is_a_change(payload: Any) -> None:
    api = FollowingApi(
        States(told(STARTED, entered("A"), scheduled(payload))), Lambda([]), "here", Logs()
    )

    assert changed(api, record(api))


def test_task_tokens_are_taken_out_of_logs() -> None:
    events = told(STARTED, entered("A"), scheduled({"TaskToken": TOKEN}, "invoke.waitForTaskToken"))
    read = record(FollowingApi(States(events), Lambda([]), "here", Logs(f"it is {TOKEN}!")))

    assert [each.message for each in read.log_records] == ["it is [task token 1]!"]
