# SPDX-License-Identifier: MIT-0
"""Correlation: which durable execution each attempt of a Lambda task started, by which method."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from .durable_history import DurableExecutionHistory
from .lambda_tasks import LambdaTask
from .recording import tokens_in

# The clocks of two services differ, and an attempt's end takes time to reach its history.
CLOCK_TOLERANCE = timedelta(seconds=2)


class CorrelationMethod(Enum):
    """The methods, the most reliable first."""

    HEADER = "the durable execution's ARN in the task's response headers"
    TOKEN = "the task token in its input"
    VERSION_AND_TIME = "function version and time"


@dataclass(frozen=True)
class Correlation:
    """One attempt of a task and the durable execution that it started."""

    task: LambdaTask
    arn: str
    method: CorrelationMethod
    # The number of durable executions that fitted.
    candidates: int = 1

    @property
    def description(self) -> str:
        if self.candidates == 1:
            return f"by {self.method.value}"
        return f"by {self.method.value}, the nearest of {self.candidates}"


@dataclass(frozen=True)
class _Candidates:
    """The durable executions that no attempt has been correlated with, and their tokens."""

    free: Mapping[str, DurableExecutionHistory]
    tokens: Mapping[str, frozenset[str]]
    arn_of_token: Mapping[str, str]
    now: datetime


def start_window(task: LambdaTask, now: datetime) -> tuple[datetime, datetime]:
    """The earliest and the latest time at which an attempt's durable execution can begin.

    It can begin at any time of the attempt, because an Event invocation waits in a queue.
    """
    return task.scheduled - CLOCK_TOLERANCE, (task.ended or now) + CLOCK_TOLERANCE


def correlate(
    tasks: Iterable[LambdaTask], executions: Mapping[str, DurableExecutionHistory], now: datetime
) -> list[Correlation]:
    """Correlate each attempt with at most one durable execution, and the other way round.

    Args:
        executions: durable executions by ARN
        now: when they were read
    """
    free = dict(executions)
    tokens = {arn: tokens_in(execution.input) for arn, execution in executions.items()}
    arn_of_token = {token: arn for arn, found in tokens.items() for token in found}
    candidates = _Candidates(free, tokens, arn_of_token, now)
    correlations: list[Correlation] = []
    remaining = list(tasks)
    for find in (_by_header, _by_token, _by_version_and_time):
        found = [(task, _taken(find(task, candidates), free)) for task in remaining]
        correlations += [correlation for _, correlation in found if correlation]
        remaining = [task for task, correlation in found if not correlation]
    return sorted(correlations, key=lambda c: (c.task.scheduled, c.task.state, c.task.attempt))


def _taken(
    correlation: Correlation | None, free: dict[str, DurableExecutionHistory]
) -> Correlation | None:
    """Remove a durable execution that an attempt has now, so that no other attempt gets it."""
    if correlation:
        free.pop(correlation.arn, None)
    return correlation


def _by_header(task: LambdaTask, _candidates: _Candidates) -> Correlation | None:
    arn = task.durable_execution_arn
    return Correlation(task, arn, CorrelationMethod.HEADER) if arn else None


def _by_token(task: LambdaTask, candidates: _Candidates) -> Correlation | None:
    arns = (candidates.arn_of_token.get(token) for token in sorted(task.tokens))
    arn = next((arn for arn in arns if arn in candidates.free), None)
    return Correlation(task, arn, CorrelationMethod.TOKEN) if arn else None


def _by_version_and_time(task: LambdaTask, candidates: _Candidates) -> Correlation | None:
    """The durable execution whose start is nearest to the attempt's."""
    fitting = [each for each in candidates.free.values() if _fits(task, each, candidates)]
    if not fitting:
        return None
    nearest = min(fitting, key=lambda execution: abs(execution.started - task.scheduled))
    return Correlation(task, nearest.arn, CorrelationMethod.VERSION_AND_TIME, len(fitting))


def _fits(task: LambdaTask, execution: DurableExecutionHistory, candidates: _Candidates) -> bool:
    earliest, latest = start_window(task, candidates.now)
    # If both have tokens and those differ, another task started the durable execution.
    has_another_token = bool(task.tokens and candidates.tokens[execution.arn])
    return (
        execution.function == task.function
        and task.version in ("", execution.version)
        and earliest <= execution.started <= latest
        and not has_another_token
    )
