# SPDX-License-Identifier: MIT-0
"""The pending waits of an execution's states: one for each innermost state that is open."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...histories.durable_history import DurableExecutionHistory
from ...histories.execution_history import ExecutionHistory, StateVisit
from ...histories.state_visits import CONTAINERS
from ...histories.task_attempts import TaskAttempt
from ...status import Status
from ...text import printable
from ..event_lines.state_events import state_path
from .durable_waits import durable_waits
from .pending_wait import Deadline, PendingWait, WaitKind
from .retries import HEARTBEAT_TIMEOUT, TIMEOUT, next_retry
from .state_definitions import StateDefinitions
from .state_failure import failure_effect, failures
from .wait_state_end import wait_state_end

_CALLBACKS = "SendTaskSuccess or SendTaskFailure ends it"


@dataclass(frozen=True)
class StateWaits:
    """The waits of the open states.

    Args:
        started_by: the durable execution that each attempt started, by state and attempt
        limits: those of the execution as a whole
        now: when the histories were read
    """

    definitions: StateDefinitions
    history: ExecutionHistory
    started_by: Mapping[tuple[int, int], DurableExecutionHistory]
    limits: tuple[Deadline, ...]
    now: datetime

    def all(self) -> Iterator[PendingWait]:
        states = self.history.states
        open_states = [state for state in states if state.status is Status.RUNNING]
        parents = {state.parent for state in open_states}
        for state in open_states:
            if state.index not in parents:
                yield from self._of(state)

    def _of(self, state: StateVisit) -> Sequence[PendingWait]:
        path = state_path(self.history.states, state.index)
        last = state.attempts[-1] if state.attempts else None
        if last is not None and last.ended is None:
            return self._of_attempt(state, last)
        has_failed = bool(state.error) if last is None else last.has_failed
        if has_failed:
            return [self._retry(state).within(path, state.index, self.limits)]
        definition = self.definitions.of(state.name)
        wait = PendingWait(WaitKind.NEXT_EVENT, state.entered)
        if state.type == "Wait":
            end = wait_state_end(definition, state.input, state.entered)
            then = _next(definition)
            wait = PendingWait(WaitKind.WAIT_STATE, state.entered, until=end, then=then)
        elif state.type in CONTAINERS and self.history.map_runs:
            wait = PendingWait(WaitKind.MAP_RUN, state.entered)
        return [wait.within(path, state.index, self.limits)]

    def _of_attempt(self, state: StateVisit, attempt: TaskAttempt) -> Sequence[PendingWait]:
        path = state_path(self.history.states, state.index)
        limits = (*self._attempt_deadlines(state, attempt), *self.limits)
        durable = self.started_by.get((state.index, attempt.number))
        inner = durable_waits(durable) if durable else []
        if inner:
            return [each.within(path, state.index, limits) for each in inner]
        kind, awaited = _awaited(attempt)
        then = _CALLBACKS if kind is WaitKind.TASK_TOKEN else ""
        if kind is WaitKind.TASK_TOKEN and durable:
            then = f"its durable execution has ended, {durable.status.value}, without calling back"
        wait = PendingWait(kind, attempt.submitted or attempt.scheduled, awaited=awaited, then=then)
        if durable:
            wait = PendingWait(
                kind,
                durable.ended or wait.since,
                durable_execution=durable.arn,
                durable_name=durable.name,
                then=then,
            )
        return [wait.within(path, state.index, limits)]

    def _attempt_deadlines(self, state: StateVisit, attempt: TaskAttempt) -> Iterator[Deadline]:
        if attempt.timeout_seconds:
            at = attempt.scheduled + timedelta(seconds=attempt.timeout_seconds)
            yield Deadline(at, f"the task's time is over: {self._effect(state, TIMEOUT)}")
        if attempt.heartbeat_seconds:
            begun = attempt.submitted or attempt.scheduled
            at = begun + timedelta(seconds=attempt.heartbeat_seconds)
            effect = self._effect(state, HEARTBEAT_TIMEOUT)
            if at > self.now:
                yield Deadline(at, f"without a heartbeat: {effect}")
            else:
                late = f"{attempt.heartbeat_seconds:g} s after the last heartbeat"
                yield Deadline(None, f"{late}, which no history shows: {effect}")

    def _effect(self, state: StateVisit, error: str) -> str:
        return failure_effect(self.definitions, self.history.states, state, error)

    def _retry(self, state: StateVisit) -> PendingWait:
        errors = failures(state) if state.attempts else [*failures(state), state.error]
        retry = next_retry(self.definitions.of(state.name), errors)
        failed = self._failed_at(state)
        if retry is None:
            return PendingWait(WaitKind.NEXT_EVENT, failed)
        until = failed + timedelta(seconds=retry.seconds)
        then = f"{retry.description}, after {printable(errors[-1])}"
        if retry.has_jitter:
            then += "; with jitter, at the latest then"
        return PendingWait(WaitKind.STATE_RETRY, failed, until=until, then=then)

    def _failed_at(self, state: StateVisit) -> datetime:
        """When a state failed: a map or parallel state with the last of the states inside it."""
        if state.attempts:
            return state.attempts[-1].ended or state.entered
        inside = (each for each in self.history.states if each.parent == state.index)
        return max((each.exited or each.entered for each in inside), default=state.entered)


def _next(definition: Mapping[str, object]) -> str:
    following = definition.get("Next")
    return f"Step Functions goes on with {printable(str(following))}" if following else ""


def _awaited(attempt: TaskAttempt) -> tuple[WaitKind, str]:
    """What an open attempt waits for, and its name or ARN."""
    resource = attempt.resource
    if attempt.waits_for_callback:
        return WaitKind.TASK_TOKEN, ""
    if ":activity:" in resource:
        return WaitKind.ACTIVITY, resource
    if resource.startswith("states:startExecution"):
        return WaitKind.CHILD_EXECUTION, _execution_arn(attempt.output)
    return WaitKind.TASK, resource


def _execution_arn(output: str) -> str:
    try:
        answer = json.loads(output)
    except (ValueError, RecursionError):
        return ""
    return str(answer.get("ExecutionArn") or "") if isinstance(answer, dict) else ""
