# SPDX-License-Identifier: MIT-0
"""Lambda's side: a durable execution, its invocations, and each of its operations."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ..histories.correlation import Join
from ..histories.durable_history import DurableExecution, Operation
from ..histories.execution_history import State
from ..status import Outcome
from ..text import count
from .timeline import INVOCATIONS, Bar, Details, Row, Side


def durable_rows(
    execution: DurableExecution, joins: Iterable[Join], states: Sequence[State]
) -> Iterator[Row]:
    """A durable execution of these states, its invocations, and each of its operations."""
    yield Row(
        side=Side.DURABLE,
        depth=0,
        label=f"{execution.function}:{execution.version}",
        kind="durable execution",
        outcome=execution.outcome,
        started=execution.started,
        ended=execution.ended,
        bars=(
            Bar(
                "durable execution",
                execution.outcome,
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
    execution: DurableExecution, joins: Iterable[Join], states: Sequence[State]
) -> Iterator[tuple[str, str]]:
    yield "durable execution", execution.arn
    for each in joins:
        name = states[each.task.state].name
        yield "found", f"{name}, attempt {each.task.attempt}, {each.in_words}"
    yield "invocations", _invocations(execution)
    yield "error", execution.error
    yield "input", execution.input
    yield "result", execution.result


def _invocations(execution: DurableExecution) -> str:
    replays = "replay" if execution.replays == 1 else "replays"
    return f"{count(len(execution.invocations), 'invocation')}, {execution.replays} {replays}"


def _invocations_row(execution: DurableExecution) -> Row:
    bars = tuple(
        Bar(
            f"invocation {each.number}" + (", a replay" if each.is_replay else ""),
            _ended(each.ended, bool(each.error), execution.outcome),
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
    return Row(Side.DURABLE, 1, label, INVOCATIONS, last.outcome, started, last.ended, bars, ())


def _ended(ended: datetime | None, has_error: bool, outcome: Outcome) -> Outcome:
    if ended is None:
        return outcome
    return Outcome.FAILED if has_error else Outcome.SUCCEEDED


def _operation_row(operation: Operation, depth: int, until: datetime | None) -> Row:
    bars = tuple(_step_bars(operation, until)) or (_operation_bar(operation, until),)
    details = [("error", operation.error), ("result", operation.result)]
    if len(operation.attempts) > 1:
        details.insert(0, ("attempts", str(len(operation.attempts))))
    return Row(
        side=Side.DURABLE,
        depth=depth,
        label=operation.name,
        kind=operation.kind,
        outcome=operation.outcome,
        started=operation.started,
        ended=operation.ended or until,
        bars=bars,
        details=tuple(details),
    )


def _operation_bar(operation: Operation, until: datetime | None) -> Bar:
    details: Details = ()
    if operation.scheduled_end and operation.ended is None:
        details = (("due", operation.scheduled_end.isoformat(timespec="milliseconds")),)
    return Bar(
        operation.kind,
        operation.outcome,
        operation.started,
        operation.ended or until,
        operation.started,
        details,
    )


def _step_bars(operation: Operation, until: datetime | None) -> Iterator[Bar]:
    before: datetime | None = None
    for attempt in operation.attempts:
        if before is not None and attempt.started > before:
            said = (("waits", f"before attempt {attempt.number}"),)
            yield Bar("pause", Outcome.OVER, before, attempt.started, before, said)
        yield Bar(
            f"attempt {attempt.number}",
            attempt.outcome,
            attempt.started,
            attempt.ended or until,
            None,
            (("error", attempt.error),),
        )
        before = attempt.ended
