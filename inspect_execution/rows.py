# SPDX-License-Identifier: MIT-0
"""States and durable operations as rows of bars on one axis of time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from .durable_history import DurableExecution, Operation
from .history import Attempt, State
from .joining import Join
from .outcome import Outcome
from .text import count

INVOCATIONS = "invocations"
Details = tuple[tuple[str, str], ...]


class Side(Enum):
    """Where something happened."""

    STEP_FUNCTIONS = "Step Functions"
    DURABLE = "Durable executions"


@dataclass(frozen=True)
class Bar:
    """Something with a beginning and, unless it still goes on, an end."""

    kind: str
    outcome: Outcome
    started: datetime
    ended: datetime | None
    # From here on it only waits; None where it does all the time what it is there for.
    waits_from: datetime | None
    details: Details


@dataclass(frozen=True)
class Row:
    """One line: what it is about, and its bars."""

    side: Side
    depth: int
    label: str
    kind: str
    outcome: Outcome
    started: datetime
    ended: datetime | None
    bars: tuple[Bar, ...]
    details: Details
    # The state of the graph that the row is about.
    state: str = ""

    def seconds(self, now: datetime) -> float:
        """How long it took: from its beginning to its end, but of invocations what they ran."""
        if self.kind == INVOCATIONS:
            spans = (((bar.ended or now) - bar.started).total_seconds() for bar in self.bars)
            return sum(spans)
        return ((self.ended or now) - self.started).total_seconds()


def state_rows(
    states: Iterable[State], joins: Iterable[Join], until: datetime | None
) -> Iterator[Row]:
    """A row for each state that was entered; a task's bars are its attempts.

    Args:
        until: when the execution ended, and with it what has no end of its own
    """
    by_state: dict[int, list[Join]] = {}
    for each in joins:
        by_state.setdefault(each.task.state, []).append(each)
    for state in states:
        joined = {each.task.attempt: each for each in by_state.get(state.index, [])}
        bars = tuple(_attempt_bars(state.attempts, joined, until)) or (_state_bar(state, until),)
        iteration = "" if state.iteration is None else f" [{state.iteration}]"
        yield Row(
            side=Side.STEP_FUNCTIONS,
            depth=state.depth,
            label=state.name + iteration,
            kind=f"{state.type} state",
            outcome=state.outcome,
            started=state.entered,
            ended=_end(state, until),
            bars=bars,
            details=tuple(_state_details(state, joined)),
            state=state.name,
        )


def _state_details(state: State, joined: Mapping[int, Join]) -> Iterator[tuple[str, str]]:
    if len(state.attempts) > 1:
        yield "attempts", str(len(state.attempts))
    for each in joined.values():
        yield "durable execution", each.arn
        yield "found", each.in_words
    yield "error", state.error
    yield "cause", state.cause
    yield "input", state.input
    yield "output", state.output


def _state_bar(state: State, until: datetime | None) -> Bar:
    # A map or parallel state is there for the states in it, which have rows of their own.
    only_waits = state.type in ("Wait", "Map", "Parallel")
    waits_from = state.entered if only_waits else None
    return Bar("state", state.outcome, state.entered, _end(state, until), waits_from, ())


def _end(state: State, until: datetime | None) -> datetime | None:
    """When it was left; what was never left ended with its execution, or goes on."""
    return state.exited or until


def _attempt_bars(
    attempts: Iterable[Attempt], joined: Mapping[int, Join], until: datetime | None
) -> Iterator[Bar]:
    before: datetime | None = None
    for attempt in attempts:
        if before is not None and attempt.scheduled > before:
            said = (("waits", f"before attempt {attempt.number}"),)
            yield Bar("pause", Outcome.OVER, before, attempt.scheduled, before, said)
        join = joined.get(attempt.number)
        waits_from = attempt.submitted or (attempt.scheduled if join else None)
        yield Bar(
            f"attempt {attempt.number}",
            attempt.outcome,
            attempt.scheduled,
            attempt.ended or until,
            waits_from,
            tuple(_attempt_details(attempt, join)),
        )
        before = attempt.ended


def _attempt_details(attempt: Attempt, join: Join | None) -> Iterator[tuple[str, str]]:
    yield "resource", attempt.resource
    if attempt.waits_for_callback:
        yield "waits for", "its callback"
    if join:
        yield "durable execution", join.arn
        yield "found", join.in_words
    yield "error", attempt.error
    yield "cause", attempt.cause
    yield "parameters", attempt.parameters


def durable_rows(execution: DurableExecution, joins: Iterable[Join]) -> Iterator[Row]:
    """A durable execution, its invocations, and each of its operations."""
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
        details=tuple(_execution_details(execution, joins)),
    )
    if execution.invocations:
        yield _invocations_row(execution)
    depths: dict[str, int] = {}
    for operation in execution.operations:
        depths[operation.id] = depths.get(operation.parent, 0) + 1
        yield _operation_row(operation, depths[operation.id], execution.ended)


def _execution_details(
    execution: DurableExecution, joins: Iterable[Join]
) -> Iterator[tuple[str, str]]:
    yield "durable execution", execution.arn
    for each in joins:
        yield "found", each.in_words
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
