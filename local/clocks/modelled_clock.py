# SPDX-License-Identifier: MIT-0
"""The clock of one family of executions, and which one the current thread belongs to."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from .keeper import Keeper
from .skipping import Timer, due_timers, skip


def real_now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


class ModelledClock:
    """Real time plus the skipped time. A thread that runs holds the clock, and releases it to wait.

    Args:
        keeper: fires the timers that come due in real time
        skips: whether it ever skips; without, all time is real
        wall: the real time
    """

    def __init__(
        self, keeper: Keeper, *, skips: bool, wall: Callable[[], datetime] = real_now
    ) -> None:
        # Travels in requests, as X-Ray's does: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
        self.trace_id = f"1-{int(wall().timestamp()):08x}-{secrets.token_hex(12)}"
        self.skipped = timedelta(0)
        self._keeper = keeper
        self._skips = skips
        self._wall = wall
        self._lock = threading.Lock()
        self._timers: set[Timer] = set()
        self._holds = 0

    def now(self) -> datetime:
        return self._wall() + self.skipped

    @contextmanager
    def current(self) -> Iterator[None]:
        """Make it the clock of this thread, or of this asynchronous task."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    def hold(self) -> None:
        """Keep the clock from skipping: something of its family begins to run."""
        with self._lock:
            self._holds += 1

    def release(self) -> None:
        """Let the clock skip when nothing else runs."""
        with self._lock:
            self._holds -= 1
        self.fire_due()

    @contextmanager
    def held(self) -> Iterator[None]:
        self.hold()
        try:
            yield
        finally:
            self.release()

    def start(self, seconds: float, is_timeout: bool, fire: Callable[[], None]) -> Timer:
        """Start a timer; the caller must hold the clock."""
        timer = Timer(self.now() + timedelta(seconds=seconds), is_timeout, fire)
        with self._lock:
            self._timers.add(timer)
        self._keeper.watch(self)
        return timer

    def cancel(self, timer: Timer | None) -> None:
        """Forget a timer, if it has not been fired."""
        with self._lock:
            self._timers.discard(timer)

    def seconds_to_next(self) -> float | None:
        """Real seconds until the first timer is due without a skip."""
        with self._lock:
            first = min((timer.due for timer in self._timers), default=None)
        return None if first is None else max((first - self.now()).total_seconds(), 0.0)

    def fire_due(self) -> None:
        """Skip as far as may be, and fire the timers that are due."""
        with self._lock:
            due = self._take_due()
        # Without the lock: what is fired uses this clock.
        for timer in due:
            timer.fire()

    def _take_due(self) -> list[Timer]:
        if not self._timers or self._keeper.is_closed:
            return []
        if self._skips:
            self.skipped += skip(self._timers, self.now(), self._holds)
        due = due_timers(self._timers, self.now())
        self._timers.difference_update(due)
        self._holds += len(due)
        return due


_current: ContextVar[ModelledClock | None] = ContextVar("modelled_clock", default=None)


def current_clock() -> ModelledClock | None:
    """The clock of what this thread works on; nothing outside of every execution."""
    return _current.get()


def now() -> datetime:
    """The time of what this thread works on: modelled inside an execution, else real."""
    clock = current_clock()
    return clock.now() if clock else real_now()
