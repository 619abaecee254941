# SPDX-License-Identifier: MIT-0
"""Lambda's side: a durable execution, its invocations, and each of its operations."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ..histories.correlation import Correlation
from ..histories.durable_history import DurableExecutionHistory, DurableOperation
from ..histories.execution_history import StateVisit
from ..status import Status
from ..text import count
from .timeline import INVOCATIONS, Details, Service, TimelineBar, TimelineRow


def durable_rows(
    execution: DurableExecutionHistory, joins: Iterable[Correlation], states: Sequence[StateVisit]
) -> Iterator[TimelineRow]:
    """A durable execution of these states, its invocations, and each of its operations."""
    yield TimelineRow(
        service=Service.DURABLE,
        depth=0,
        label=f"{execution.function}:{execution.version}",
        kind="durable execution",
        status=execution.status,
        started=execution.started,
        ended=execution.ended,
        bars=(
            TimelineBar(
                "durable execution",
                execution.status,
                execution.started,
                execution.ended,
                execution.started,
                (),
            ),
        ),
        details=tuple(_execution_details(execution, joins, states)),
    )
    if execution.invocations:
        yield _invocations_row(execution)
    depths: dict[str, int] = {}
    for operation in execution.operations:
        depths[operation.id] = depths.get(operation.parent, 0) + 1
        yield _operation_row(operation, depths[operation.id], execution.ended)


def _execution_details(
    execution: DurableExecutionHistory, joins: Iterable[Correlation], states: Sequence[StateVisit]
) -> Iterator[tuple[str, str]]:
    yield "durable execution", execution.arn
    for each in joins:
        name = states[each.task.state].name
        yield "found", f"{name}, attempt {each.task.attempt}, {each.description}"
    yield "invocations", _invocations(execution)
    yield "error", execution.error
    yield "input", execution.input
    yield "result", execution.result


def _invocations(execution: DurableExecutionHistory) -> str:
    replays = "replay" if execution.replays == 1 else "replays"
    return f"{count(len(execution.invocations), 'invocation')}, {execution.replays} {replays}"


def _invocations_row(execution: DurableExecutionHistory) -> TimelineRow:
    bars = tuple(
        TimelineBar(
            f"invocation {each.number}" + (", a replay" if each.is_replay else ""),
            _ended(each.ended, bool(each.error), execution.status),
            each.started,
            each.ended or execution.ended,
            None,
            (
                ("time", "as Lambda measured it" if each.is_measured else "from its operations"),
                ("error", each.error),
            ),
        )
        for each in execution.invocations
    )
    label = _invocations(execution)
    last = bars[-1]
    started = bars[0].started
    return TimelineRow(
        Service.DURABLE, 1, label, INVOCATIONS, last.status, started, last.ended, bars, ()
    )


def _ended(ended: datetime | None, has_error: bool, outcome: Status) -> Status:
    if ended is None:
        return outcome
    return Status.FAILED if has_error else Status.SUCCEEDED


def _operation_row(operation: DurableOperation, depth: int, until: datetime | None) -> TimelineRow:
    bars = tuple(_step_bars(operation, until)) or (_operation_bar(operation, until),)
    details = [("error", operation.error), ("result", operation.result)]
    if len(operation.attempts) > 1:
        details.insert(0, ("attempts", str(len(operation.attempts))))
    return TimelineRow(
        service=Service.DURABLE,
        depth=depth,
        label=operation.name,
        kind=operation.kind,
        status=operation.status,
        started=operation.started,
        ended=operation.ended or until,
        bars=bars,
        details=tuple(details),
    )


def _operation_bar(operation: DurableOperation, until: datetime | None) -> TimelineBar:
    details: Details = ()
    if operation.scheduled_end and operation.ended is None:
        details = (("due", operation.scheduled_end.isoformat(timespec="milliseconds")),)
    return TimelineBar(
        operation.kind,
        operation.status,
        operation.started,
        operation.ended or until,
        operation.started,
        details,
    )


def _step_bars(operation: DurableOperation, until: datetime | None) -> Iterator[TimelineBar]:
    before: datetime | None = None
    for attempt in operation.attempts:
        if before is not None and attempt.started > before:
            said = (("waits", f"before attempt {attempt.number}"),)
            yield TimelineBar("pause", Status.OVER, before, attempt.started, before, said)
        yield TimelineBar(
            f"attempt {attempt.number}",
            attempt.status,
            attempt.started,
            attempt.ended or until,
            None,
            (("error", attempt.error),),
        )
        before = attempt.ended
