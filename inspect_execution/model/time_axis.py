# SPDX-License-Identifier: MIT-0
"""The axis of time, to scale and with its waits folded."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from ..text import duration

# A wait is folded where it would take more of the axis than this part of all that is not a wait.
FOLDED_PART = 0.05
# All folds together take at most this much, as a ratio to what is not folded.
ALL_FOLDS_PART = 0.5
MIN_FOLDED_SECONDS = 1.0
TICKS = 6
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400)


@dataclass(frozen=True)
class TimeSpan:
    """A time from one moment to another; `is_wait` where nothing ran that it stands for."""

    start: datetime
    end: datetime
    is_wait: bool


@dataclass(frozen=True)
class Fold:
    """A wait that is drawn short, where it is drawn, and how long it really is."""

    start: datetime
    end: datetime
    left: float
    right: float

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()

    @property
    def label(self) -> str:
        return duration(self.seconds)


@dataclass(frozen=True)
class TimeAxis:
    """Positions from 0 to 1 of the times from start to end."""

    start: datetime
    end: datetime
    folds: tuple[Fold, ...]
    _times: tuple[float, ...]
    _places: tuple[float, ...]

    def to_scale(self, time: datetime) -> float:
        total = (self.end - self.start).total_seconds()
        seconds = (time - self.start).total_seconds()
        return min(1.0, max(0.0, seconds / total)) if total else 0.0

    def folded(self, time: datetime) -> float:
        """The position where waits are folded: the same as to scale where none is."""
        seconds = (time - self.start).total_seconds()
        if seconds <= 0:
            return 0.0
        if seconds >= self._times[-1]:
            return 1.0
        index = bisect_right(self._times, seconds) - 1
        start, end = self._times[index], self._times[index + 1]
        left, right = self._places[index], self._places[index + 1]
        return left + (seconds - start) / (end - start) * (right - left)

    def ticks(self) -> list[tuple[float, str]]:
        """Round times at their places to scale."""
        total = (self.end - self.start).total_seconds()
        if total <= 0:
            return [(0.0, "0 s")]
        step = next((s for s in _STEPS if total / s <= TICKS), _whole_days(total))
        if total < TICKS:
            step = total / TICKS
        return [(n * step / total, _tick(n * step)) for n in range(int(total / step) + 1)]


def _whole_days(seconds: float) -> float:
    return max(1, round(seconds / TICKS / 86_400)) * 86_400


def _tick(seconds: float) -> str:
    return "0 s" if seconds == 0 else duration(seconds)


def time_axis(start: datetime, end: datetime, spans: Iterable[TimeSpan]) -> TimeAxis:
    """The axis for these spans, with folds where for long nothing ran and nothing changed."""
    end = max(end, start + timedelta(milliseconds=1))
    pauses = _pauses(start, end, list(spans))
    total = (end - start).total_seconds()
    busy = total - sum(_seconds(pause) for pause in pauses)
    threshold = max(MIN_FOLDED_SECONDS, busy * FOLDED_PART)
    folded = [pause for pause in pauses if _seconds(pause) > threshold]
    rest = total - sum(_seconds(pause) for pause in folded)
    width = min(threshold, rest * ALL_FOLDS_PART / len(folded)) if folded and rest else threshold
    times, places, at = [0.0], [0.0], 0.0
    for pause in folded:
        for time, grown in (
            ((pause[0] - start).total_seconds(), None),
            ((pause[1] - start).total_seconds(), width),
        ):
            at += (time - times[-1]) if grown is None else grown
            if time > times[-1]:
                times.append(time)
                places.append(at)
    if total > times[-1]:
        at += total - times[-1]
        times.append(total)
        places.append(at)
    scaled = tuple(place / at for place in places)
    plain = TimeAxis(start, end, (), tuple(times), scaled)
    folds = tuple(Fold(s, e, plain.folded(s), plain.folded(e)) for s, e in folded)
    return TimeAxis(start, end, folds, tuple(times), scaled)


def _seconds(pause: tuple[datetime, datetime]) -> float:
    return (pause[1] - pause[0]).total_seconds()


def _pauses(
    start: datetime, end: datetime, spans: list[TimeSpan]
) -> list[tuple[datetime, datetime]]:
    """Where nothing begins or ends and nothing runs."""
    changes = {start, end}
    running: dict[datetime, int] = {}
    for span in spans:
        first, last = max(start, span.start), min(end, span.end)
        changes |= {first, last}
        if not span.is_wait and first < last:
            running[first] = running.get(first, 0) + 1
            running[last] = running.get(last, 0) - 1
    pauses = []
    level = 0
    ordered = sorted(changes)
    for before, after in pairwise(ordered):
        level += running.get(before, 0)
        if level == 0 and start <= before and after <= end:
            pauses.append((before, after))
    return pauses
