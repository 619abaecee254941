# SPDX-License-Identifier: MIT-0
"""The joined view as one page that needs nothing but itself.

What an execution's data says reaches the page as JSON in an element that no browser runs, and
from there the document through textContent alone.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from ..model.definition_graph import parse_definition
from ..model.execution_view import ExecutionView
from ..model.timeline import Details, TimelineBar, TimelineRow
from ..status import Status
from ..text import count, duration, offset, printable
from .graph_layout import lay_out
from .graph_svg import StateStatus, draw

_FILES = Path(__file__).parent
SCRIPTS = ("axis_marks.js", "parts.js", "events.js", "page.js")
MAX_TEXT_CHARACTERS = 2_000
MIN_TEXT_CHARACTERS = 100
REASON_CHARACTERS = 500
# All texts of a page together, so that a long execution still makes a page that opens.
ALL_TEXTS_CHARACTERS = 8_000_000
MAX_DRAWN_STATES = 2_000
# Of several visits of one state, this is the one that counts: the first that there is.
_WEIGHTIEST = (
    Status.RUNNING,
    Status.FAILED,
    Status.TIMED_OUT,
    Status.ABORTED,
    Status.CAUGHT,
    Status.UNKNOWN,
    Status.SUCCEEDED,
)


def render_page(view: ExecutionView) -> str:
    """The HTML of a view."""
    style = (_FILES / "page.css").read_text()
    script = "".join((_FILES / name).read_text() for name in SCRIPTS)
    parts = {
        "policy": (
            f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
            "base-uri 'none'; form-action 'none'"
        ),
        "title": escape(f"{printable(view.state_machine)} {view.status.value}"),
        "style": style,
        "script": script,
        "graph": _graph(view),
        "data": _json(_data(view)),
    }
    template = (_FILES / "page.html").read_text()
    return re.sub(r"\{\{(\w+)\}\}", lambda marker: parts[marker[1]], template)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _json(data: Any) -> str:
    """JSON that ends no element and begins none, and is plain ASCII."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _graph(view: ExecutionView) -> str:
    graph = parse_definition(view.definition)
    if graph is None or not graph.nodes:
        return "<p>The definition could not be read, so there is no graph.</p>"
    if len(graph.nodes) > MAX_DRAWN_STATES:
        return f"<p>{count(len(graph.nodes), 'state')} are more than a graph can show.</p>"
    return draw(lay_out(graph), state_statuses(view))


def state_statuses(view: ExecutionView) -> dict[str, StateStatus]:
    """Every state that was entered, by name, with the outcome that counts."""
    visits: dict[str, list[Status]] = {}
    for state in view.history.states:
        visits.setdefault(state.name, []).append(state.status)
    return {
        name: StateStatus(min(outcomes, key=_WEIGHTIEST.index), len(outcomes))
        for name, outcomes in visits.items()
    }


def _data(view: ExecutionView) -> dict[str, Any]:
    texts = sum(len(row.details) + sum(len(b.details) for b in row.bars) for row in view.rows)
    share = ALL_TEXTS_CHARACTERS // max(1, texts)
    limit = max(MIN_TEXT_CHARACTERS, min(MAX_TEXT_CHARACTERS, share))
    axis = view.axis
    return {
        "head": _head(view),
        "running": axis.end == view.now and any(b.ended is None for r in view.rows for b in r.bars),
        "ticks": [[round(place, 5), label] for place, label in axis.ticks()],
        "folds": [
            [round(fold.left, 5), round(fold.right, 5), fold.label, fold.seconds]
            for fold in axis.folds
        ],
        "length": duration((axis.end - axis.start).total_seconds()),
        "rows": [_row(view, row, limit) for row in view.rows],
        "events": [
            [offset(e.time, view.started), e.service.value, e.about, e.type, e.text]
            for e in view.events
        ],
        "bill": _bill(view),
        "leftOut": [printable(reason, MAX_TEXT_CHARACTERS) for reason in view.omissions],
    }


def _head(view: ExecutionView) -> dict[str, Any]:
    invocations = sum(len(execution.invocations) for execution in view.durable)
    replays = sum(execution.replays for execution in view.durable)
    details = (
        ("ARN", view.arn),
        ("began", _moment(view.started)),
        ("ended", _moment(view.ended) if view.ended else "still running"),
        ("error", view.error),
        ("cause", view.cause),
        ("input", view.input),
        ("output", view.output),
    )
    return {
        "machine": printable(view.state_machine),
        **_outcome(view.status),
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
    """Why it ended as it did, where that was not well."""
    return ": ".join(
        printable(part, REASON_CHARACTERS) for part in (view.error, view.cause) if part
    )


def _outcome(outcome: Status) -> dict[str, str]:
    return {"icon": outcome.icon, "outcome": outcome.value, "tone": outcome.name.lower()}


def _details(details: Details, limit: int) -> list[list[str]]:
    return [[name, printable(text, limit, kept_as_is="\n\t")] for name, text in details if text]


def _moment(time: datetime) -> str:
    return time.isoformat(sep=" ", timespec="milliseconds")


def _row(view: ExecutionView, row: TimelineRow, limit: int) -> dict[str, Any]:
    return {
        "side": row.service.value,
        "depth": row.depth,
        "label": printable(row.label),
        "kind": row.kind,
        "state": printable(row.state),
        **_outcome(row.status),
        **_times(view, row.started, row.ended, row.seconds(view.now)),
        "details": _details(row.details, limit),
        "bars": [_bar(view, bar, limit) for bar in row.bars],
    }


def _bar(view: ExecutionView, bar: TimelineBar, limit: int) -> dict[str, Any]:
    end = bar.ended or view.now
    return {
        "kind": bar.kind,
        **_outcome(bar.status),
        **_times(view, bar.started, bar.ended, (end - bar.started).total_seconds()),
        "wrong": bar.status.is_unsuccessful,
        "scaled": _places(view.axis.to_scale, bar, end),
        "folded": _places(view.axis.folded, bar, end),
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


def _places(
    place: Callable[[datetime], float], bar: TimelineBar, end: datetime
) -> list[float | None]:
    """Where a bar begins and ends, and from where on it only waits, if it does."""
    times = (bar.started, end, bar.waits_from)
    return [None if time is None else round(place(time), 5) for time in times]


def _bill(view: ExecutionView) -> dict[str, Any]:
    prices = view.cost.prices
    return {
        "lines": list(_bill_lines(view)),
        "prices": f"Prices of {prices.date}, {prices.region}: {prices.source}",
        "leftOut": [printable(reason, 500) for reason in view.cost.omissions],
    }


def _bill_lines(view: ExecutionView) -> Iterator[list[str]]:
    for line in view.cost.items:
        quantity = f"{line.quantity.normalize():,f} {line.unit}".rstrip()
        yield [line.name, quantity, f"${line.dollars:.9f}"]
    yield ["total", "", f"${view.cost.total:.9f}"]
