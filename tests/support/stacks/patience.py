# SPDX-License-Identifier: MIT-0
"""How long to wait for a thing, and how often to look."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """Every wait has a deadline; the pauses between two looks double up to the longest."""

    seconds: float
    first_pause_seconds: float
    longest_pause_seconds: float

    def until(self, is_true: Callable[[], bool], what: str) -> None:
        """Wait for the thing.

        Raises:
            AssertionError: it has not come by the deadline
        """
        self.answer(is_true, bool, what)

    def answer(self, ask: Callable[[], T], is_wanted: Callable[[T], bool], what: str) -> T:
        """Ask until the answer is one that is wanted, and return it.

        Raises:
            AssertionError: it has not come by the deadline
        """
        deadline = time.monotonic() + self.seconds
        pause = self.first_pause_seconds
        while not is_wanted(answer := ask()):
            assert time.monotonic() < deadline, f"waited {self.seconds} s for {what}"
            time.sleep(pause)
            pause = min(2 * pause, self.longest_pause_seconds)
        return answer


# To look takes 10 ms of CPU, and many tests look at once.
ON_THIS_MACHINE = Patience(60, 0.02, 0.25)
# Minutes are real there, and a client that asks too often is throttled.
ON_AWS = Patience(300, 0.25, 4)
