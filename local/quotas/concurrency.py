# SPDX-License-Identifier: MIT-0
"""The limit of invocations at once, in modelled time."""

import threading
from dataclasses import dataclass

from ..clocks.modelled_clock import ModelledClock


@dataclass(eq=False)
class RunningInvocation:
    """An invocation that goes on, or has ended.

    Args:
        clock: of its family; None outside of every execution, in real time
        ended: modelled time, in seconds
    """

    clock: ModelledClock | None
    began: float
    ended: float | None = None

    def is_running_at(self, moment: float, wall: float) -> bool:
        """Whether it runs at that moment, as far as its family's time has come."""
        if self.ended is not None:
            return self.began <= moment < self.ended
        return self.began <= moment <= (self.clock.now().timestamp() if self.clock else wall)


class ConcurrencyLimit:
    """Counts the invocations of a moment, of all families."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._invocations: list[RunningInvocation] = []

    def begin(
        self, clock: ModelledClock | None, moment: float, wall: float
    ) -> RunningInvocation | None:
        """Begin an invocation at a moment of its family; None if there is no room for it."""
        with self._lock:
            self._invocations = [
                each for each in self._invocations if each.ended is None or each.ended >= wall
            ]
            running = sum(each.is_running_at(moment, wall) for each in self._invocations)
            if running >= self._most:
                return None
            invocation = RunningInvocation(clock, moment)
            self._invocations.append(invocation)
            return invocation
