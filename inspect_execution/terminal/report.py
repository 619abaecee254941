# SPDX-License-Identifier: MIT-0
"""The joined view in a terminal: one axis of time, waits folded, and the bill."""

from collections.abc import Iterator
from itertools import islice

from rich.console import Group, RenderableType
from rich.text import Text

from ..model.execution_view import ExecutionView
from ..status import Status
from ..text import count, duration, printable
from .timeline_table import FOLD, NOW, RAN, STYLES, WAITED, table_lines, tables

MAX_LINES = 500
# Of a frame: the head, what is left out, two tables' heads, the legend, and the cursor's line.
_FRAME_LINES = 10
MAX_ERROR_CHARACTERS = 500
# Without a terminal there is no width: a pipe gets a line of this many characters.
PIPE_WIDTH = 120


def render_report(view: ExecutionView, width: int) -> RenderableType:
    """The view for a terminal of so many characters."""
    parts: list[RenderableType] = [_head(view), Text()]
    lines = table_lines(view)
    parts += tables(view, islice(lines, MAX_LINES), width)
    rest = sum(1 for _ in lines)
    if rest:
        parts.append(Text(f"… {rest:,} more lines: --html FILE has them all"))
    parts += [Text(), Text(_legend(view), style="dim")]
    for title, told in (
        ("Errors", _errors(view)),
        ("Joined", _joined(view)),
        ("Bill (an estimate)", _bill(view)),
        ("Left out", iter(view.omissions)),
    ):
        parts += _section(title, list(told))
    return Group(*parts)


def render_progress(view: ExecutionView, width: int, height: int) -> RenderableType:
    """What fits a terminal: of more lines than it has, those of what still goes on or is new."""
    lines = list(table_lines(view))
    room = max(1, height - _FRAME_LINES)
    newest = sorted(range(len(lines)), key=lambda index: lines[index].ended or view.now)[-room:]
    earlier = len(lines) - len(newest)
    parts: list[RenderableType] = [
        _head(view),
        Text(f"… {count(earlier, 'earlier line')}" if earlier else ""),
        *tables(view, (lines[index] for index in sorted(newest)), width),
        Text(),
        Text(_legend(view), style="dim"),
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


def _legend(view: ExecutionView) -> str:
    folds = [fold.label for fold in view.axis.folds]
    folded = f" · {FOLD} folded: {', '.join(folds[:6])}{' …' * (len(folds) > 6)}" if folds else ""
    now = f" · {NOW} still going on" if any(row.ended is None for row in view.rows) else ""
    outcomes = {row.status for row in view.rows}
    outcomes |= {bar.status for row in view.rows for bar in row.bars}
    outcomes -= {Status.OVER, Status.RUNNING}
    icons = [f"{each.icon} {each.value}" for each in Status if each in outcomes]
    return "\n".join((f"{RAN} ran · {WAITED} only waited{folded}{now}", " · ".join(icons)))


def _errors(view: ExecutionView) -> Iterator[str]:
    if view.error or view.cause:
        yield f"execution: {_error(view.error, view.cause)}"
    for state in view.history.states:
        for attempt in state.attempts:
            if attempt.error or attempt.cause:
                error = _error(attempt.error, attempt.cause)
                yield f"{printable(state.name)}, attempt {attempt.number}: {error}"
        if state.error and not state.attempts:
            yield f"{printable(state.name)}: {_error(state.error, state.cause)}"
    for execution in view.durable:
        if execution.error:
            yield f"{execution.function}:{execution.version}: {_error(execution.error)}"
        for operation in execution.operations:
            for tried in operation.attempts:
                if tried.error:
                    name = printable(operation.name)
                    yield f"{name}, attempt {tried.number}: {_error(tried.error)}"
            if operation.error and not operation.attempts:
                yield f"{printable(operation.name)}: {_error(operation.error)}"


def _error(*parts: str) -> str:
    return ": ".join(printable(part, MAX_ERROR_CHARACTERS) for part in parts if part)


def _joined(view: ExecutionView) -> Iterator[str]:
    for each in view.correlations:
        name = printable(view.history.states[each.task.state].name)
        yield f"{name}, attempt {each.task.attempt}, {each.description}:"
        yield f"  {printable(each.arn, 400)}"


def _bill(view: ExecutionView) -> Iterator[str]:
    for line in view.cost.items:
        yield f"{line.name}: {line.quantity.normalize():,f} {line.unit}".rstrip() + (
            f" = ${line.dollars:.9f}"
        )
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
