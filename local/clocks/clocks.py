# SPDX-License-Identifier: MIT-0
"""The clocks of all executions, found by an execution's ARN or by the header of a request."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from weakref import WeakValueDictionary

from .keeper import Keeper
from .modelled_clock import ModelledClock, current_clock, now

# AWS's clients send it from inside a handler: botocore, whenever the runtime has set the variable
# _X_AMZN_TRACE_ID.
TRACE_HEADER = "X-Amzn-Trace-Id"
_TRACE_ID = re.compile(r"Root=([^;]+)")


class Clocks:
    """One clock for each family of executions.

    Args:
        real_time: whether no clock ever skips
    """

    def __init__(self, *, real_time: bool) -> None:
        self.real_time = real_time
        self._keeper = Keeper()
        self._by_arn: dict[str, ModelledClock] = {}
        self._by_trace: WeakValueDictionary[str, ModelledClock] = WeakValueDictionary()

    def of_starter(self) -> ModelledClock:
        """The clock of the execution that this thread works on, else a new one at real time."""
        clock = current_clock() or ModelledClock(self._keeper, skips=not self.real_time)
        self._by_trace[clock.trace_id] = clock
        return clock

    def add(self, arn: str, clock: ModelledClock) -> None:
        """Let an execution have that clock."""
        self._by_arn[arn] = clock

    def of(self, arn: str) -> ModelledClock:
        """The clock of an execution.

        Raises:
            KeyError: the execution has not been added
        """
        return self._by_arn[arn]

    def forget(self, arn: str) -> None:
        """Forget an execution that has ended; the others of its family keep the clock."""
        self._by_arn.pop(arn, None)

    def knows(self, arn: str) -> bool:
        return arn in self._by_arn

    @contextmanager
    def current(self, trace_header: str) -> Iterator[None]:
        """Make the clock that a request's header names the clock of this thread."""
        root = _TRACE_ID.search(trace_header)
        clock = self._by_trace.get(root.group(1)) if root else None
        if clock is None:
            yield
            return
        with clock.current():
            yield

    def close(self) -> None:
        """Fire no more timers: threads that wait for one wait for ever."""
        self._keeper.close()


class CurrentClock:
    """The clock of the current thread's execution, for the engine of durable executions."""

    def now(self) -> datetime:
        return now()

    def arm(self, wake: datetime) -> float:
        """Modelled seconds until then."""
        return max((wake - now()).total_seconds(), 0.0)


def trace_header() -> str:
    """The header for requests of this thread's execution; nothing outside of every execution."""
    clock = current_clock()
    return f"Root={clock.trace_id};Sampled=0" if clock else ""
