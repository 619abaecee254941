# SPDX-License-Identifier: MIT-0
"""A token bucket in modelled time, for calls that do not arrive in the order of time."""

import threading
from bisect import bisect_left, insort

from .quotas import Rate

# Moments are sums of many parts.
_ROUNDING_SECONDS = 1e-6


class RateLimit:
    """Admits calls so that all those admitted, in the order of their moments, fit the bucket.

    Each family of executions has a clock of its own, which runs ahead of real time: a call may
    come before another one whose moment is earlier. It is not undone when that comes.
    """

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._lock = threading.Lock()
        self._admitted: list[float] = []

    def admits(self, moment: float, wall: float) -> bool:
        """Whether a call of that moment is admitted, which then takes a token.

        Args:
            moment: modelled time, in seconds
            wall: real time, which no later call can be earlier than
        """
        with self._lock:
            self._forget(wall)
            insort(self._admitted, moment)
            if self._fits():
                return True
            del self._admitted[bisect_left(self._admitted, moment)]
            return False

    def _forget(self, wall: float) -> None:
        """Forget those after which the bucket is full again before any later call."""
        full_again = wall - self._rate.bucket / self._rate.per_second
        del self._admitted[: bisect_left(self._admitted, full_again)]

    def _fits(self) -> bool:
        tokens, filled_at = self._rate.bucket, float("-inf")
        for moment in self._admitted:
            gained = (moment - filled_at) * self._rate.per_second
            tokens = min(self._rate.bucket, tokens + gained) - 1
            filled_at = moment
            if tokens < -_ROUNDING_SECONDS:
                return False
        return True
