# SPDX-License-Identifier: MIT-0
"""The HTML page of a view, in one file without links to others.

The data of an execution reaches the page as JSON in an element that no browser runs; the scripts
write it into the document through textContent alone.
"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from ..model.definition_graph import parse_definition
from ..model.execution_view import ExecutionView
from ..status import Status
from ..text import count, printable
from .graph_layout import lay_out
from .graph_svg import StateStatus, draw
from .page_data import page_data

_FILES = Path(__file__).parent
SCRIPTS = ("axis_marks.js", "parts.js", "events.js", "page.js")
MAX_DRAWN_STATES = 2_000
# The status of a state with several visits is the first of these that one of them has.
_PRECEDENCE = (
    Status.RUNNING,
    Status.PAUSED,
    Status.FAILED,
    Status.TIMED_OUT,
    Status.ABORTED,
    Status.CAUGHT,
    Status.UNKNOWN,
    Status.SUCCEEDED,
)


@dataclass(frozen=True)
class Surroundings:
    """What a server puts around a page that it shows: HTML, and files of its own address."""

    head: str
    top: str


_SERVED = "connect-src 'self'; img-src data:; form-action 'self'"


def render_page(view: ExecutionView, around: Surroundings | None = None) -> str:
    """The HTML of a view."""
    style = (_FILES / "page.css").read_text()
    script = "".join((_FILES / name).read_text() for name in SCRIPTS)
    own = " 'self'" if around else ""
    parts = {
        "policy": (
            f"default-src 'none'; style-src '{_hash(style)}'{own}; "
            f"script-src '{_hash(script)}'{own}; base-uri 'none'; "
            + (_SERVED if around else "form-action 'none'")
        ),
        "head": around.head if around else "",
        "top": around.top if around else "",
        "title": escape(f"{printable(view.state_machine)} {view.status.value}"),
        "style": style,
        "script": script,
        "graph": _graph(view),
        "data": _json(page_data(view)),
    }
    template = (_FILES / "page.html").read_text()
    return re.sub(r"\{\{(\w+)\}\}", lambda marker: parts[marker[1]], template)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _json(data: Any) -> str:
    """JSON in ASCII that neither ends nor begins an HTML element."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _graph(view: ExecutionView) -> str:
    if view.is_durable_alone:
        return "<p>No graph: no state machine is known that started this durable execution.</p>"
    graph = parse_definition(view.definition)
    if graph is None or not graph.nodes:
        return "<p>No graph: the definition could not be read.</p>"
    if len(graph.nodes) > MAX_DRAWN_STATES:
        return (
            f"<p>No graph: the definition has {count(len(graph.nodes), 'state')}, and a graph "
            f"shows {MAX_DRAWN_STATES:,} at most.</p>"
        )
    return draw(lay_out(graph), state_statuses(view))


def state_statuses(view: ExecutionView) -> dict[str, StateStatus]:
    """The status of each state that was entered, by its name."""
    visits: dict[str, list[Status]] = {}
    for state in view.history.states:
        visits.setdefault(state.name, []).append(state.status)
    return {
        name: StateStatus(min(statuses, key=_PRECEDENCE.index), len(statuses))
        for name, statuses in visits.items()
    }
