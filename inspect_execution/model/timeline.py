# SPDX-License-Identifier: MIT-0
"""What stands on the axis of time: rows of bars."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from ..status import Status

INVOCATIONS = "invocations"
Details = tuple[tuple[str, str], ...]


class Service(Enum):
    """Where something happened."""

    STEP_FUNCTIONS = "Step Functions"
    DURABLE = "Durable executions"


@dataclass(frozen=True)
class TimelineBar:
    """Something with a beginning and, unless it still goes on, an end."""

    kind: str
    status: Status
    started: datetime
    ended: datetime | None
    # From here on it only waits; None where it does all the time what it is there for.
    waits_from: datetime | None
    details: Details


@dataclass(frozen=True)
class TimelineRow:
    """One line: what it is about, and its bars."""

    service: Service
    depth: int
    label: str
    kind: str
    status: Status
    started: datetime
    ended: datetime | None
    bars: tuple[TimelineBar, ...]
    details: Details
    # The state of the graph that the row is about.
    state: str = ""

    def seconds(self, now: datetime) -> float:
        """How long it took: from its beginning to its end, but of invocations what they ran."""
        if self.kind == INVOCATIONS:
            spans = (((bar.ended or now) - bar.started).total_seconds() for bar in self.bars)
            return sum(spans)
        return ((self.ended or now) - self.started).total_seconds()
