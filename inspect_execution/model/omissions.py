# SPDX-License-Identifier: MIT-0
"""The omissions of a view: what it does not show although it belongs to the execution."""

from collections import Counter
from collections.abc import Iterable, Iterator

from ..histories.correlation import Correlation
from ..histories.durable_history import DurableExecutionHistory
from ..histories.events import event_type
from ..histories.execution_history import ExecutionHistory
from ..histories.lambda_tasks import LambdaTask
from ..histories.recording import Recording
from ..text import count, printable


def omissions(
    recording: Recording,
    history: ExecutionHistory,
    durable: Iterable[DurableExecutionHistory],
    tasks: Iterable[LambdaTask],
    correlations: Iterable[Correlation],
) -> Iterator[str]:
    """A line for each omission, with its reason."""
    yield from recording.omissions
    yield from _tasks_without_execution(recording, history, tasks, correlations)
    yield from _unknown_events(history, durable)
    yield from _missing_end(recording)


def _tasks_without_execution(
    recording: Recording,
    history: ExecutionHistory,
    tasks: Iterable[LambdaTask],
    correlations: Iterable[Correlation],
) -> Iterator[str]:
    """The invocations of functions that are durable, or may be: no other lacks an execution."""
    found = {(each.task.state, each.task.attempt) for each in correlations}
    durability = recording.durability
    missing = Counter(
        (history.states[task.state].name, durability.get(task.function))
        for task in tasks
        if (task.state, task.attempt) not in found and durability.get(task.function) is not False
    )
    for (name, is_durable), times in missing.items():
        condition = "" if is_durable else ", if its function is durable"
        invocations = count(times, "invocation")
        yield f"{printable(name)}: no durable execution was found for {invocations}{condition}"


def _unknown_events(
    history: ExecutionHistory, durable: Iterable[DurableExecutionHistory]
) -> Iterator[str]:
    unknown = Counter(history.unknown)
    for each in durable:
        unknown.update(each.unknown)
    for kind, times in unknown.items():
        yield f"{count(times, 'event')} of the unknown type {printable(kind)}"
    if history.unplaced:
        yield f"{count(history.unplaced, 'event')} of no known state"
    if history.map_runs:
        yield f"the child executions of {count(history.map_runs, 'distributed map run')}"


def _missing_end(recording: Recording) -> Iterator[str]:
    """The last event may reach the history later than the status that it sets."""
    if recording.is_durable_alone:
        return
    last = event_type(recording.events[-1]) if recording.events else "no event"
    if recording.execution.get("stopDate") and not last.startswith("Execution"):
        name = printable(last)
        yield f"the end of the history: its last event is {name}, but the execution has ended"
