# SPDX-License-Identifier: MIT-0
"""What stands on the axis of time in a terminal: a line for each row, and for what it did again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from rich.table import Table
from rich.text import Text

from ..model.execution_view import ExecutionView
from ..model.timeline import Service, TimelineBar
from ..status import Status
from ..text import duration, offset, printable

LABEL_WIDTH, MIN_LABEL_WIDTH = 34, 16
MIN_AXIS_WIDTH = 10
# What labels take of a narrow terminal, of what the times leave.
LABEL_PART = 0.6
# What the other columns take, with the spaces between all of them.
_FIXED_WIDTH = 40
RAN, WAITED, FOLD, NOW = "█", "░", "≈", "▶"
STYLES = {
    Status.SUCCEEDED: "green",
    Status.CAUGHT: "yellow",
    Status.FAILED: "red",
    Status.TIMED_OUT: "red",
    Status.ABORTED: "magenta",
    Status.RUNNING: "blue",
}


@dataclass(frozen=True)
class TableLine:
    """A row of the view, or one of several bars of a row."""

    service: Service
    depth: int
    label: str
    status: Status
    started: datetime
    ended: datetime | None
    seconds: float
    bars: tuple[TimelineBar, ...]


def table_lines(view: ExecutionView) -> Iterator[TableLine]:
    """Every row, and below it what it did more than once."""
    for row in view.rows:
        yield TableLine(
            row.service,
            row.depth,
            row.label,
            row.status,
            row.started,
            row.ended,
            row.seconds(view.now),
            row.bars,
        )
        times = [bar for bar in row.bars if bar.status is not Status.OVER]
        for bar in times if len(times) > 1 else []:
            seconds = ((bar.ended or view.now) - bar.started).total_seconds()
            yield TableLine(
                row.service,
                row.depth + 1,
                bar.kind,
                bar.status,
                bar.started,
                bar.ended,
                seconds,
                (bar,),
            )


def tables(view: ExecutionView, lines: Iterable[TableLine], width: int) -> Iterator[Table]:
    """The lines, those of each side in a table, for a terminal of so many characters."""
    kept = list(lines)
    for side in Service:
        of_side = [line for line in kept if line.service is side]
        if of_side:
            yield _table(view, side, of_side, width)


def _table(view: ExecutionView, side: Service, lines: list[TableLine], width: int) -> Table:
    free = width - _FIXED_WIDTH
    label_width = max(MIN_LABEL_WIDTH, min(LABEL_WIDTH, int(free * LABEL_PART)))
    axis_width = max(MIN_AXIS_WIDTH, free - label_width)
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(side.value, width=label_width, no_wrap=True, overflow="ellipsis")
    table.add_column("time, waits folded", width=axis_width, no_wrap=True)
    table.add_column("began", justify="right", width=12, no_wrap=True)
    table.add_column("ended", justify="right", width=12, no_wrap=True)
    table.add_column("took", justify="right", width=11, no_wrap=True)
    for line in lines:
        style = STYLES.get(line.status, "")
        table.add_row(
            Text(f"{'  ' * line.depth}{line.status.icon} {printable(line.label, 80)}", style),
            Text(_bars(view, line.bars, axis_width), style),
            offset(line.started, view.started),
            NOW if line.ended is None else offset(line.ended, view.started),
            duration(line.seconds),
        )
    return table


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
            cells[-1] = NOW
    return "".join(cells)


def _fill(
    cells: list[str], view: ExecutionView, span: tuple[datetime, datetime], character: str
) -> None:
    first, last = (_cell(view.axis.folded(time), len(cells)) for time in span)
    for index in range(first, max(first + 1, last)):
        cells[index] = character


def _cell(position: float, width: int) -> int:
    return min(width - 1, int(position * width))
