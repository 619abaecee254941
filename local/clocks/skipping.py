# SPDX-License-Identifier: MIT-0
"""The decisions of a modelled clock: how far to skip, and which timers are due."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, eq=False)
class Timer:
    """A moment for which something waits.

    Args:
        due: the moment, in modelled time
        is_timeout: whether it limits the wait for an answer, as a heartbeat does; everything else,
            such as a Wait state or the pause before a retry, goes on by itself at its moment
        fire: is called once at that moment, with one hold on the clock that it has to release
    """

    due: datetime
    is_timeout: bool
    fire: Callable[[], None]


def skip(timers: Collection[Timer], now: datetime, holds: int) -> timedelta:
    """How far to skip.

    A time-out is no reason to skip: as long as nothing else can happen by itself, the answer can
    only come from outside of the family, which lives in real time. But no skip passes a time-out.

    Args:
        holds: how many parts of the family run; while one does, its time is real
    """
    if holds > 0 or all(timer.is_timeout for timer in timers):
        return timedelta(0)
    return max(min(timer.due for timer in timers) - now, timedelta(0))


def due_timers(timers: Collection[Timer], now: datetime) -> list[Timer]:
    """The timers whose moment has come, in the order of their moments."""
    return sorted((timer for timer in timers if timer.due <= now), key=lambda timer: timer.due)
