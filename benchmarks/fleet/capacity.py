# SPDX-License-Identifier: MIT-0
"""Lambda's capacity: concurrency of the account, environments of each function, the event queue."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from .quotas import CONCURRENCY, SCALING, AccountQuotas
from .timeline import Bucket, Timeline

# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html: from one
# second to five minutes. That retries are spread over the second half of a pause is assumed.
LONGEST_QUEUE_PAUSE = 300.0


class Capacity:
    """The environments in which functions run.

    Args:
        on_throttle: is called with the name of the quota for each invocation that finds no room
    """

    def __init__(
        self,
        timeline: Timeline,
        quotas: AccountQuotas,
        chance: random.Random,
        on_throttle: Callable[[str], None],
    ) -> None:
        self._timeline = timeline
        self._quotas = quotas
        self._chance = chance
        self._on_throttle = on_throttle
        self._warm: Counter[str] = Counter()
        self._scaling: dict[str, Bucket] = {}
        self.running = 0
        self.most_running = 0
        self.cold_starts = 0
        self.invocations = 0
        self.busy_seconds = 0.0
        self._changed_at = 0.0

    def begin(self, function: str) -> bool | None:
        """Begin an invocation. Return whether its environment is a new one; None for no room."""
        if self.running >= self._quotas.concurrency:
            self._on_throttle(CONCURRENCY)
            return None
        is_cold = self._warm[function] == 0
        if is_cold and not self._scaling_of(function).take(self._timeline.now):
            return None
        self._warm[function] -= not is_cold
        self.cold_starts += is_cold
        self.invocations += 1
        self._count(1)
        self.most_running = max(self.most_running, self.running)
        return is_cold

    def end(self, function: str) -> None:
        """End an invocation; its environment is free for the function's next one."""
        self._count(-1)
        self._warm[function] += 1

    def _count(self, change: int) -> None:
        self.busy_seconds += self.running * (self._timeline.now - self._changed_at)
        self._changed_at = self._timeline.now
        self.running += change

    def queue(
        self,
        function: str,
        begin: Callable[..., None],
        *arguments: Any,
        is_expired: Callable[[], bool] = lambda: False,
        attempt: int = 0,
    ) -> None:
        """Invoke a function as Lambda itself does: again and again until there is room.

        Args:
            begin: is called with whether the environment is new, and the arguments
            is_expired: whether Lambda discards it instead
        """
        if is_expired():
            return
        is_cold = self.begin(function)
        if is_cold is not None:
            begin(is_cold, *arguments)
            return
        pause = min(2.0**attempt, LONGEST_QUEUE_PAUSE) * self._chance.uniform(0.5, 1)

        def again() -> None:
            self.queue(
                function, begin, *arguments, is_expired=is_expired, attempt=min(attempt + 1, 10)
            )

        self._timeline.after(pause, again)

    def _scaling_of(self, function: str) -> Bucket:
        if function not in self._scaling:
            rate = self._quotas.rates[SCALING]
            self._scaling[function] = Bucket(SCALING, rate, self._on_throttle)
        return self._scaling[function]
