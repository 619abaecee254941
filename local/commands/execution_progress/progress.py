# SPDX-License-Identifier: MIT-0
"""How far an execution has come, and whether it is still worth waiting for. Pure functions."""

import math
from dataclasses import dataclass, replace
from enum import Enum, auto

from inspect_execution.histories.events import durable_error
from inspect_execution.histories.execution_history import ExecutionHistory, StateVisit
from inspect_execution.histories.recording import DurableRecord, Recording
from inspect_execution.histories.state_visits import CONTAINERS
from inspect_execution.status import Status

# How long one side may go on after the other has ended. A failure callback is sent before the
# durable execution ends, or by the callback guard within this time: after it, none will come.
ONE_SIDE_DEADLINE_SECONDS = 10
_OPEN = ("RUNNING", "PAUSING", "PAUSED")


@dataclass(frozen=True)
class DurableStatus:
    """The status of a durable execution, and its error if it has one."""

    arn: str
    status: str
    error: str


@dataclass(frozen=True)
class Progress:
    """Both sides of an execution when it was recorded."""

    is_running: bool
    waits_for_callback: bool
    durable_executions: list[DurableStatus]

    @property
    def durable_have_ended(self) -> bool:
        return all(execution.status not in _OPEN for execution in self.durable_executions)

    @property
    def has_ended(self) -> bool:
        return not self.is_running and self.durable_have_ended

    @property
    def one_side_has_ended(self) -> bool:
        """Whether only the other side can still end, if anything can."""
        callback_is_lost = (
            self.waits_for_callback and bool(self.durable_executions) and self.durable_have_ended
        )
        return not self.is_running or callback_is_lost


def read_progress(recording: Recording, history: ExecutionHistory) -> Progress:
    """The progress that a recording shows."""
    running = [
        state
        for state in history.states
        if state.status is Status.RUNNING and state.type not in CONTAINERS
    ]
    return Progress(
        is_running=recording.execution["status"] == "RUNNING",
        waits_for_callback=bool(running) and all(map(_waits_for_callback, running)),
        durable_executions=[_durable_execution(record) for record in recording.durable],
    )


def _waits_for_callback(state: StateVisit) -> bool:
    last = state.attempts[-1] if state.attempts else None
    return last is not None and (
        last.waits_for_callback and last.submitted is not None and last.ended is None
    )


def _durable_execution(record: DurableRecord) -> DurableStatus:
    status = str(record.details.get("Status", "RUNNING"))
    return DurableStatus(record.arn, status, durable_error(record.details.get("Error")))


class Verdict(Enum):
    """Whether to go on waiting for an execution, and if not, why."""

    GO_ON = auto()
    ENDED = auto()
    CALLBACK_IS_LOST = auto()
    TOO_LATE = auto()


@dataclass(frozen=True)
class Patience:
    """The times, in seconds of one clock, at which an execution is no longer waited for."""

    deadline: float
    one_side_deadline: float = math.inf

    def after(self, progress: Progress, now: float) -> "Patience":
        """The patience after a look: it runs out sooner if one side has ended."""
        if not progress.one_side_has_ended:
            return replace(self, one_side_deadline=math.inf)
        sooner = min(self.one_side_deadline, now + ONE_SIDE_DEADLINE_SECONDS)
        return replace(self, one_side_deadline=sooner)

    def verdict(self, progress: Progress, now: float) -> Verdict:
        one_side_is_late = now > self.one_side_deadline
        if progress.has_ended or (not progress.is_running and one_side_is_late):
            return Verdict.ENDED
        if one_side_is_late:
            return Verdict.CALLBACK_IS_LOST
        return Verdict.TOO_LATE if now > self.deadline else Verdict.GO_ON
