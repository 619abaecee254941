# SPDX-License-Identifier: MIT-0
"""Step Functions' side: a row for each state, a bar for each attempt of its task."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from ..histories.correlation import Correlation
from ..histories.execution_history import StateVisit, TaskAttempt
from ..status import Status
from .timeline import Service, TimelineBar, TimelineRow


def state_rows(
    states: Iterable[StateVisit], joins: Iterable[Correlation], until: datetime | None
) -> Iterator[TimelineRow]:
    """A row for each state that was entered; a task's bars are its attempts.

    Args:
        until: when the execution ended, and with it what has no end of its own
    """
    by_state: dict[int, list[Correlation]] = {}
    for each in joins:
        by_state.setdefault(each.task.state, []).append(each)
    for state in states:
        joined = {each.task.attempt: each for each in by_state.get(state.index, [])}
        bars = tuple(_attempt_bars(state.attempts, joined, until)) or (_state_bar(state, until),)
        iteration = "" if state.iteration is None else f" [{state.iteration}]"
        yield TimelineRow(
            service=Service.STEP_FUNCTIONS,
            depth=state.depth,
            label=state.name + iteration,
            kind=f"{state.type} state",
            status=state.status,
            started=state.entered,
            ended=_end(state, until),
            bars=bars,
            details=tuple(_state_details(state, joined)),
            state=state.name,
        )


def _state_details(
    state: StateVisit, joined: Mapping[int, Correlation]
) -> Iterator[tuple[str, str]]:
    if len(state.attempts) > 1:
        yield "attempts", str(len(state.attempts))
    for each in joined.values():
        yield "durable execution", each.arn
        yield "found", each.description
    yield "error", state.error
    yield "cause", state.cause
    yield "input", state.input
    yield "output", state.output


def _state_bar(state: StateVisit, until: datetime | None) -> TimelineBar:
    # A map or parallel state is there for the states in it, which have rows of their own.
    only_waits = state.type in ("Wait", "Map", "Parallel")
    waits_from = state.entered if only_waits else None
    return TimelineBar("state", state.status, state.entered, _end(state, until), waits_from, ())


def _end(state: StateVisit, until: datetime | None) -> datetime | None:
    """When it was left; what was never left ended with its execution, or goes on."""
    return state.exited or until


def _attempt_bars(
    attempts: Iterable[TaskAttempt], joined: Mapping[int, Correlation], until: datetime | None
) -> Iterator[TimelineBar]:
    before: datetime | None = None
    for attempt in attempts:
        if before is not None and attempt.scheduled > before:
            said = (("waits", f"before attempt {attempt.number}"),)
            yield TimelineBar("pause", Status.OVER, before, attempt.scheduled, before, said)
        join = joined.get(attempt.number)
        waits_from = attempt.submitted or (attempt.scheduled if join else None)
        yield TimelineBar(
            f"attempt {attempt.number}",
            attempt.status,
            attempt.scheduled,
            attempt.ended or until,
            waits_from,
            tuple(_attempt_details(attempt, join)),
        )
        before = attempt.ended


def _attempt_details(attempt: TaskAttempt, join: Correlation | None) -> Iterator[tuple[str, str]]:
    yield "resource", attempt.resource
    if attempt.waits_for_callback:
        yield "waits for", "its callback"
    if join:
        yield "durable execution", join.arn
        yield "found", join.description
    yield "error", attempt.error
    yield "cause", attempt.cause
    yield "parameters", attempt.parameters
