# SPDX-License-Identifier: MIT-0
"""The summary of an execution: where it failed or waits, why, and what can happen next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..status import Status
from ..text import duration, offset, printable
from .event_lines.event_line import reason
from .waits.pending_wait import Deadline, PendingWait


@dataclass(frozen=True)
class Summary:
    """One failure or one wait, in words.

    Args:
        where: the state, the function's version and the durable operation
        next: what can happen next, the first first; may be empty
    """

    where: str
    why: str
    next: tuple[str, ...]


def summaries(
    execution: Mapping[str, object],
    place: str,
    waits: Sequence[PendingWait],
    now: datetime,
    aws_cli: str,
) -> Iterator[Summary]:
    """The failure of an execution, then all that still waits, the longest wait first.

    Args:
        execution: DescribeExecution's answer
        place: where the execution failed; may be empty
        now: when it was read
        aws_cli: how a command of the AWS CLI begins that reaches it; may be empty
    """
    status = Status.parse(str(execution.get("status", "")))
    if status in (Status.FAILED, Status.TIMED_OUT, Status.ABORTED):
        why = reason(execution.get("error"), execution.get("cause"))
        yield Summary(place, why or status.value, tuple(_after_failure(execution, aws_cli)))
    started = execution["startDate"]
    assert isinstance(started, datetime)
    for wait in waits:
        yield _of_wait(wait, started, now)


def _after_failure(execution: Mapping[str, object], aws_cli: str) -> Iterator[str]:
    """Whether the execution can be redriven, if Step Functions says so and is there to do it."""
    redrive = execution.get("redriveStatus")
    if redrive == "REDRIVABLE":
        if aws_cli:
            command = f"{aws_cli} stepfunctions redrive-execution --execution-arn"
            arn = str(execution.get("executionArn", ""))
            yield f"a redrive repeats what failed: {printable(f'{command} {arn}', 800)}"
    elif redrive:
        why = execution.get("redriveStatusReason")
        yield f"it cannot be redriven: {printable(str(why or redrive))}"


def _of_wait(wait: PendingWait, started: datetime, now: datetime) -> Summary:
    awaited = f": {wait.awaited}" if wait.awaited else ""
    since = f"since {offset(wait.since, started)}, for {duration(wait.seconds(now))}"
    why = f"waits for {wait.kind.value}{awaited}, {since}"
    if wait.until:
        why += f", until {offset(wait.until, started)} ({_distance(wait.until, now)})"
    next_ = [wait.then] if wait.then else []
    next_ += [_limit(each, started, now) for each in wait.deadlines]
    return Summary(printable(wait.place), printable(why, 500), tuple(next_))


def _limit(deadline: Deadline, started: datetime, now: datetime) -> str:
    if deadline.at is None:
        return deadline.effect
    at = offset(deadline.at, started)
    return f"at {at} ({_distance(deadline.at, now)}) at the latest: {deadline.effect}"


def _distance(time: datetime, now: datetime) -> str:
    seconds = (time - now).total_seconds()
    return f"in {duration(seconds)}" if seconds > 0 else f"{duration(-seconds)} ago"
