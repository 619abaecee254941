# SPDX-License-Identifier: MIT-0
"""Lambda's rows of the timeline: a durable execution, its invocations and its operations."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ...histories.correlation import Correlation
from ...histories.durable_history import DurableExecutionHistory
from ...histories.durable_operations import DurableOperation
from ...histories.execution_history import StateVisit
from ...histories.handler_invocations import HandlerInvocation
from ...status import Status
from ...text import count
from .timeline import INVOCATIONS, BarDetails, Service, TimelineBar, TimelineRow


def durable_rows(
    execution: DurableExecutionHistory,
    correlations: Iterable[Correlation],
    states: Sequence[StateVisit],
) -> Iterator[TimelineRow]:
    """The rows of a durable execution that attempts of these states started."""
    starts = list(correlations)
    details = tuple(_execution_details(execution, starts, states))
    yield _execution_row(execution, details, _started_by(starts, states))
    if execution.invocations:
        yield _invocations_row(execution)
    depths: dict[str, int] = {}
    for operation in execution.operations:
        depths[operation.id] = depths.get(operation.parent, 0) + 1
        yield _operation_row(operation, depths[operation.id], execution.ended)


def _started_by(correlations: Iterable[Correlation], states: Sequence[StateVisit]) -> str:
    tasks = (each.task for each in correlations)
    return ", ".join(f"{states[task.state].name}, attempt {task.attempt}" for task in tasks)


def _execution_row(
    execution: DurableExecutionHistory, details: BarDetails, started_by: str
) -> TimelineRow:
    kind, status = "durable execution", execution.status
    started, ended = execution.started, execution.ended
    return TimelineRow(
        service=Service.LAMBDA,
        depth=0,
        label=execution.name,
        kind=kind,
        status=status,
        started=started,
        ended=ended,
        # The execution itself only waits: its invocations, which run, have a row of their own.
        bars=(TimelineBar(kind, status, started, ended, waits_from=started, details=()),),
        details=details,
        started_by=started_by,
    )


def _execution_details(
    execution: DurableExecutionHistory,
    correlations: Iterable[Correlation],
    states: Sequence[StateVisit],
) -> Iterator[tuple[str, str]]:
    yield "durable execution", execution.arn
    for each in correlations:
        name = states[each.task.state].name
        yield "correlation", f"{name}, attempt {each.task.attempt}, {each.description}"
    yield "invocations", _invocation_count(execution)
    yield "error", execution.error
    yield "input", execution.input
    yield "result", execution.result


def _invocation_count(execution: DurableExecutionHistory) -> str:
    invocations = count(len(execution.invocations), "invocation")
    return f"{invocations}, {count(execution.replays, 'replay')}"


def _invocations_row(execution: DurableExecutionHistory) -> TimelineRow:
    bars = tuple(_invocation_bar(each, execution) for each in execution.invocations)
    return TimelineRow(
        service=Service.LAMBDA,
        depth=1,
        label=_invocation_count(execution),
        kind=INVOCATIONS,
        status=bars[-1].status,
        started=bars[0].started,
        ended=bars[-1].ended,
        bars=bars,
        details=(),
    )


def _invocation_bar(
    invocation: HandlerInvocation, execution: DurableExecutionHistory
) -> TimelineBar:
    ended = Status.FAILED if invocation.error else Status.SUCCEEDED
    # An execution that is being paused still has a running invocation.
    is_paused = execution.status is Status.PAUSED
    unfinished = Status.RUNNING if is_paused else execution.status
    source = "measured by Lambda" if invocation.is_measured else "from its operations"
    return TimelineBar(
        kind=f"invocation {invocation.number}" + (", a replay" if invocation.is_replay else ""),
        status=ended if invocation.ended else unfinished,
        started=invocation.started,
        ended=invocation.ended or execution.ended,
        waits_from=None,
        details=(("time", source), ("error", invocation.error)),
    )


def _operation_row(operation: DurableOperation, depth: int, until: datetime | None) -> TimelineRow:
    details = [("error", operation.error), ("result", operation.result)]
    if len(operation.attempts) > 1:
        details.insert(0, ("attempts", str(len(operation.attempts))))
    return TimelineRow(
        service=Service.LAMBDA,
        depth=depth,
        label=operation.name,
        kind=operation.kind,
        status=operation.status,
        started=operation.started,
        ended=operation.ended or until,
        bars=tuple(_attempt_bars(operation, until)) or (_operation_bar(operation, until),),
        details=tuple(details),
        until=None if operation.ended or until else operation.due,
    )


def _operation_bar(operation: DurableOperation, until: datetime | None) -> TimelineBar:
    """The bar of an operation that is no step: until it ends, it only waits."""
    return TimelineBar(
        kind=operation.kind,
        status=operation.status,
        started=operation.started,
        ended=operation.ended or until,
        waits_from=operation.started,
        details=(),
    )


def _attempt_bars(operation: DurableOperation, until: datetime | None) -> Iterator[TimelineBar]:
    """The attempts of a step, and the pauses between them."""
    before: datetime | None = None
    for attempt in operation.attempts:
        if before is not None and attempt.started > before:
            yield TimelineBar.pause(before, attempt.started, attempt.number)
        yield TimelineBar(
            kind=f"attempt {attempt.number}",
            status=attempt.status,
            started=attempt.started,
            ended=attempt.ended or until,
            waits_from=None,
            details=(("error", attempt.error),),
        )
        before = attempt.ended
