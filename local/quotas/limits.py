# SPDX-License-Identifier: MIT-0
"""The quotas in force at an endpoint: which call and which invocation they throttle."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from ..clocks.modelled_clock import current_clock, now, real_now
from .concurrency import ConcurrencyLimit, RunningInvocation
from .quotas import Quotas, Rate
from .rate_limit import RateLimit

# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
LONGEST_QUEUE_PAUSE_SECONDS = 300


class Throttled(Exception):
    """A call or an invocation beyond a quota.

    Args:
        reason: in the words of Lambda's ThrottleReason:
            https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    """

    def __init__(self, reason: str) -> None:
        super().__init__("Rate Exceeded.")
        self.reason = reason


class Limits:
    """What is left of an account's quotas."""

    def __init__(self, quotas: Quotas) -> None:
        self.use(quotas)

    def use(self, quotas: Quotas) -> None:
        """Put quotas into force, of which nothing is taken yet."""
        # By the reason.
        self.throttled: Counter[str] = Counter()
        self._calls = {name: RateLimit(rate) for name, rate in quotas.calls.items()}
        self._starts = _limit(quotas.durable_starts)
        self._concurrency = ConcurrencyLimit(quotas.concurrency) if quotas.concurrency else None

    @property
    def limits_concurrency(self) -> bool:
        return self._concurrency is not None

    def require_call(self, name: str) -> None:
        """Return if a call, as `states:StartExecution`, is within its quota.

        Raises:
            Throttled: it is not
        """
        if (limit := self._calls.get(name)) and not _admits(limit):
            raise self._throttled("CallerRateLimitExceeded")

    def require_start(self) -> None:
        """Return if another durable execution may be started.

        Raises:
            Throttled: it may not
        """
        if self._starts and not _admits(self._starts):
            raise self._throttled("FunctionInvocationRateLimitExceeded")

    def begin(self) -> RunningInvocation | None:
        """Begin an invocation of this thread's family.

        Raises:
            Throttled: there is no room for it
        """
        if self._concurrency is None:
            return None
        moment, wall = now().timestamp(), real_now().timestamp()
        invocation = self._concurrency.begin(current_clock(), moment, wall)
        if invocation is None:
            raise self._throttled("ConcurrentInvocationLimitExceeded")
        return invocation

    def _throttled(self, reason: str) -> Throttled:
        self.throttled[reason] += 1
        return Throttled(reason)

    @contextmanager
    def ending(self, invocation: RunningInvocation | None) -> Iterator[None]:
        """End an invocation with the context."""
        try:
            yield
        finally:
            if invocation is not None:
                invocation.ended = now().timestamp()


def queue_pause(attempt: int) -> float:
    """Seconds until Lambda itself invokes again what found no room.

    From one to 300 seconds, as documented; that they are cut by up to half at random is assumed.
    """
    return min(2.0 ** min(attempt, 10), LONGEST_QUEUE_PAUSE_SECONDS) * random.uniform(0.5, 1)


def _limit(rate: Rate | None) -> RateLimit | None:
    return RateLimit(rate) if rate else None


def _admits(limit: RateLimit) -> bool:
    return limit.admits(now().timestamp(), real_now().timestamp())
