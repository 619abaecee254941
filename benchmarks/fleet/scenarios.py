# SPDX-License-Identifier: MIT-0
"""The fleets that are simulated: how many executions, when they start, how long they wait."""

import random
from collections.abc import Callable, Sequence

from .workload import Arrival

SEED = 1
MINUTE = 60.0
SAME_WAIT = 20 * MINUTE
SPREAD_WAITS = (0.5 * MINUTE, 30 * MINUTE)
DAY = 24 * 60 * MINUTE
# More executions of a day than these tell nothing new: from there on, as many end as start.
LARGEST_SAMPLE = 25_000


def same_wait(executions: int) -> Sequence[Arrival]:
    """All are started at once, and wait for 20 minutes."""
    return [Arrival(0, SAME_WAIT)] * executions


def spread_waits(executions: int) -> Sequence[Arrival]:
    """All are started at once, and wait for half a minute to half an hour."""
    chance = random.Random(SEED)
    return [Arrival(0, chance.uniform(*SPREAD_WAITS)) for _ in range(executions)]


def same_end(executions: int) -> Sequence[Arrival]:
    """They are started one after another over 20 minutes, and all waits end in one second."""
    starts = [SAME_WAIT * number / executions for number in range(executions)]
    return [Arrival(start, 2 * SAME_WAIT - start) for start in starts]


def of_a_day(executions: int) -> Sequence[Arrival]:
    """The first of so many in a day, at random moments, with waits of up to half an hour."""
    chance = random.Random(SEED)
    arrivals, now = [], 0.0
    for _ in range(min(executions, LARGEST_SAMPLE)):
        now += chance.expovariate(executions / DAY)
        arrivals.append(Arrival(now, chance.uniform(*SPREAD_WAITS)))
    return arrivals


Scenario = Callable[[int], Sequence[Arrival]]
BURSTS: dict[str, Scenario] = {
    "at once, each waits 20 minutes": same_wait,
    "at once, waits of 0.5 to 30 minutes": spread_waits,
    "over 20 minutes, all waits end at once": same_end,
}
