# SPDX-License-Identifier: MIT-0
"""The timeline as tables: a line for each row, and one for each bar of a row with several."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from rich.table import Table
from rich.text import Text

from ..model.execution_view import ExecutionView
from ..model.timelines.timeline import Service, TimelineBar, TimelineRow
from ..status import Status
from ..text import duration, offset, printable
from .event_columns import wrapped_lines

LABEL_WIDTH, MIN_LABEL_WIDTH = 34, 18
MIN_AXIS_WIDTH = 10
# The part of the width beside the times that labels take in a narrow terminal.
LABEL_PART = 0.6
# The width of the columns for times, with the spaces between all columns.
_FIXED_WIDTH = 40
AXIS_TITLE, SHORT_AXIS_TITLE = "time, waits folded", "time"
RAN, WAITED, FOLD, NOW = "█", "░", "≈", "▶"
STYLES = {
    Status.SUCCEEDED: "green",
    Status.CAUGHT: "yellow",
    Status.FAILED: "red",
    Status.TIMED_OUT: "red",
    Status.ABORTED: "magenta",
    Status.RUNNING: "blue",
    Status.PAUSED: "yellow",
}


@dataclass(frozen=True)
class TableLine:
    """A row of the timeline, or one of several bars of a row."""

    service: Service
    depth: int
    label: str
    status: Status
    started: datetime
    ended: datetime | None
    seconds: float
    bars: tuple[TimelineBar, ...]
    until: datetime | None = None


def table_lines(view: ExecutionView) -> Iterator[TableLine]:
    """A line for each row, and below it a line for each bar if there are several."""
    for row in view.rows:
        yield TableLine(
            service=row.service,
            depth=row.depth,
            label=row.label,
            status=row.status,
            started=row.started,
            ended=row.ended,
            seconds=row.seconds(view.now),
            bars=row.bars,
            until=row.until,
        )
        bars = [bar for bar in row.bars if bar.status is not Status.OVER]
        yield from (_bar_line(view, row, bar) for bar in bars if len(bars) > 1)


def _bar_line(view: ExecutionView, row: TimelineRow, bar: TimelineBar) -> TableLine:
    return TableLine(
        service=row.service,
        depth=row.depth + 1,
        label=bar.kind,
        status=bar.status,
        started=bar.started,
        ended=bar.ended,
        seconds=bar.seconds(view.now),
        bars=(bar,),
    )


def tables(
    view: ExecutionView, lines: Iterable[TableLine], width: int, *, wraps: bool
) -> Iterator[Table]:
    """A table for the lines of each service.

    Args:
        width: of the terminal, in characters
        wraps: whether a label that does not fit has several lines; else its end is left out
    """
    kept = list(lines)
    for service in Service:
        of_service = [line for line in kept if line.service is service]
        if of_service:
            yield _table(view, service, of_service, width, wraps)


def has_axis(width: int) -> bool:
    """Whether bars have a place beside labels and times."""
    return width >= MIN_LABEL_WIDTH + MIN_AXIS_WIDTH + _FIXED_WIDTH


def _table(
    view: ExecutionView, service: Service, lines: list[TableLine], width: int, wraps: bool
) -> Table:
    free = width - _FIXED_WIDTH
    if has_axis(width):
        label_width = max(MIN_LABEL_WIDTH, min(LABEL_WIDTH, int(free * LABEL_PART)))
        axis_width = free - label_width
    else:
        label_width, axis_width = max(MIN_LABEL_WIDTH, free + 1), 0
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(service.value, width=label_width, no_wrap=True, overflow="ellipsis")
    if axis_width:
        title = AXIS_TITLE if len(AXIS_TITLE) <= axis_width else SHORT_AXIS_TITLE
        table.add_column(title, width=axis_width, no_wrap=True)
    table.add_column("began", justify="right", width=12, no_wrap=True)
    table.add_column("ended", justify="right", width=12, no_wrap=True)
    table.add_column("took", justify="right", width=11, no_wrap=True)
    for line in lines:
        style = STYLES.get(line.status, "")
        bars = [Text(_bars(view, line.bars, axis_width), style)] if axis_width else []
        table.add_row(
            Text(_label(line, label_width if wraps else None), style),
            *bars,
            offset(line.started, view.started),
            _end(view, line),
            duration(line.seconds),
        )
    return table


def _label(line: TableLine, width: int | None) -> str:
    """The status and the name, which is wrapped beside the status."""
    before = f"{'  ' * line.depth}{line.status.icon} "
    name = printable(line.label, 80)
    lines = wrapped_lines(name, None if width is None else width - len(before))
    return before + f"\n{' ' * len(before)}".join(lines)


def _end(view: ExecutionView, line: TableLine) -> str:
    """The end of a line; of a wait that goes on, the time until which it will."""
    if line.ended is not None:
        return offset(line.ended, view.started)
    until = "" if line.until is None else offset(line.until, view.started)
    return f"{_unfinished(line.status)}{until}"


def _bars(view: ExecutionView, bars: tuple[TimelineBar, ...], width: int) -> str:
    cells = [" "] * width
    for bar in bars:
        end = bar.ended or view.now
        if bar.waits_from is not None:
            _fill(cells, view, (bar.waits_from, end), WAITED)
            for fold in view.axis.folds:
                if bar.waits_from <= fold.start and fold.end <= end:
                    cells[_cell((fold.left + fold.right) / 2, width)] = FOLD
        if bar.waits_from is None or bar.waits_from > bar.started:
            _fill(cells, view, (bar.started, bar.waits_from or end), RAN)
        if bar.ended is None:
            cells[-1] = _unfinished(bar.status)
    return "".join(cells)


def _unfinished(status: Status) -> str:
    return status.icon if status is Status.PAUSED else NOW


def _fill(
    cells: list[str], view: ExecutionView, span: tuple[datetime, datetime], character: str
) -> None:
    first, last = (_cell(view.axis.folded(time), len(cells)) for time in span)
    for index in range(first, max(first + 1, last)):
        cells[index] = character


def _cell(position: float, width: int) -> int:
    return min(width - 1, int(position * width))
