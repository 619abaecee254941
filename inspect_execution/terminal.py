# SPDX-License-Identifier: MIT-0
"""The joined view in a terminal: one axis of time, waits folded, and the bill."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from .outcome import Outcome
from .rows import Bar, Side
from .text import count, duration, offset, shown
from .view import View

MAX_LINES = 500
MAX_ERROR_CHARACTERS = 500
LABEL_WIDTH, MIN_LABEL_WIDTH = 34, 16
MIN_AXIS_WIDTH = 10
# What labels take of a narrow terminal, of what the times leave.
LABEL_PART = 0.6
# Without a terminal there is no width: a pipe gets a line of this many characters.
PIPE_WIDTH = 120
# What the other columns take, with the spaces between all of them.
_FIXED_WIDTH = 40
RAN, WAITED, FOLD, NOW = "█", "░", "≈", "▶"
_STYLES = {
    Outcome.SUCCEEDED: "green",
    Outcome.CAUGHT: "yellow",
    Outcome.FAILED: "red",
    Outcome.TIMED_OUT: "red",
    Outcome.ABORTED: "magenta",
    Outcome.RUNNING: "blue",
}


@dataclass(frozen=True)
class _Line:
    """A row of the view, or one of several bars of a row."""

    side: Side
    depth: int
    label: str
    outcome: Outcome
    started: datetime
    ended: datetime | None
    seconds: float
    bars: tuple[Bar, ...]


def render(view: View, width: int) -> RenderableType:
    """The view for a terminal of so many characters."""
    parts: list[RenderableType] = [_head(view), Text()]
    lines = _lines(view)
    shown_lines = list(islice(lines, MAX_LINES))
    for side in Side:
        of_side = [line for line in shown_lines if line.side is side]
        if of_side:
            parts.append(_table(view, side, of_side, width))
    rest = sum(1 for _ in lines)
    if rest:
        parts.append(Text(f"… {rest:,} more lines: --html FILE has them all"))
    parts += [Text(), Text(_legend(view), style="dim")]
    for title, told in (
        ("Errors", _errors(view)),
        ("Joined", _joined(view)),
        ("Bill (an estimate)", _bill(view)),
        ("Left out", iter(view.left_out)),
    ):
        parts += _section(title, list(told))
    return Group(*parts)


def _lines(view: View) -> Iterator[_Line]:
    """Every row, and below it what it did more than once."""
    for row in view.rows:
        yield _Line(
            row.side,
            row.depth,
            row.label,
            row.outcome,
            row.started,
            row.ended,
            row.seconds(view.now),
            row.bars,
        )
        times = [bar for bar in row.bars if bar.outcome is not Outcome.OVER]
        for bar in times if len(times) > 1 else []:
            seconds = ((bar.ended or view.now) - bar.started).total_seconds()
            yield _Line(
                row.side,
                row.depth + 1,
                bar.kind,
                bar.outcome,
                bar.started,
                bar.ended,
                seconds,
                (bar,),
            )


def _head(view: View) -> Text:
    style = _STYLES.get(view.outcome, "")
    head = Text()
    head.append(f"{shown(view.state_machine)}  ", "bold")
    head.append(f"{view.outcome.icon} {view.outcome.value}", f"bold {style}")
    verb = "so far" if view.is_running else "in all"
    invocations = sum(len(execution.invocations) for execution in view.durable)
    replays = sum(execution.replays for execution in view.durable)
    facts = (
        f"{duration(view.seconds)} {verb}",
        count(len(view.history.states), "state"),
        count(len(view.durable), "durable execution"),
        f"{count(invocations, 'invocation')} ({count(replays, 'replay')})",
    )
    return head.append(f"\n{shown(view.arn, 400)}\n" + " · ".join(facts))


def _table(view: View, side: Side, lines: list[_Line], width: int) -> Table:
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
        style = _STYLES.get(line.outcome, "")
        table.add_row(
            Text(f"{'  ' * line.depth}{line.outcome.icon} {shown(line.label, 80)}", style),
            Text(_bars(view, line.bars, axis_width), style),
            offset(line.started, view.started),
            NOW if line.ended is None else offset(line.ended, view.started),
            duration(line.seconds),
        )
    return table


def _bars(view: View, bars: tuple[Bar, ...], width: int) -> str:
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


def _fill(cells: list[str], view: View, span: tuple[datetime, datetime], character: str) -> None:
    first, last = (_cell(view.axis.folded(time), len(cells)) for time in span)
    for index in range(first, max(first + 1, last)):
        cells[index] = character


def _cell(position: float, width: int) -> int:
    return min(width - 1, int(position * width))


def _legend(view: View) -> str:
    folds = [fold.label for fold in view.axis.folds]
    folded = f" · {FOLD} folded: {', '.join(folds[:6])}{' …' * (len(folds) > 6)}" if folds else ""
    now = f" · {NOW} still going on" if any(row.ended is None for row in view.rows) else ""
    outcomes = {row.outcome for row in view.rows}
    outcomes |= {bar.outcome for row in view.rows for bar in row.bars}
    outcomes -= {Outcome.OVER, Outcome.RUNNING}
    icons = [f"{each.icon} {each.value}" for each in Outcome if each in outcomes]
    return "\n".join((f"{RAN} ran · {WAITED} only waited{folded}{now}", " · ".join(icons)))


def _errors(view: View) -> Iterator[str]:
    if view.error or view.cause:
        yield f"execution: {_error(view.error, view.cause)}"
    for state in view.history.states:
        for attempt in state.attempts:
            if attempt.error or attempt.cause:
                error = _error(attempt.error, attempt.cause)
                yield f"{shown(state.name)}, attempt {attempt.number}: {error}"
        if state.error and not state.attempts:
            yield f"{shown(state.name)}: {_error(state.error, state.cause)}"
    for execution in view.durable:
        if execution.error:
            yield f"{execution.function}:{execution.version}: {_error(execution.error)}"
        for operation in execution.operations:
            for tried in operation.attempts:
                if tried.error:
                    yield f"{shown(operation.name)}, attempt {tried.number}: {_error(tried.error)}"
            if operation.error and not operation.attempts:
                yield f"{shown(operation.name)}: {_error(operation.error)}"


def _error(*parts: str) -> str:
    return ": ".join(shown(part, MAX_ERROR_CHARACTERS) for part in parts if part)


def _joined(view: View) -> Iterator[str]:
    for each in view.joins:
        name = shown(view.history.states[each.task.state].name)
        yield f"{name}, attempt {each.task.attempt}, {each.in_words}:"
        yield f"  {shown(each.arn, 400)}"


def _bill(view: View) -> Iterator[str]:
    for line in view.bill.lines:
        yield f"{line.what}: {line.quantity.normalize():,f} {line.unit}".rstrip() + (
            f" = ${line.dollars:.9f}"
        )
    prices = view.bill.prices
    yield f"total: ${view.bill.total:.9f}, at the prices of {prices.date}, {prices.region}"
    for reason in view.bill.left_out:
        yield f"without {reason}"


def _section(title: str, lines: list[str]) -> list[RenderableType]:
    if not lines:
        return []
    kept = [Text(f"  {line}") for line in lines[:MAX_LINES]]
    if len(lines) > MAX_LINES:
        kept.append(Text(f"  … {len(lines) - MAX_LINES:,} more"))
    return [Text(), Text(title, style="bold"), *kept]
