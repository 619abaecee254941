# SPDX-License-Identifier: MIT-0
"""Where an execution failed, or where it still waits: state, durable execution, operation."""

from collections.abc import Iterable, Mapping

from ...histories.correlation import Correlation, correlate
from ...histories.durable_history import DurableExecutionHistory, read_durable_history
from ...histories.execution_history import ExecutionHistory, StateVisit
from ...histories.lambda_tasks import lambda_tasks
from ...histories.recording import Recording
from ...status import Status
from ...text import printable
from .state_events import state_path

_NOT_PASSED = (Status.FAILED, Status.TIMED_OUT, Status.ABORTED, Status.RUNNING, Status.PAUSED)


def end_place(recording: Recording, history: ExecutionHistory) -> str:
    """The innermost place that the execution did not pass; empty if it began no state."""
    read = (read_durable_history(record) for record in recording.durable)
    executions = {each.arn: each for each in read if each}
    correlations = correlate(lambda_tasks(history), executions, recording.read_at)
    return correlated_end_place(history, executions, correlations)


def correlated_end_place(
    history: ExecutionHistory,
    executions: Mapping[str, DurableExecutionHistory],
    correlations: Iterable[Correlation],
) -> str:
    """The same of histories that are correlated.

    Args:
        executions: durable executions by ARN
    """
    state = _state(history)
    parts = [f"the state {state_path(history.states, state.index)}"] if state else []
    # The durable execution of the state's last attempt, or one that no state started.
    arns = [each.arn for each in correlations if state and each.task.state == state.index]
    if not history.states:
        arns = list(executions)
    durable = executions.get(arns[-1]) if arns else None
    if durable is not None:
        parts.append(durable.name)
        operations = [each for each in durable.operations if each.status in _NOT_PASSED]
        parts += [f"the {each.kind} {each.name}" for each in operations[-1:]]
    return ", in ".join(printable(part) for part in parts)


def _state(history: ExecutionHistory) -> StateVisit | None:
    """Of the states that failed, or else that are open, the innermost one that began last."""
    open_states = [state for state in history.states if state.status in _NOT_PASSED]
    failed = [s for s in open_states if s.status in (Status.FAILED, Status.TIMED_OUT)]
    return max(failed or open_states, key=lambda state: (state.depth, state.index), default=None)
