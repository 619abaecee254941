# SPDX-License-Identifier: MIT-0
"""Simulated time: scheduled calls, run in the order of their moments."""

import heapq
from collections.abc import Callable
from typing import Any

from local.quotas.quotas import Rate

# Calls that come in the same moment need no more of a bucket than it has in that moment.
_ROUNDING = 1e-9


class Timeline:
    """The events to come. Those of one moment happen in the order in which they were planned."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._planned = 0

    def after(self, seconds: float, action: Callable[..., None], *arguments: Any) -> None:
        """Plan an action."""
        self._planned += 1
        heapq.heappush(self._events, (self.now + seconds, self._planned, action, arguments))

    def run(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Let everything happen, or what happens until it is over."""
        while self._events and not is_over():
            self.now, _, action, arguments = heapq.heappop(self._events)
            action(*arguments)


class Bucket:
    """A token bucket; it is full at the beginning.

    Args:
        name: of the quota
        on_empty: is called with the name for each call that finds no token
    """

    def __init__(self, name: str, rate: Rate, on_empty: Callable[[str], None]) -> None:
        self._name = name
        self._rate = rate
        self._on_empty = on_empty
        self._tokens = rate.bucket
        self._filled_at = 0.0
        self.least = rate.bucket

    def take(self, now: float) -> bool:
        """Take a token, if there is one."""
        self._fill(now)
        if self._tokens < 1 - _ROUNDING:
            self._on_empty(self._name)
            return False
        self._spend()
        return True

    def wait(self, now: float) -> float:
        """Take a token that is there, or is yet to come. Return in how many seconds it is there."""
        self._fill(now)
        self._spend()
        if self._tokens >= -_ROUNDING:
            return 0
        self._on_empty(self._name)
        return -self._tokens / self._rate.per_second

    @property
    def share_used(self) -> float:
        """The most that was out of the bucket at once, of all that it holds."""
        return 1 - max(self.least, 0) / self._rate.bucket

    def _fill(self, now: float) -> None:
        gained = (now - self._filled_at) * self._rate.per_second
        self._tokens = min(self._rate.bucket, self._tokens + gained)
        self._filled_at = now

    def _spend(self) -> None:
        self._tokens -= 1
        self.least = min(self.least, self._tokens)
