# SPDX-License-Identifier: MIT-0
"""A graph's layout as SVG, each state with its status as icon, word and colour."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from ..status import Status
from ..text import printable
from .graph_layout import GAP_X, PADDING, EdgeLine, GraphLayout, StateBox

MARGIN = 16.0
START_HEIGHT = 34.0
LABEL_CHARACTERS = 26


@dataclass(frozen=True)
class StateStatus:
    """The status of all visits of one state together."""

    status: Status
    visits: int

    @property
    def description(self) -> str:
        return f"{self.status.value}, {self.visits:,}x" if self.visits > 1 else self.status.value


_Statuses = Mapping[str, StateStatus] | None
_NOT_REACHED = StateStatus(Status.NOT_REACHED, 0)


def draw(layout: GraphLayout, statuses: _Statuses) -> str:
    """The SVG: the page's style sheet styles its classes, and its states are buttons.

    Args:
        statuses: None for a definition by itself, whose states have no status and are no buttons
    """
    width, height = layout.width + 2 * MARGIN, layout.height + START_HEIGHT + 2 * MARGIN
    return "".join(
        (
            f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
            f'height="{height:.0f}" role="group" aria-label="State machine">',
            _ARROW,
            f'<g transform="translate({MARGIN:.0f} {MARGIN + START_HEIGHT:.0f})">',
            *_start(layout),
            *_parts(layout, statuses),
            "</g></svg>",
        )
    )


_ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
    'markerHeight="7" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" class="arrow"/>'
    "</marker></defs>"
)


def _start(layout: GraphLayout) -> Iterator[str]:
    first = next((box for box in layout.boxes if box.y == 0), None)
    if first is not None:
        x = first.x + first.width / 2
        yield f'<circle class="start" cx="{x:.1f}" cy="{6 - START_HEIGHT:.1f}" r="6"/>'
        yield f'<path class="line" d="M{x:.1f} {12 - START_HEIGHT:.1f}V-2"/>'


def _parts(layout: GraphLayout, statuses: _Statuses) -> Iterator[str]:
    for line in layout.lines:
        yield from _line(line)
    for box in layout.boxes:
        yield from _box(box, statuses)
    for line in layout.lines:
        yield from _label(line)


def _line(line: EdgeLine) -> Iterator[str]:
    kind = "line" + " catch" * line.edge.is_catch + " joined" * line.is_joined
    yield f'<path class="{kind}" d="{_path(line)}"/>'


def _path(line: EdgeLine) -> str:
    (x, y), *rest = line.points
    path = f"M{x:.1f} {y:.1f}"
    if line.is_loop:
        return path + "".join(f"L{x:.1f} {y:.1f}" for x, y in rest)
    for to_x, to_y in rest:
        middle = (y + to_y) / 2
        path += f"C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {to_y:.1f}"
        x, y = to_x, to_y
    return path


def _label(line: EdgeLine) -> Iterator[str]:
    if line.edge.label:
        (x, y), (to_x, to_y) = line.points[0], line.points[1]
        text = escape(printable(line.edge.label, LABEL_CHARACTERS).split(" (")[0])
        at_x, at_y = (x + to_x) / 2, (y + to_y) / 2
        yield f'<text class="label" x="{at_x:.1f}" y="{at_y:.1f}">{text}</text>'


def _box(box: StateBox, statuses: _Statuses) -> Iterator[str]:
    state = (statuses or {}).get(box.node.name, _NOT_REACHED)
    name = escape(printable(box.node.name), quote=True)
    kind = escape(printable(box.node.type), quote=True)
    css, label, text = state.status.name.lower(), f"{name}: {kind} state", kind
    button = ""
    if statuses is None:
        css = "defined"
    else:
        label += f", {state.description}"
        text += f" · {state.status.icon} {state.description}"
        button = 'tabindex="0" role="button" '
    yield (
        f'<g class="state {css}" {button}data-state="{name}" aria-label="{label}">'
        f"<title>{name}</title>"
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" '
        f'height="{box.height:.1f}" rx="8"/>'
    )
    middle = box.x + box.width / 2
    for number, line in enumerate(box.lines):
        y = box.y + 22 + 18 * number
        yield f'<text class="name" x="{middle:.1f}" y="{y:.1f}">{escape(line)}</text>'
    y = box.y + 22 + 18 * len(box.lines)
    yield f'<text class="status" x="{middle:.1f}" y="{y:.1f}">{text}</text></g>'
    left = middle - (sum(p.width for p in box.parts) + GAP_X * max(0, len(box.parts) - 1)) / 2
    top = box.y + box.head_height + PADDING
    for part in box.parts:
        yield f'<g transform="translate({left:.1f} {top:.1f})">'
        yield from _parts(part, statuses)
        yield "</g>"
        left += part.width + GAP_X
