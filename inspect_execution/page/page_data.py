# SPDX-License-Identifier: MIT-0
"""The data of a page: a view as the JSON that the page's scripts read."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from ..model.execution_view import ExecutionView
from ..model.timelines.timeline import BarDetails, TimelineBar, TimelineRow, is_unfinished
from ..status import Status
from ..text import count, duration, offset, printable

MAX_TEXT_CHARACTERS = 2_000
MIN_TEXT_CHARACTERS = 100
MAX_SUMMARIES = 5
# A row says its status in a word, unless it is one of these.
_PLAIN = (Status.SUCCEEDED, Status.RUNNING, Status.OVER)
# Of all texts of a page together: a browser must open the page of a long execution.
ALL_TEXTS_CHARACTERS = 8_000_000


def page_data(view: ExecutionView) -> dict[str, Any]:
    """The view as JSON values, with positions from 0 to 1 and times since the start."""
    axis = view.axis
    limit = _text_limit(view)
    return {
        "head": _head(view),
        "folding": _folding(view),
        "key": _key(view),
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


def _folding(view: ExecutionView) -> str:
    """What the folded axis shortens, in words; empty if it shortens nothing."""
    folds = view.axis.folds
    if not folds:
        return ""
    folded = duration(sum(fold.seconds for fold in folds))
    whole = duration((view.axis.end - view.axis.start).total_seconds())
    waits = count(len(folds), "wait")
    return f"≈ shortens {waits}, {folded} of {whole}. The rest of the axis is to scale."


def _key(view: ExecutionView) -> list[list[str]]:
    """The icons on the page with their words."""
    statuses = {row.status for row in view.rows}
    statuses |= {bar.status for row in view.rows for bar in row.bars}
    return [[each.icon, each.value] for each in Status if each in statuses - {Status.OVER}]


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
        "arn": printable(view.arn, 400),
        **_status(view.status),
        "facts": [
            duration(view.seconds) + (" so far" if view.is_running else ""),
            *_counts(view),
            count(invocations, "invocation"),
            count(replays, "replay"),
            f"${view.cost.total:.6f}",
        ],
        "summaries": list(_summaries(view)),
        "more": _more(view),
        "details": _details(details, MAX_TEXT_CHARACTERS),
    }


def _summaries(view: ExecutionView) -> Iterator[dict[str, Any]]:
    """The first summaries: a wait has the tone of what goes on, also after the execution's end."""
    reasons = len(view.summaries) - len(view.wait_summaries)
    for index, each in enumerate(view.summaries[:MAX_SUMMARIES]):
        is_wait = index >= reasons
        status = Status.RUNNING if is_wait and not view.is_running else view.status
        yield {
            "where": each.where,
            "why": each.why,
            "next": list(each.next),
            "wait": is_wait,
            "tone": status.name.lower(),
        }


def _counts(view: ExecutionView) -> list[str]:
    if view.is_durable_alone:
        return []
    return [
        count(len(view.history.states), "state"),
        count(len(view.durable), "durable execution"),
    ]


def _more(view: ExecutionView) -> str:
    rest = len(view.summaries) - MAX_SUMMARIES
    return f"and {count(rest, 'more wait')}" if rest > 0 else ""


def _status(status: Status) -> dict[str, str]:
    return {"icon": status.icon, "status": status.value, "tone": status.name.lower()}


def _details(details: BarDetails, limit: int) -> list[list[str]]:
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
        "startedBy": printable(row.started_by),
        "until": "" if row.until is None else f"until {offset(row.until, view.started)}",
        "word": row.status.value if row.status not in _PLAIN else "",
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
