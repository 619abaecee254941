# SPDX-License-Identifier: MIT-0
"""Step Functions' rows of the timeline: a row for each state's visit, a bar for each attempt."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from ...histories.correlation import Correlation
from ...histories.execution_history import StateVisit
from ...histories.state_visits import CONTAINERS
from ...histories.task_attempts import TaskAttempt
from .timeline import Service, TimelineBar, TimelineRow


def state_rows(
    states: Iterable[StateVisit], correlations: Iterable[Correlation], until: datetime | None
) -> Iterator[TimelineRow]:
    """The rows of all visits of states, in the order in which they began.

    Args:
        until: the end of the execution, which ends all that has no end of its own
    """
    by_state: dict[int, dict[int, Correlation]] = {}
    for each in correlations:
        by_state.setdefault(each.task.state, {})[each.task.attempt] = each
    for state in states:
        yield _state_row(state, by_state.get(state.index, {}), until)


def _state_row(
    state: StateVisit, by_attempt: Mapping[int, Correlation], until: datetime | None
) -> TimelineRow:
    iteration = "" if state.iteration is None else f" [{state.iteration}]"
    attempts = tuple(_attempt_bars(state.attempts, by_attempt, until))
    return TimelineRow(
        service=Service.STEP_FUNCTIONS,
        depth=state.depth,
        label=state.name + iteration,
        kind=f"{state.type} state",
        status=state.status,
        started=state.entered,
        ended=state.exited or until,
        bars=attempts or (_state_bar(state, until),),
        details=tuple(_state_details(state, by_attempt)),
        state=state.name,
    )


def _state_details(
    state: StateVisit, by_attempt: Mapping[int, Correlation]
) -> Iterator[tuple[str, str]]:
    if len(state.attempts) > 1:
        yield "attempts", str(len(state.attempts))
    for each in by_attempt.values():
        yield "durable execution", each.arn
        yield "correlation", each.description
    yield "error", state.error
    yield "cause", state.cause
    yield "input", state.input
    yield "output", state.output


def _state_bar(state: StateVisit, until: datetime | None) -> TimelineBar:
    # A map or parallel state waits for the states inside it, which have rows of their own.
    only_waits = state.type in ("Wait", *CONTAINERS)
    return TimelineBar(
        kind="state",
        status=state.status,
        started=state.entered,
        ended=state.exited or until,
        waits_from=state.entered if only_waits else None,
        details=(),
    )


def _attempt_bars(
    attempts: Iterable[TaskAttempt],
    by_attempt: Mapping[int, Correlation],
    until: datetime | None,
) -> Iterator[TimelineBar]:
    """The attempts of a task, and the pauses between them."""
    before: datetime | None = None
    for attempt in attempts:
        if before is not None and attempt.scheduled > before:
            yield TimelineBar.pause(before, attempt.scheduled, attempt.number)
        correlation = by_attempt.get(attempt.number)
        # A durable execution has rows of its own: its task only waits for it.
        waits_from = attempt.submitted or (attempt.scheduled if correlation else None)
        yield TimelineBar(
            kind=f"attempt {attempt.number}",
            status=attempt.status,
            started=attempt.scheduled,
            ended=attempt.ended or until,
            waits_from=waits_from,
            details=tuple(_attempt_details(attempt, correlation)),
        )
        before = attempt.ended


def _attempt_details(
    attempt: TaskAttempt, correlation: Correlation | None
) -> Iterator[tuple[str, str]]:
    yield "resource", attempt.resource
    if attempt.waits_for_callback:
        yield "waits for", "its callback"
    if correlation:
        yield "durable execution", correlation.arn
        yield "correlation", correlation.description
    yield "error", attempt.error
    yield "cause", attempt.cause
    yield "parameters", attempt.parameters
