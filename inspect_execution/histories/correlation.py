# SPDX-License-Identifier: MIT-0
"""Which durable execution belongs to which attempt of a task, and by what method."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from .durable_history import DurableExecutionHistory
from .lambda_tasks import LambdaTask, tokens_in

# Two services' clocks, and the time between an attempt's end and the word of it.
CLOCK_TOLERANCE = timedelta(seconds=2)


class CorrelationMethod(Enum):
    """What a join rests on, the best first."""

    HEADER = "the durable execution's ARN in the task's response headers"
    TOKEN = "the task token in its input"
    VERSION_AND_TIME = "function version and time"


@dataclass(frozen=True)
class Correlation:
    """One attempt of a task and the durable execution that it started."""

    task: LambdaTask
    arn: str
    method: CorrelationMethod
    # How many durable executions it could have been.
    candidates: int = 1

    @property
    def description(self) -> str:
        if self.candidates == 1:
            return f"by {self.method.value}"
        return f"by {self.method.value}, the nearest of {self.candidates}"


def start_window(task: LambdaTask, now: datetime) -> tuple[datetime, datetime]:
    """When the durable execution of an attempt can have begun.

    An invocation of the type Event waits in a queue, so the attempt's whole time counts.
    """
    return task.scheduled - CLOCK_TOLERANCE, (task.ended or now) + CLOCK_TOLERANCE


def correlate(
    tasks: Iterable[LambdaTask], executions: Mapping[str, DurableExecutionHistory], now: datetime
) -> list[Correlation]:
    """A join for every attempt that has one; each durable execution belongs to one attempt."""
    free = _Free.of(executions)
    joins: list[Correlation] = []
    open_tasks = list(tasks)
    for find in (_by_header, _by_token, _by_version_and_time):
        found = {(task.state, task.attempt): find(task, free, now) for task in open_tasks}
        joins += [each for each in found.values() if each]
        open_tasks = [task for task in open_tasks if not found[task.state, task.attempt]]
    return sorted(joins, key=lambda each: (each.task.scheduled, each.task.state, each.task.attempt))


@dataclass(frozen=True)
class _Free:
    """The durable executions that belong to no attempt yet."""

    by_arn: dict[str, DurableExecutionHistory]
    by_token: dict[str, str]
    tokens: dict[str, frozenset[str]]

    @classmethod
    def of(cls, executions: Mapping[str, DurableExecutionHistory]) -> "_Free":
        tokens = {arn: tokens_in(execution.input) for arn, execution in executions.items()}
        by_token = {token: arn for arn, found in tokens.items() for token in found}
        return cls(dict(executions), by_token, tokens)

    def take(
        self, task: LambdaTask, arn: str, method: CorrelationMethod, candidates: int = 1
    ) -> Correlation:
        self.by_arn.pop(arn, None)
        return Correlation(task, arn, method, candidates)


def _by_header(task: LambdaTask, free: _Free, _now: datetime) -> Correlation | None:
    arn = task.durable_execution_arn
    return free.take(task, arn, CorrelationMethod.HEADER) if arn else None


def _by_token(task: LambdaTask, free: _Free, _now: datetime) -> Correlation | None:
    arns = (free.by_token.get(token) for token in sorted(task.tokens))
    arn = next((arn for arn in arns if arn in free.by_arn), None)
    return free.take(task, arn, CorrelationMethod.TOKEN) if arn else None


def _by_version_and_time(task: LambdaTask, free: _Free, now: datetime) -> Correlation | None:
    """The nearest start to the attempt's, among those that have no token of another task."""
    earliest, latest = start_window(task, now)
    fitting = [
        execution
        for execution in free.by_arn.values()
        if execution.function == task.function
        and task.version in ("", execution.version)
        and earliest <= execution.started <= latest
        and not (task.tokens and free.tokens[execution.arn])
    ]
    if not fitting:
        return None
    nearest = min(fitting, key=lambda execution: abs(execution.started - task.scheduled))
    return free.take(task, nearest.arn, CorrelationMethod.VERSION_AND_TIME, len(fitting))
