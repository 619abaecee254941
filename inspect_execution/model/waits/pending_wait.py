# SPDX-License-Identifier: MIT-0
"""A pending wait: what is awaited and where, with the times that are known."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum


class WaitKind(Enum):
    """What is awaited."""

    WAIT_STATE = "the end of a Wait state"
    TASK_TOKEN = "a callback with the task token"
    TASK = "the service that the task calls"
    ACTIVITY = "a worker of the activity"
    CHILD_EXECUTION = "a child execution"
    MAP_RUN = "the child executions of a map run"
    STATE_RETRY = "the retry of a state"
    DURABLE_WAIT = "the end of a durable wait"
    DURABLE_CALLBACK = "a durable callback"
    CHAINED_INVOKE = "a function that it invoked"
    STEP_RETRY = "the retry of a step"
    RUNNING_INVOCATION = "a running invocation"
    NEXT_INVOCATION = "the next invocation by Lambda"
    RESUMPTION = "the end of a pause"
    NEXT_EVENT = "the next event of Step Functions"


@dataclass(frozen=True)
class Deadline:
    """A time limit around a wait, and what happens when it is reached.

    Args:
        at: None if the histories do not show it
    """

    at: datetime | None
    effect: str


@dataclass(frozen=True)
class PendingWait:
    """One thing that an execution waits for.

    Args:
        state_index: the index of the state's visit; None if the wait is in no state's
        state: the state's name after those of the map and parallel states around it; empty for a
            durable execution that no state started
        durable_execution: its ARN; empty if the wait is in no durable execution
        durable_name: what a reader calls it: see durable_names
        operation: the durable operation's name; empty if the wait is in none
        awaited: the name or ARN of what is awaited; empty if it has none
        until: when the wait ends by itself; None if it does not, or if that time is not known
        then: what happens at its end
        deadlines: the limits around it, the earliest first
    """

    kind: WaitKind
    since: datetime
    state_index: int | None = None
    state: str = ""
    durable_execution: str = ""
    durable_name: str = ""
    operation: str = ""
    awaited: str = ""
    until: datetime | None = None
    then: str = ""
    deadlines: tuple[Deadline, ...] = ()

    @property
    def place(self) -> str:
        """The state, the durable execution and the operation, the outermost first."""
        return " / ".join(filter(None, (self.state, self.durable_name, self.operation)))

    def seconds(self, now: datetime) -> float:
        return max(0.0, (now - self.since).total_seconds())

    def within(
        self, state: str, index: int | None, deadlines: tuple[Deadline, ...]
    ) -> "PendingWait":
        """This wait inside a state, with the state's deadlines too."""
        limits = in_order((*self.deadlines, *deadlines))
        return replace(self, state=state, state_index=index, deadlines=limits)


def in_order(deadlines: tuple[Deadline, ...]) -> tuple[Deadline, ...]:
    """The earliest first; those of an unknown time last."""
    known = [each for each in deadlines if each.at is not None]
    known.sort(key=lambda each: each.at or datetime.max)
    return (*known, *(each for each in deadlines if each.at is None))
