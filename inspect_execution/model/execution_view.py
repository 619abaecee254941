# SPDX-License-Identifier: MIT-0
"""The view of one execution: the data that the terminal and the page show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..histories.correlation import Correlation, correlate
from ..histories.durable_history import DurableExecutionHistory, read_durable_history, with_names
from ..histories.execution_history import ExecutionHistory, read_execution_history
from ..histories.lambda_tasks import LambdaTask, lambda_tasks
from ..histories.recording import Recording
from ..status import Status
from .cost_estimate import CostEstimate, estimate_cost
from .event_lines.end_place import correlated_end_place
from .event_lines.event_line import EventLine
from .event_lines.handler_logs import log_lines
from .event_table import EventRow, event_rows
from .omissions import omissions
from .prices import Prices
from .summary import Summary, summaries
from .timelines.durable_timeline import durable_rows
from .timelines.state_timeline import state_rows
from .timelines.time_axis import TimeAxis, time_axis
from .timelines.timeline import TimelineRow, is_unfinished, last_times, time_spans
from .waits.pending_wait import PendingWait
from .waits.pending_waits import pending_waits


@dataclass(frozen=True)
class ExecutionView:
    """One execution with its durable executions."""

    arn: str
    # Of a durable execution alone: its function and version.
    state_machine: str
    is_durable_alone: bool
    name: str
    status: Status
    started: datetime
    ended: datetime | None
    # The end of the axis if anything still goes on.
    now: datetime
    input: str
    output: str
    error: str
    cause: str
    definition: str
    history: ExecutionHistory
    durable: tuple[DurableExecutionHistory, ...]
    correlations: tuple[Correlation, ...]
    # What still goes on waits for these, the longest wait first.
    waits: tuple[PendingWait, ...]
    # Where it failed or waits, why, and what can happen next.
    summaries: tuple[Summary, ...]
    rows: tuple[TimelineRow, ...]
    events: tuple[EventRow, ...]
    # What handlers print and log.
    log_lines: tuple[EventLine, ...]
    axis: TimeAxis
    cost: CostEstimate
    omissions: tuple[str, ...]

    @property
    def seconds(self) -> float:
        return ((self.ended or self.now) - self.started).total_seconds()

    @property
    def wait_summaries(self) -> tuple[Summary, ...]:
        """The summaries of the waits, without that of a failure."""
        return self.summaries[len(self.summaries) - len(self.waits) :]

    @property
    def is_running(self) -> bool:
        return self.ended is None


@dataclass(frozen=True)
class _Histories:
    """The histories of both services, correlated."""

    execution: ExecutionHistory
    tasks: Sequence[LambdaTask]
    correlations: Sequence[Correlation]
    # The durable executions of the tasks, in the tasks' order, if they could be read.
    durable: Sequence[DurableExecutionHistory]


def build_view(recording: Recording, prices: Prices) -> ExecutionView:
    """Build the view from a recording."""
    execution = recording.execution
    histories = _read(recording)
    started: datetime = execution["startDate"]
    ended: datetime | None = execution.get("stopDate")
    rows = tuple(_rows(histories, ended))
    now = max([recording.read_at, started, *last_times(rows)])
    waits = _waits(recording, histories, now)
    rows = tuple(_with_ends(rows, waits))
    return ExecutionView(
        arn=str(execution["executionArn"]),
        state_machine=_machine(recording, histories),
        is_durable_alone=recording.is_durable_alone,
        name=str(execution.get("name", "")),
        status=Status.parse(str(execution.get("status", ""))),
        started=started,
        ended=ended,
        now=now,
        input=_text(execution, "input"),
        output=_text(execution, "output"),
        error=_text(execution, "error"),
        cause=_text(execution, "cause"),
        definition=recording.definition,
        history=histories.execution,
        durable=tuple(histories.durable),
        correlations=tuple(histories.correlations),
        waits=tuple(waits),
        summaries=tuple(summaries(execution, _place(histories), waits, now, recording.aws_cli)),
        rows=rows,
        events=tuple(_events(recording, histories)),
        log_lines=tuple(sorted(log_lines(recording.log_records), key=lambda line: line.time)),
        axis=time_axis(started, _axis_end(started, ended, rows, now), time_spans(rows, now)),
        cost=_cost(recording, histories, prices),
        omissions=tuple(
            omissions(
                recording,
                histories.execution,
                histories.durable,
                histories.tasks,
                histories.correlations,
            )
        ),
    )


def _text(execution: Mapping[str, object], key: str) -> str:
    return str(execution.get(key) or "")


def _read(recording: Recording) -> _Histories:
    status = str(recording.execution.get("status", ""))
    history = read_execution_history(recording.events, status)
    read = (read_durable_history(record) for record in recording.durable)
    by_arn = {each.arn: each for each in read if each}
    tasks = lambda_tasks(history)
    correlations = correlate(tasks, by_arn, recording.read_at)
    arns = dict.fromkeys(each.arn for each in correlations)
    if recording.is_durable_alone:
        arns = dict.fromkeys(by_arn)
    durable = with_names(by_arn[arn] for arn in arns if arn in by_arn)
    return _Histories(history, tasks, correlations, durable)


def _machine(recording: Recording, histories: _Histories) -> str:
    if recording.is_durable_alone:
        return ":".join(each.name for each in histories.durable)
    return str(recording.execution.get("stateMachineArn", "")).rsplit(":", 1)[-1]


def _waits(recording: Recording, histories: _Histories, now: datetime) -> list[PendingWait]:
    execution = recording.execution
    return pending_waits(
        recording.definition,
        histories.execution,
        histories.durable,
        histories.correlations,
        execution.get("redriveDate") or execution["startDate"],
        now,
        is_running=execution.get("stopDate") is None and not recording.is_durable_alone,
    )


def _with_ends(rows: Sequence[TimelineRow], waits: Sequence[PendingWait]) -> Iterator[TimelineRow]:
    """The rows, those of states with the time at which their wait ends. A state's row is at the
    index of the state.
    """
    own = (wait for wait in waits if wait.state_index is not None and not wait.durable_execution)
    ends = {wait.state_index: wait.until for wait in own}
    for index, row in enumerate(rows):
        yield replace(row, until=ends[index]) if index in ends else row


def _place(histories: _Histories) -> str:
    executions = {each.arn: each for each in histories.durable}
    return correlated_end_place(histories.execution, executions, histories.correlations)


def _rows(histories: _Histories, ended: datetime | None) -> Iterator[TimelineRow]:
    by_arn: dict[str, list[Correlation]] = {}
    for each in histories.correlations:
        by_arn.setdefault(each.arn, []).append(each)
    states = histories.execution.states
    yield from state_rows(states, histories.correlations, ended)
    for durable in histories.durable:
        yield from durable_rows(durable, by_arn.get(durable.arn, []), states)


def _events(recording: Recording, histories: _Histories) -> list[EventRow]:
    names = {each.arn: each.name for each in histories.durable}
    return event_rows(recording, histories.execution, names)


def _axis_end(
    started: datetime, ended: datetime | None, rows: Sequence[TimelineRow], now: datetime
) -> datetime:
    """The end of the axis: a durable execution may end after the execution that started it."""
    if ended is None or is_unfinished(rows):
        return now
    return max([started, ended, *last_times(rows)])


def _cost(recording: Recording, histories: _Histories, prices: Prices) -> CostEstimate:
    readable = {each.arn for each in histories.durable}
    with_events = {each.arn for each in recording.durable if each.events}
    unread = {each.arn for each in histories.correlations} - (readable & with_events)
    return estimate_cost(
        histories.execution,
        histories.durable,
        other_requests=len(histories.tasks) - len(histories.correlations),
        memory=recording.memory,
        prices=prices,
        unread=len(unread),
    )
