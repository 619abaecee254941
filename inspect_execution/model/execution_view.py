# SPDX-License-Identifier: MIT-0
"""The joined view of one execution: what the terminal and the page both show."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..histories.correlation import Join, join
from ..histories.durable_history import DurableExecution, read_durable_execution
from ..histories.execution_history import History, read_history
from ..histories.lambda_tasks import LambdaTask, lambda_tasks
from ..histories.recording import Recording
from ..status import Outcome
from ..text import count, shown
from .cost_estimate import Bill, estimate
from .durable_timeline import durable_rows
from .event_table import EventRow, event_rows
from .prices import Prices
from .state_timeline import state_rows
from .time_axis import Axis, Span, axis
from .timeline import Bar, Row


@dataclass(frozen=True)
class View:
    """Everything there is to show."""

    arn: str
    state_machine: str
    name: str
    outcome: Outcome
    started: datetime
    ended: datetime | None
    # The right edge of the axis while something still goes on.
    now: datetime
    input: str
    output: str
    error: str
    cause: str
    definition: str
    history: History
    durable: tuple[DurableExecution, ...]
    joins: tuple[Join, ...]
    rows: tuple[Row, ...]
    events: tuple[EventRow, ...]
    axis: Axis
    bill: Bill
    left_out: tuple[str, ...]

    @property
    def seconds(self) -> float:
        return ((self.ended or self.now) - self.started).total_seconds()

    @property
    def is_running(self) -> bool:
        return self.ended is None


def build(recording: Recording, prices: Prices) -> View:
    """Join what was read of both sides."""
    execution = recording.execution
    history = read_history(recording.events, str(execution.get("status", "")))
    read = {record.arn: read_durable_execution(record) for record in recording.durable}
    known = {arn: durable for arn, durable in read.items() if durable}
    tasks = lambda_tasks(history)
    joins = join(tasks, known, recording.read_at)
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
    return View(
        arn=str(execution["executionArn"]),
        state_machine=str(execution.get("stateMachineArn", "")).rsplit(":", 1)[-1],
        name=str(execution.get("name", "")),
        outcome=Outcome.of_status(str(execution.get("status", ""))),
        started=started,
        ended=ended,
        now=now,
        **_texts(execution),
        definition=recording.definition,
        history=history,
        durable=tuple(joined),
        joins=tuple(joins),
        rows=rows,
        events=tuple(events),
        axis=axis(started, _last(started, ended, rows, now), _spans(rows, now)),
        bill=estimate(history, joined, others, recording.memory, prices, unread),
        left_out=(
            *recording.left_out,
            *_unjoined(history, tasks, joins),
            *_unknown(history, joined),
            *_untold(recording),
        ),
    )


def _texts(execution: dict[str, Any]) -> dict[str, str]:
    return {key: str(execution.get(key) or "") for key in ("input", "output", "error", "cause")}


def _rows(
    history: History, joined: list[DurableExecution], joins: list[Join], ended: datetime | None
) -> Iterator[Row]:
    by_arn: dict[str, list[Join]] = {}
    for each in joins:
        by_arn.setdefault(each.arn, []).append(each)
    yield from state_rows(history.states, joins, ended)
    for durable in joined:
        yield from durable_rows(durable, by_arn[durable.arn], history.states)


def _ends(rows: Iterable[Row]) -> Iterator[datetime]:
    for row in rows:
        for bar in row.bars:
            yield bar.ended or bar.started


def _last(
    started: datetime, ended: datetime | None, rows: tuple[Row, ...], now: datetime
) -> datetime:
    """The end of the axis: a durable execution may outlive the execution."""
    if ended is None or any(bar.ended is None for row in rows for bar in row.bars):
        return now
    return max([started, ended, *_ends(rows)])


def _spans(rows: Iterable[Row], now: datetime) -> Iterator[Span]:
    for bar in (bar for row in rows for bar in row.bars):
        yield from _span(bar, bar.ended or now)


def _span(bar: Bar, end: datetime) -> Iterator[Span]:
    if bar.waits_from is None:
        yield Span(bar.started, end, is_wait=False)
        return
    if bar.waits_from > bar.started:
        yield Span(bar.started, bar.waits_from, is_wait=False)
    yield Span(bar.waits_from, end, is_wait=True)


def _unjoined(history: History, tasks: list[LambdaTask], joins: list[Join]) -> Iterator[str]:
    """Tasks that call a function, and have no durable execution in this view."""
    found = {(each.task.state, each.task.attempt) for each in joins}
    lacking = Counter(
        history.states[task.state].name for task in tasks if (task.state, task.attempt) not in found
    )
    for name, times in lacking.items():
        yield f"{shown(name)}: no durable execution was found for {count(times, 'invocation')}"


def _unknown(history: History, joined: list[DurableExecution]) -> Iterator[str]:
    unknown = Counter(history.unknown)
    for durable in joined:
        unknown.update(durable.unknown)
    for event_type, times in unknown.items():
        yield f"{count(times, 'event')} of the type {shown(event_type)}, which is not known here"
    if history.unplaced:
        yield f"{count(history.unplaced, 'event')} that no state is known for"
    if history.map_runs:
        yield f"the child executions of {count(history.map_runs, 'distributed map run')}"


def _untold(recording: Recording) -> Iterator[str]:
    """The word of a history's end may come later than the status that it ends with."""
    last = str(recording.events[-1]["type"]) if recording.events else "nothing"
    if recording.execution.get("stopDate") and not last.startswith("Execution"):
        yield f"the end of the history: it has {shown(last)} last, though the execution has ended"
