# SPDX-License-Identifier: MIT-0
"""All lines about an execution, in the order of their time."""

from ...histories.correlation import correlate
from ...histories.durable_history import read_durable_history
from ...histories.execution_history import ExecutionHistory
from ...histories.lambda_tasks import lambda_tasks
from ...histories.recording import Recording
from .durable_events import durable_event_lines
from .event_line import EventLine
from .handler_logs import log_lines
from .state_events import state_event_lines, state_path


def event_lines(recording: Recording, history: ExecutionHistory) -> list[EventLine]:
    """The lines of a recording; those of one time in the order of their history."""
    lines = list(state_event_lines(recording.events, history))
    marks = _marks(recording, history)
    for record in recording.durable:
        lines += durable_event_lines(record, marks.get(record.arn, ""))
    lines += log_lines(recording.log_records)
    return sorted(lines, key=lambda line: line.time)


def _marks(recording: Recording, history: ExecutionHistory) -> dict[str, str]:
    """By a durable execution's ARN: the state inside a map or parallel state that started it, and
    the number of the attempt after the first.
    """
    read = (read_durable_history(record) for record in recording.durable)
    executions = {each.arn: each for each in read if each}
    marks = {}
    for each in correlate(lambda_tasks(history), executions, recording.read_at):
        task = each.task
        path = state_path(history.states, task.state) if history.states[task.state].depth else ""
        attempt = f"attempt {task.attempt}" if task.attempt > 1 else ""
        marks[each.arn] = ", ".join(filter(None, (path, attempt)))
    return marks
