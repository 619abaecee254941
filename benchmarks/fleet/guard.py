# SPDX-License-Identifier: MIT-0
"""The callback guard against the quotas, when many durable executions end badly at once."""

import random
from dataclasses import dataclass

from .capacity import Capacity
from .policy import Policy
from .quotas import EVENT_BRIDGE, FAILURE, GET_EXECUTION, AccountQuotas, Throttles
from .timeline import Bucket, Timeline
from .workload import Workload

GUARD = "guard"
CALLS = (GET_EXECUTION, FAILURE)
# botocore's standard mode: a random part of 1, 2, 4 … seconds, 20 at most.
LONGEST_CLIENT_PAUSE = 20.0
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
AGAIN_AFTER_SECONDS = (60, 120)


@dataclass
class Reports(Throttles):
    """How the guard has reported.

    Args:
        dropped: the ends that only the heartbeat reports: Lambda gave up the guard's event
        last: seconds from the end of the executions to the last report
    """

    executions: int
    reported: int = 0
    dropped: int = 0
    last: float = 0
    repeated_invocations: int = 0


class Guards:
    """One run: so many durable executions end in the same moment, and no handler reports it."""

    def __init__(
        self,
        policy: Policy,
        quotas: AccountQuotas,
        workload: Workload,
        executions: int,
        seed: int = 1,
    ) -> None:
        self._policy = policy
        self._workload = workload
        self._chance = random.Random(seed)
        self._time = Timeline()
        self._reports = Reports(executions)
        self._buckets = {
            name: Bucket(name, quotas.rates[name], self._reports.note_throttle)
            for name in (EVENT_BRIDGE, *CALLS)
        }
        self._capacity = Capacity(self._time, quotas, self._chance, self._reports.note_throttle)
        for _ in range(executions):
            self._time.after(0, self._match)

    def run(self) -> Reports:
        self._time.run()
        return self._reports

    def _match(self) -> None:
        """EventBridge delays the invocations of targets that are over its quota."""
        pause = self._buckets[EVENT_BRIDGE].wait(self._time.now)
        self._time.after(pause, self._invoke, 0)

    def _invoke(self, failed: int) -> None:
        self._capacity.queue(GUARD, self._begin, failed)

    def _begin(self, is_cold: bool, failed: int) -> None:
        self._time.after(self._workload.seconds(is_cold), self._call, 0, 1, failed)

    def _call(self, number: int, attempt: int, failed: int) -> None:
        """One of the guard's calls: the client tries it again while the invocation waits."""
        if self._buckets[CALLS[number]].take(self._time.now):
            is_last = number + 1 == len(CALLS)
            then = (self._report,) if is_last else (self._call, number + 1, 1, failed)
            self._time.after(self._workload.call_seconds, *then)
        elif attempt < self._policy.guard_attempts:
            pause = min(self._chance.random() * 2.0 ** (attempt - 1), LONGEST_CLIENT_PAUSE)
            self._time.after(pause, self._call, number, attempt + 1, failed)
        else:
            self._fail(failed)

    def _report(self) -> None:
        self._capacity.end(GUARD)
        self._reports.reported += 1
        self._reports.last = self._time.now

    def _fail(self, failed: int) -> None:
        """Lambda invokes the guard again after an error, twice."""
        self._capacity.end(GUARD)
        if failed == len(AGAIN_AFTER_SECONDS):
            self._reports.dropped += 1
            return
        self._reports.repeated_invocations += 1
        self._time.after(AGAIN_AFTER_SECONDS[failed], self._invoke, failed + 1)
