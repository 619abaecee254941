# SPDX-License-Identifier: MIT-0
"""The joined view of one execution: what the terminal and the page both show."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..histories.correlation import Correlation, correlate
from ..histories.durable_history import DurableExecutionHistory, read_durable_history
from ..histories.execution_history import ExecutionHistory, read_execution_history
from ..histories.lambda_tasks import LambdaTask, lambda_tasks
from ..histories.recording import Recording
from ..status import Status
from ..text import count, printable
from .cost_estimate import CostEstimate, estimate_cost
from .durable_timeline import durable_rows
from .event_table import EventRow, event_rows
from .prices import Prices
from .state_timeline import state_rows
from .time_axis import TimeAxis, TimeSpan, time_axis
from .timeline import TimelineBar, TimelineRow


@dataclass(frozen=True)
class ExecutionView:
    """Everything there is to show."""

    arn: str
    state_machine: str
    name: str
    status: Status
    started: datetime
    ended: datetime | None
    # The right edge of the axis while something still goes on.
    now: datetime
    input: str
    output: str
    error: str
    cause: str
    definition: str
    history: ExecutionHistory
    durable: tuple[DurableExecutionHistory, ...]
    correlations: tuple[Correlation, ...]
    rows: tuple[TimelineRow, ...]
    events: tuple[EventRow, ...]
    axis: TimeAxis
    cost: CostEstimate
    omissions: tuple[str, ...]

    @property
    def seconds(self) -> float:
        return ((self.ended or self.now) - self.started).total_seconds()

    @property
    def is_running(self) -> bool:
        return self.ended is None


def build_view(recording: Recording, prices: Prices) -> ExecutionView:
    """Join what was read of both sides."""
    execution = recording.execution
    history = read_execution_history(recording.events, str(execution.get("status", "")))
    read = {record.arn: read_durable_history(record) for record in recording.durable}
    known = {arn: durable for arn, durable in read.items() if durable}
    tasks = lambda_tasks(history)
    joins = correlate(tasks, known, recording.read_at)
    joined = [known[arn] for arn in dict.fromkeys(j.arn for j in joins) if arn in known]
    ended = execution.get("stopDate")
    rows = tuple(_rows(history, joined, joins, ended))
    arns = {durable.arn for durable in joined}
    events = event_rows(recording, history, (r for r in recording.durable if r.arn in arns))
    started: datetime = execution["startDate"]
    now = max([recording.read_at, started, *_ends(rows)])
    others = len(tasks) - len(joins)
    told = {record.arn for record in recording.durable if record.events and record.arn in known}
    unread = len({each.arn for each in joins} - told)
    return ExecutionView(
        arn=str(execution["executionArn"]),
        state_machine=str(execution.get("stateMachineArn", "")).rsplit(":", 1)[-1],
        name=str(execution.get("name", "")),
        status=Status.of_status(str(execution.get("status", ""))),
        started=started,
        ended=ended,
        now=now,
        **_texts(execution),
        definition=recording.definition,
        history=history,
        durable=tuple(joined),
        correlations=tuple(joins),
        rows=rows,
        events=tuple(events),
        axis=time_axis(started, _last(started, ended, rows, now), _spans(rows, now)),
        cost=estimate_cost(history, joined, others, recording.memory, prices, unread),
        omissions=(
            *recording.omissions,
            *_unjoined(history, tasks, joins),
            *_unknown(history, joined),
            *_untold(recording),
        ),
    )


def _texts(execution: dict[str, Any]) -> dict[str, str]:
    return {key: str(execution.get(key) or "") for key in ("input", "output", "error", "cause")}


def _rows(
    history: ExecutionHistory,
    joined: list[DurableExecutionHistory],
    joins: list[Correlation],
    ended: datetime | None,
) -> Iterator[TimelineRow]:
    by_arn: dict[str, list[Correlation]] = {}
    for each in joins:
        by_arn.setdefault(each.arn, []).append(each)
    yield from state_rows(history.states, joins, ended)
    for durable in joined:
        yield from durable_rows(durable, by_arn[durable.arn], history.states)


def _ends(rows: Iterable[TimelineRow]) -> Iterator[datetime]:
    for row in rows:
        for bar in row.bars:
            yield bar.ended or bar.started


def _last(
    started: datetime, ended: datetime | None, rows: tuple[TimelineRow, ...], now: datetime
) -> datetime:
    """The end of the axis: a durable execution may outlive the execution."""
    if ended is None or any(bar.ended is None for row in rows for bar in row.bars):
        return now
    return max([started, ended, *_ends(rows)])


def _spans(rows: Iterable[TimelineRow], now: datetime) -> Iterator[TimeSpan]:
    for bar in (bar for row in rows for bar in row.bars):
        yield from _span(bar, bar.ended or now)


def _span(bar: TimelineBar, end: datetime) -> Iterator[TimeSpan]:
    if bar.waits_from is None:
        yield TimeSpan(bar.started, end, is_wait=False)
        return
    if bar.waits_from > bar.started:
        yield TimeSpan(bar.started, bar.waits_from, is_wait=False)
    yield TimeSpan(bar.waits_from, end, is_wait=True)


def _unjoined(
    history: ExecutionHistory, tasks: list[LambdaTask], joins: list[Correlation]
) -> Iterator[str]:
    """Tasks that call a function, and have no durable execution in this view."""
    found = {(each.task.state, each.task.attempt) for each in joins}
    lacking = Counter(
        history.states[task.state].name for task in tasks if (task.state, task.attempt) not in found
    )
    for name, times in lacking.items():
        yield f"{printable(name)}: no durable execution was found for {count(times, 'invocation')}"


def _unknown(history: ExecutionHistory, joined: list[DurableExecutionHistory]) -> Iterator[str]:
    unknown = Counter(history.unknown)
    for durable in joined:
        unknown.update(durable.unknown)
    for event_type, times in unknown.items():
        name = printable(event_type)
        yield f"{count(times, 'event')} of the type {name}, which is not known here"
    if history.unplaced:
        yield f"{count(history.unplaced, 'event')} that no state is known for"
    if history.map_runs:
        yield f"the child executions of {count(history.map_runs, 'distributed map run')}"


def _untold(recording: Recording) -> Iterator[str]:
    """The word of a history's end may come later than the status that it ends with."""
    last = str(recording.events[-1]["type"]) if recording.events else "nothing"
    if recording.execution.get("stopDate") and not last.startswith("Execution"):
        name = printable(last)
        yield f"the end of the history: it has {name} last, though the execution has ended"
