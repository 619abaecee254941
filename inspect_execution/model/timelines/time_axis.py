# SPDX-License-Identifier: MIT-0
"""The time axis of a timeline: positions to scale, and positions with long waits folded."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from ...text import duration

# A pause is folded if it is longer than this part of all time that is not a pause.
FOLDED_PART = 0.05
# The width of all folds together, as a ratio to the width of what is not folded: at most this.
ALL_FOLDS_PART = 0.5
MIN_FOLDED_SECONDS = 1.0
MIN_AXIS = timedelta(milliseconds=1)
TICKS = 6
_DAY = 86_400
_TICK_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, _DAY)
_Pause = tuple[datetime, datetime]
# Seconds since the axis began, and the position there.
_Knot = tuple[float, float]


@dataclass(frozen=True)
class TimeSpan:
    """The time from one moment to another; `is_wait` if nothing ran meanwhile."""

    start: datetime
    end: datetime
    is_wait: bool


@dataclass(frozen=True)
class Fold:
    """A pause that the folded axis shortens, from position `left` to position `right`."""

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
    """Positions from 0 to 1 for the times from start to end."""

    start: datetime
    end: datetime
    folds: tuple[Fold, ...]
    _scale: "_FoldedScale"

    def to_scale(self, time: datetime) -> float:
        total = (self.end - self.start).total_seconds()
        seconds = (time - self.start).total_seconds()
        return min(1.0, max(0.0, seconds / total)) if total else 0.0

    def folded(self, time: datetime) -> float:
        """The position with long pauses folded: the position to scale if there is none."""
        return self._scale.position((time - self.start).total_seconds())

    def ticks(self) -> list[tuple[float, str]]:
        """Positions to scale of round times, with their labels."""
        total = (self.end - self.start).total_seconds()
        if total <= 0:
            return [(0.0, "0 s")]
        step = next((each for each in _TICK_SECONDS if total / each <= TICKS), _whole_days(total))
        if total < TICKS:
            step = total / TICKS
        return [(n * step / total, _tick(n * step)) for n in range(int(total / step) + 1)]


@dataclass(frozen=True)
class _FoldedScale:
    """Seconds to positions: linear between two knots."""

    seconds: tuple[float, ...]
    positions: tuple[float, ...]

    def position(self, seconds: float) -> float:
        if seconds <= 0:
            return 0.0
        if seconds >= self.seconds[-1]:
            return 1.0
        index = bisect_right(self.seconds, seconds) - 1
        start, end = self.seconds[index : index + 2]
        left, right = self.positions[index : index + 2]
        return left + (seconds - start) / (end - start) * (right - left)


def _whole_days(seconds: float) -> float:
    return max(1, round(seconds / TICKS / _DAY)) * _DAY


def _tick(seconds: float) -> str:
    return "0 s" if seconds == 0 else duration(seconds)


def time_axis(start: datetime, end: datetime, spans: Iterable[TimeSpan]) -> TimeAxis:
    """The axis for these spans, with a fold for each long time in which nothing ran or changed."""
    end = max(end, start + MIN_AXIS)
    pauses = _pauses(start, end, list(spans))
    threshold = _threshold((end - start).total_seconds(), pauses)
    folded = [pause for pause in pauses if _seconds(pause) > threshold]
    scale = _scale(start, end, folded, threshold)
    folds = tuple(
        Fold(*pause, *(scale.position((time - start).total_seconds()) for time in pause))
        for pause in folded
    )
    return TimeAxis(start, end, folds, scale)


def _threshold(total: float, pauses: list[_Pause]) -> float:
    """The seconds above which a pause is folded."""
    busy = total - sum(map(_seconds, pauses))
    return max(MIN_FOLDED_SECONDS, busy * FOLDED_PART)


def _scale(start: datetime, end: datetime, folded: list[_Pause], width: float) -> _FoldedScale:
    """The scale that gives each folded pause the same width, at most `width` seconds."""
    total = (end - start).total_seconds()
    rest = total - sum(map(_seconds, folded))
    if folded and rest:
        width = min(width, rest * ALL_FOLDS_PART / len(folded))
    knots = list(_knots(start, total, folded, width))
    length = knots[-1][1]
    return _FoldedScale(
        tuple(seconds for seconds, _ in knots), tuple(place / length for _, place in knots)
    )


def _knots(start: datetime, total: float, folded: list[_Pause], width: float) -> Iterator[_Knot]:
    last, place = 0.0, 0.0
    yield last, place
    for pause_start, pause_end in folded:
        began, ended = (pause_start - start).total_seconds(), (pause_end - start).total_seconds()
        if began > last:
            place += began - last
            yield began, place
        place += width
        last = ended
        yield last, place
    if total > last:
        yield total, place + (total - last)


def _seconds(pause: _Pause) -> float:
    return (pause[1] - pause[0]).total_seconds()


def _pauses(start: datetime, end: datetime, spans: list[TimeSpan]) -> list[_Pause]:
    """The times between two changes in which no span runs that is not a wait."""
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
    for before, after in pairwise(sorted(changes)):
        level += running.get(before, 0)
        if level == 0 and start <= before and after <= end:
            pauses.append((before, after))
    return pauses
