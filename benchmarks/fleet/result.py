# SPDX-License-Identifier: MIT-0
"""The result of a simulated fleet."""

from collections import Counter
from dataclasses import dataclass, field

from .quotas import Throttles
from .workload import Arrival

THROTTLED = "Lambda.TooManyRequestsException"
HEARTBEAT_RAN_OUT = "States.Timeout"
TIMED_OUT = "DurableExecution.TimedOut"
UNDELIVERED = "the callback was throttled to the end"
MACHINE_TIMED_OUT = "TIMED_OUT"


@dataclass(eq=False)
class FleetExecution:
    """One execution under way."""

    arrival: Arrival
    started: float = 0
    # Of the task that waits for the callback: when it fails without a heartbeat.
    task_ends: float = 0
    # Of the durable execution that runs.
    durable_ends: float = 0
    is_over: bool = False


@dataclass
class Result(Throttles):
    """What is counted while a fleet runs.

    Args:
        drained: seconds from the first start to the last end
        lost: the executions that did not succeed, by error
        longest_delay: the most seconds that an execution took beyond its undisturbed time
        shares: the most that was used of each quota, as a part of it
    """

    executions: int
    succeeded: int = 0
    drained: float = 0
    lost: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    callback_retries: int = 0
    transitions: int = 0
    operations: int = 0
    longest_delay: float = 0
    shares: dict[str, float] = field(default_factory=dict)
    invocations: int = 0
    cold_starts: int = 0
    busy_seconds: float = 0

    def succeed(self, execution: FleetExecution, now: float, undisturbed: float) -> None:
        """Count a success; `undisturbed` is how many seconds it takes at least."""
        execution.is_over = True
        self.succeeded += 1
        delay = now - execution.arrival.at - undisturbed
        self.longest_delay = max(self.longest_delay, delay)
        self.drained = max(self.drained, now)

    def lose(self, execution: FleetExecution, error: str, *times: float) -> None:
        """Count an execution that did not succeed, the first time; it ends at the last time."""
        if not execution.is_over:
            execution.is_over = True
            self.lost[error] += 1
            self.drained = max(self.drained, *times)
