# SPDX-License-Identifier: MIT-0
"""The joined view in a terminal: one axis of time, waits folded, and the bill."""

from collections.abc import Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from .outcome import Outcome
from .rows import Row, Side
from .text import count, duration, offset, shown
from .view import View

MAX_ROWS = 500
MAX_ERROR_CHARACTERS = 500
LABEL_WIDTH, MIN_LABEL_WIDTH = 34, 18
MIN_AXIS_WIDTH = 16
# Without a terminal there is no width: a pipe gets a line of this many characters.
PIPE_WIDTH = 120
# What the other columns take, with the spaces between all of them.
_FIXED_WIDTH = 32
RAN, WAITED, FOLD, NOW = "█", "░", "≈", "▶"
_STYLES = {
    Outcome.SUCCEEDED: "green",
    Outcome.CAUGHT: "yellow",
    Outcome.FAILED: "red",
    Outcome.TIMED_OUT: "red",
    Outcome.ABORTED: "magenta",
    Outcome.RUNNING: "blue",
}


def render(view: View, width: int) -> RenderableType:
    """The view for a terminal of so many characters."""
    parts: list[RenderableType] = [_head(view), Text()]
    label_width = max(MIN_LABEL_WIDTH, min(LABEL_WIDTH, width - _FIXED_WIDTH - MIN_AXIS_WIDTH))
    axis_width = max(MIN_AXIS_WIDTH, width - _FIXED_WIDTH - label_width)
    shown_rows = view.rows[:MAX_ROWS]
    for side in Side:
        rows = [row for row in shown_rows if row.side is side]
        if rows:
            parts.append(_table(view, side, rows, label_width, axis_width))
    if len(view.rows) > MAX_ROWS:
        parts.append(Text(f"… {len(view.rows) - MAX_ROWS:,} more rows: --html FILE has them all"))
    parts += [Text(), Text(_legend(view), style="dim")]
    for title, lines in (
        ("Errors", _errors(view)),
        ("Joined", _joined(view)),
        ("Bill (an estimate)", _bill(view)),
        ("Left out", iter(view.left_out)),
    ):
        parts += _section(title, list(lines))
    return Group(*parts)


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


def _table(view: View, side: Side, rows: list[Row], label_width: int, axis_width: int) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(side.value, width=label_width, no_wrap=True, overflow="ellipsis")
    table.add_column("time, waits folded", width=axis_width, no_wrap=True)
    table.add_column("began", justify="right", width=12, no_wrap=True)
    table.add_column("took", justify="right", width=11, no_wrap=True)
    table.add_column("", width=3, no_wrap=True)
    for row in rows:
        style = _STYLES.get(row.outcome, "")
        tries = sum(bar.kind.startswith("attempt") for bar in row.bars)
        table.add_row(
            Text(f"{'  ' * row.depth}{row.outcome.icon} {shown(row.label, 80)}", style),
            Text(_bars(view, row, axis_width), style),
            offset(row.started, view.started),
            duration(row.seconds(view.now)),
            f"{tries}x" if tries > 1 else "",
        )
    return table


def _bars(view: View, row: Row, width: int) -> str:
    cells = [" "] * width
    for bar in row.bars:
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
    now = f" · {NOW} still going on" if view.is_running else ""
    return f"{RAN} ran · {WAITED} only waited{folded}{now}"


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
    kept = [Text(f"  {line}") for line in lines[:MAX_ROWS]]
    if len(lines) > MAX_ROWS:
        kept.append(Text(f"  … {len(lines) - MAX_ROWS:,} more"))
    return [Text(), Text(title, style="bold"), *kept]
