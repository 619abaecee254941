# SPDX-License-Identifier: MIT-0
"""The thread that fires the timers which come due in real time."""

import threading
import time
from typing import Protocol

CLOSE_DEADLINE_SECONDS = 5


class Watched(Protocol):
    """What has timers."""

    def seconds_to_next(self) -> float | None:
        """Real seconds until the first timer is due; nothing without a timer."""

    def fire_due(self) -> None:
        """Fire the timers that are due."""


class Keeper:
    """Watches clocks, and sleeps until the first of their timers is due."""

    def __init__(self) -> None:
        self.is_closed = False
        self._changed = threading.Condition()
        self._watched: set[Watched] = set()
        self._wakes_at = float("inf")
        self._thread = threading.Thread(target=self._run, name="clock-keeper", daemon=True)
        self._thread.start()

    def watch(self, clock: Watched) -> None:
        """Look at a clock that has a new timer."""
        seconds = clock.seconds_to_next()
        with self._changed:
            self._watched.add(clock)
            if seconds is not None and time.monotonic() + seconds < self._wakes_at:
                self._changed.notify()

    def close(self) -> None:
        """End the thread. No timer of any clock is fired any more."""
        with self._changed:
            self.is_closed = True
            self._changed.notify()
        self._thread.join(CLOSE_DEADLINE_SECONDS)

    def _run(self) -> None:
        while not self.is_closed:
            for clock in self._sleep():
                clock.fire_due()

    def _sleep(self) -> list[Watched]:
        """Sleep until the first timer is due, or an earlier one is set, and return the clocks."""
        with self._changed:
            next_ones = {clock: clock.seconds_to_next() for clock in self._watched}
            waits = [seconds for seconds in next_ones.values() if seconds is not None]
            self._watched = {clock for clock, wait in next_ones.items() if wait is not None}
            seconds = min(waits, default=None)
            if not self.is_closed and (seconds is None or seconds > 0):
                # A lock takes no longer time-out than this.
                longest = threading.TIMEOUT_MAX if seconds is None else seconds
                pause = min(longest, threading.TIMEOUT_MAX)
                self._wakes_at = time.monotonic() + pause
                self._changed.wait(pause)
            self._wakes_at = 0
            return list(self._watched)
