# SPDX-License-Identifier: MIT-0
"""All pending waits of an execution: of its open states, and of durable executions that go on."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ...histories.correlation import Correlation
from ...histories.durable_history import DurableExecutionHistory
from ...histories.execution_history import ExecutionHistory
from ..event_lines.state_events import state_path
from .durable_waits import durable_waits
from .pending_wait import Deadline, PendingWait, WaitKind
from .state_definitions import StateDefinitions
from .state_waits import StateWaits


def pending_waits(
    definition: str,
    history: ExecutionHistory,
    durable: Sequence[DurableExecutionHistory],
    correlations: Sequence[Correlation],
    started: datetime,
    now: datetime,
    is_running: bool,
) -> list[PendingWait]:
    """The pending waits, the longest first; none if everything has ended.

    Args:
        definition: the state machine's, as JSON
        started: when the execution started or was last redriven
        now: when the histories were read
        is_running: whether the execution of the state machine runs
    """
    definitions = StateDefinitions.parse(definition)
    by_arn = {each.arn: each for each in durable}
    started_by = {
        (each.task.state, each.task.attempt): by_arn[each.arn]
        for each in correlations
        if each.arn in by_arn
    }
    limits = _limits(definitions, started)
    waits = list(StateWaits(definitions, history, started_by, limits, now).all())
    seen = {each.durable_execution for each in waits}
    last_state = {each.arn: each.task.state for each in correlations}
    for execution in durable:
        # Its task has ended: the execution was stopped, or the task timed out.
        if execution.arn not in seen:
            index = last_state.get(execution.arn)
            path = "" if index is None else state_path(history.states, index)
            waits += [each.within(path, index, ()) for each in durable_waits(execution)]
    if is_running and not waits:
        last = max((each.exited or each.entered for each in history.states), default=started)
        waits.append(PendingWait(WaitKind.NEXT_EVENT, last, deadlines=limits))
    return sorted(waits, key=lambda wait: wait.since)


def _limits(definitions: StateDefinitions, started: datetime) -> tuple[Deadline, ...]:
    if definitions.timeout_seconds is None:
        return ()
    at = started + timedelta(seconds=definitions.timeout_seconds)
    return (Deadline(at, "the execution is TIMED_OUT"),)
