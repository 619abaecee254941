# SPDX-License-Identifier: MIT-0
"""The data of a page: a view as the JSON that the page's scripts read."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from ..model.execution_view import ExecutionView
from ..model.timeline import Details, TimelineBar, TimelineRow, is_unfinished
from ..status import Status
from ..text import count, duration, offset, printable

MAX_TEXT_CHARACTERS = 2_000
MIN_TEXT_CHARACTERS = 100
REASON_CHARACTERS = 500
# Of all texts of a page together: a browser must open the page of a long execution.
ALL_TEXTS_CHARACTERS = 8_000_000


def page_data(view: ExecutionView) -> dict[str, Any]:
    """The view as JSON values, with positions from 0 to 1 and times since the start."""
    axis = view.axis
    limit = _text_limit(view)
    return {
        "head": _head(view),
        "running": axis.end == view.now and is_unfinished(view.rows),
        "ticks": [[round(place, 5), label] for place, label in axis.ticks()],
        "folds": [
            [round(fold.left, 5), round(fold.right, 5), fold.label, fold.seconds]
            for fold in axis.folds
        ],
        "length": duration((axis.end - axis.start).total_seconds()),
        "rows": [_row(view, row, limit) for row in view.rows],
        "events": [
            [offset(e.time, view.started), e.service.value, e.subject, e.type, e.text]
            for e in view.events
        ],
        "cost": _cost(view),
        "omissions": [printable(reason, MAX_TEXT_CHARACTERS) for reason in view.omissions],
    }


def _text_limit(view: ExecutionView) -> int:
    """The characters that the page shows of each text: fewer if there are very many texts."""
    texts = sum(len(row.details) + sum(len(b.details) for b in row.bars) for row in view.rows)
    share = ALL_TEXTS_CHARACTERS // max(1, texts)
    return max(MIN_TEXT_CHARACTERS, min(MAX_TEXT_CHARACTERS, share))


def _head(view: ExecutionView) -> dict[str, Any]:
    invocations = sum(len(execution.invocations) for execution in view.durable)
    replays = sum(execution.replays for execution in view.durable)
    details = (
        ("ARN", view.arn),
        ("began", _date(view.started)),
        ("ended", _date(view.ended) if view.ended else "still running"),
        ("error", view.error),
        ("cause", view.cause),
        ("input", view.input),
        ("output", view.output),
    )
    return {
        "machine": printable(view.state_machine),
        **_status(view.status),
        "facts": [
            duration(view.seconds) + (" so far" if view.is_running else ""),
            count(len(view.history.states), "state"),
            count(len(view.durable), "durable execution"),
            count(invocations, "invocation"),
            count(replays, "replay"),
            f"${view.cost.total:.6f}",
        ],
        "reason": _reason(view),
        "details": _details(details, MAX_TEXT_CHARACTERS),
    }


def _reason(view: ExecutionView) -> str:
    """The error and the cause of an execution that failed."""
    parts = (view.error, view.cause)
    return ": ".join(printable(part, REASON_CHARACTERS) for part in parts if part)


def _status(status: Status) -> dict[str, str]:
    return {"icon": status.icon, "status": status.value, "tone": status.name.lower()}


def _details(details: Details, limit: int) -> list[list[str]]:
    return [[name, printable(text, limit, kept_as_is="\n\t")] for name, text in details if text]


def _date(time: datetime) -> str:
    return time.isoformat(sep=" ", timespec="milliseconds")


def _row(view: ExecutionView, row: TimelineRow, limit: int) -> dict[str, Any]:
    return {
        "service": row.service.value,
        "depth": row.depth,
        "label": printable(row.label),
        "kind": row.kind,
        "state": printable(row.state),
        **_status(row.status),
        **_times(view, row.started, row.ended, row.seconds(view.now)),
        "details": _details(row.details, limit),
        "bars": [_bar(view, bar, limit) for bar in row.bars],
    }


def _bar(view: ExecutionView, bar: TimelineBar, limit: int) -> dict[str, Any]:
    end = bar.ended or view.now
    return {
        "kind": bar.kind,
        **_status(bar.status),
        **_times(view, bar.started, bar.ended, bar.seconds(view.now)),
        "wrong": bar.status.is_unsuccessful,
        "scaled": _positions(view.axis.to_scale, bar, end),
        "folded": _positions(view.axis.folded, bar, end),
        "details": _details(bar.details, limit),
    }


def _times(
    view: ExecutionView, start: datetime, end: datetime | None, seconds: float
) -> dict[str, str]:
    took = duration(seconds)
    return {
        "began": offset(start, view.started),
        "ended": "not yet" if end is None else offset(end, view.started),
        "took": f"{took} so far" if end is None else took,
    }


def _positions(
    position: Callable[[datetime], float], bar: TimelineBar, end: datetime
) -> list[float | None]:
    """The positions of a bar's beginning and end, and of the time from which it only waits."""
    times = (bar.started, end, bar.waits_from)
    return [None if time is None else round(position(time), 5) for time in times]


def _cost(view: ExecutionView) -> dict[str, Any]:
    prices = view.cost.prices
    return {
        "items": list(_cost_items(view)),
        "prices": f"Prices of {prices.date}, {prices.region}: {prices.source}",
        "omissions": [printable(reason, 500) for reason in view.cost.omissions],
    }


def _cost_items(view: ExecutionView) -> Iterator[list[str]]:
    for item in view.cost.items:
        quantity = f"{item.quantity.normalize():,f} {item.unit}".rstrip()
        yield [item.name, quantity, f"${item.dollars:.9f}"]
    yield ["total", "", f"${view.cost.total:.9f}"]
