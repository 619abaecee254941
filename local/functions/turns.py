# SPDX-License-Identifier: MIT-0
"""Turns: a limited number of places, given first to work that has begun before."""

import heapq
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A number of places. Work that has begun before comes first, then the longest wait.

    In the order of arrival alone, many executions started at once would all take their first
    step before any takes its second, and what comes last would wait for all of them.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        # Sorted by whether the work is new, and by arrival.
        self._waiting: list[tuple[bool, int, threading.Event]] = []
        self._arrivals = itertools.count()
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, *, is_new: bool) -> Iterator[None]:
        """Wait for a place, and keep it for as long as the context lasts."""
        turn = threading.Event()
        with self._lock:
            if self._free:
                self._free -= 1
                turn.set()
            else:
                heapq.heappush(self._waiting, (is_new, next(self._arrivals), turn))
        turn.wait()
        try:
            yield
        finally:
            self._leave()

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                *_, turn = heapq.heappop(self._waiting)
                turn.set()
            else:
                self._free += 1
