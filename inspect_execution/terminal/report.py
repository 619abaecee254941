# SPDX-License-Identifier: MIT-0
"""The report of a view: timeline, errors, correlations, cost estimate and omissions as text."""

from collections.abc import Iterator
from itertools import islice

from rich.console import Group, RenderableType
from rich.text import Text

from ..histories.durable_operations import DurableOperation
from ..histories.execution_history import StateVisit
from ..model.execution_view import ExecutionView
from ..status import Status
from ..text import count, duration, offset, printable
from .summary_lines import summary_lines
from .timeline_table import FOLD, NOW, RAN, STYLES, WAITED, has_axis, table_lines, tables

MAX_LINES = 500
# Of a frame: the lines of the failure and the waits, which come first.
MAX_SUMMARY_LINES = 6
MIN_FRAME_ROWS = 3
# In a frame: the head, the legend, the count of earlier lines, two tables' heads, the cursor.
_FRAME_LINES = 9
MAX_ERROR_CHARACTERS = 500
# A pipe has no width: it gets lines of this many characters.
PIPE_WIDTH = 120


def render_report(view: ExecutionView, width: int) -> RenderableType:
    """The report, for a terminal of `width` characters."""
    parts: list[RenderableType] = [_head(view), *summary_lines(view), Text()]
    parts += [Text(_legend(view, width), style="dim"), Text()]
    lines = table_lines(view)
    parts += tables(view, islice(lines, MAX_LINES), width, wraps=True)
    rest = sum(1 for _ in lines)
    if rest:
        parts.append(Text(f"… {rest:,} more lines: --html FILE has them all"))
    for title, section in (
        ("Errors", _errors(view)),
        ("Log", _log(view)),
        ("Correlations", _correlations(view)),
        ("Cost estimate", _cost(view)),
        ("Omissions", iter(view.omissions)),
    ):
        parts += _section(title, list(section))
    return Group(*parts)


def render_progress(view: ExecutionView, width: int, height: int) -> RenderableType:
    """One frame of the report of a running execution, with the newest lines of the timeline.

    Args:
        width: of the terminal, in characters
        height: of the terminal, in lines
    """
    lines = list(table_lines(view))
    room = max(MIN_FRAME_ROWS, height - _FRAME_LINES)
    summary = list(islice(summary_lines(view), min(MAX_SUMMARY_LINES, room - MIN_FRAME_ROWS)))
    room -= len(summary)
    newest = sorted(range(len(lines)), key=lambda index: lines[index].ended or view.now)[-room:]
    earlier = len(lines) - len(newest)
    parts: list[RenderableType] = [
        _head(view),
        *summary,
        Text(_legend(view, width), style="dim"),
        Text(f"… {count(earlier, 'earlier line')}" if earlier else ""),
        *tables(view, (lines[index] for index in sorted(newest)), width, wraps=False),
    ]
    for part in parts:
        if isinstance(part, Text):
            part.no_wrap, part.overflow = True, "ellipsis"
    return Group(*parts)


def _head(view: ExecutionView) -> Text:
    style = STYLES.get(view.status, "")
    head = Text()
    head.append(f"{printable(view.state_machine)}  ", "bold")
    head.append(f"{view.status.icon} {view.status.value}", f"bold {style}")
    verb = "so far" if view.is_running else "in all"
    invocations = sum(len(execution.invocations) for execution in view.durable)
    replays = sum(execution.replays for execution in view.durable)
    facts = (
        f"{duration(view.seconds)} {verb}",
        count(len(view.history.states), "state"),
        count(len(view.durable), "durable execution"),
        f"{count(invocations, 'invocation')} ({count(replays, 'replay')})",
    )
    return head.append(f"\n{printable(view.arn, 400)}\n" + " · ".join(facts))


def _legend(view: ExecutionView, width: int) -> str:
    parts = _bar_legend(view) if has_axis(width) else []
    open_rows = [row for row in view.rows if row.ended is None]
    if any(row.status is not Status.PAUSED for row in open_rows):
        parts.append(f"{NOW} still going on, until the time beside it")
    statuses = {row.status for row in view.rows}
    statuses |= {bar.status for row in view.rows for bar in row.bars}
    statuses -= {Status.OVER, Status.RUNNING}
    icons = [f"{each.icon} {each.value}" for each in Status if each in statuses]
    return "\n".join(" · ".join(line) for line in (parts, icons) if line)


def _bar_legend(view: ExecutionView) -> list[str]:
    folds = [fold.label for fold in view.axis.folds]
    folded = [f"{FOLD} folded: {', '.join(folds[:6])}{' …' * (len(folds) > 6)}"] if folds else []
    return [f"{RAN} ran", f"{WAITED} only waited", *folded]


def _errors(view: ExecutionView) -> Iterator[str]:
    if view.error or view.cause:
        yield f"execution: {_error(view.error, view.cause)}"
    for state in view.history.states:
        yield from _state_errors(state)
    for execution in view.durable:
        if execution.error:
            yield f"{execution.name}: {_error(execution.error)}"
        for operation in execution.operations:
            yield from _operation_errors(operation)


def _state_errors(state: StateVisit) -> Iterator[str]:
    name = printable(state.name)
    for attempt in state.attempts:
        if attempt.error or attempt.cause:
            yield f"{name}, attempt {attempt.number}: {_error(attempt.error, attempt.cause)}"
    of_attempts = {(attempt.error, attempt.cause) for attempt in state.attempts}
    if state.error and (state.error, state.cause) not in of_attempts:
        yield f"{name}: {_error(state.error, state.cause)}"


def _operation_errors(operation: DurableOperation) -> Iterator[str]:
    name = printable(operation.name)
    for attempt in operation.attempts:
        if attempt.error:
            yield f"{name}, attempt {attempt.number}: {_error(attempt.error)}"
    if operation.error and not operation.attempts:
        yield f"{name}: {_error(operation.error)}"


def _error(*parts: str) -> str:
    return ": ".join(printable(part, MAX_ERROR_CHARACTERS) for part in parts if part)


def _log(view: ExecutionView) -> Iterator[str]:
    """What handlers printed and logged, with the rest of a stack trace below its first line."""
    for line in view.log_lines:
        first, *rest = line.text.splitlines()
        yield f"{offset(line.time, view.started)}  {first}"
        yield from (f"  {each}" for each in rest)


def _correlations(view: ExecutionView) -> Iterator[str]:
    for each in view.correlations:
        name = printable(view.history.states[each.task.state].name)
        yield f"{name}, attempt {each.task.attempt}, {each.description}:"
        yield f"  {printable(each.arn, 400)}"


def _cost(view: ExecutionView) -> Iterator[str]:
    for item in view.cost.items:
        quantity = f"{item.quantity.normalize():,f} {item.unit}".rstrip()
        yield f"{item.name}: {quantity} = ${item.dollars:.9f}"
    prices = view.cost.prices
    yield f"total: ${view.cost.total:.9f}, at the prices of {prices.date}, {prices.region}"
    for reason in view.cost.omissions:
        yield f"without {reason}"


def _section(title: str, lines: list[str]) -> list[RenderableType]:
    if not lines:
        return []
    kept = [Text(f"  {line}") for line in lines[:MAX_LINES]]
    if len(lines) > MAX_LINES:
        kept.append(Text(f"  … {len(lines) - MAX_LINES:,} more"))
    return [Text(), Text(title, style="bold"), *kept]
