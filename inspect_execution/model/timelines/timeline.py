# SPDX-License-Identifier: MIT-0
"""The timeline: rows of bars, a row for each state, durable execution and durable operation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from ...status import Status
from .time_axis import TimeSpan

INVOCATIONS = "invocations"
BarDetails = tuple[tuple[str, str], ...]


class Service(Enum):
    """The service whose history a row or an event comes from."""

    STEP_FUNCTIONS = "Step Functions"
    LAMBDA = "Durable executions"


@dataclass(frozen=True)
class TimelineBar:
    """A time with a beginning and, unless it still goes on, an end."""

    kind: str
    status: Status
    started: datetime
    ended: datetime | None
    # From here on it only waits. None if it never waits.
    waits_from: datetime | None
    details: BarDetails

    @classmethod
    def pause(cls, start: datetime, end: datetime, attempt: int) -> "TimelineBar":
        """The pause before a retry, which is the attempt of this number."""
        return cls("pause", Status.OVER, start, end, start, (("before", f"attempt {attempt}"),))

    def seconds(self, now: datetime) -> float:
        return ((self.ended or now) - self.started).total_seconds()


@dataclass(frozen=True)
class TimelineRow:
    """A row: its label, its times and its bars."""

    service: Service
    depth: int
    label: str
    kind: str
    status: Status
    started: datetime
    ended: datetime | None
    bars: tuple[TimelineBar, ...]
    details: BarDetails
    # The name of the state in the definition's graph: empty on Lambda's rows.
    state: str = ""
    # Of a durable execution: the attempts of states that started it.
    started_by: str = ""
    # When the wait of what still goes on ends by itself; None if that is not known.
    until: datetime | None = None

    def seconds(self, now: datetime) -> float:
        """The row's duration: of invocations, the time that they ran, without the time between."""
        if self.kind == INVOCATIONS:
            return sum(bar.seconds(now) for bar in self.bars)
        return ((self.ended or now) - self.started).total_seconds()


def last_times(rows: Iterable[TimelineRow]) -> Iterator[datetime]:
    """The last known time of each bar."""
    return (bar.ended or bar.started for row in rows for bar in row.bars)


def is_unfinished(rows: Iterable[TimelineRow]) -> bool:
    """Whether anything on the timeline still goes on."""
    return any(bar.ended is None for row in rows for bar in row.bars)


def time_spans(rows: Iterable[TimelineRow], now: datetime) -> Iterator[TimeSpan]:
    """The spans of all bars: a bar that waits at its end has two."""
    for bar in (bar for row in rows for bar in row.bars):
        end = bar.ended or now
        if bar.waits_from is None:
            yield TimeSpan(bar.started, end, is_wait=False)
            continue
        if bar.waits_from > bar.started:
            yield TimeSpan(bar.started, bar.waits_from, is_wait=False)
        yield TimeSpan(bar.waits_from, end, is_wait=True)
