# SPDX-License-Identifier: MIT-0
"""The layout of a graph: the places of its states and edges, in pixels from the top left corner."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from ..model.definition_graph import Edge, Graph, Node
from ..text import printable
from .graph_ranking import DummyNode, RankItem, rank

CHARACTER_WIDTH = 7.6
LINE_CHARACTERS = 28
MAX_LINES = 2
LINE_HEIGHT = 18.0
MIN_WIDTH = 196.0
HEAD_HEIGHT = 26.0
PADDING = 14.0
GAP_X = 28.0
GAP_Y = 44.0
DUMMY_WIDTH = 12.0
LOOP_WIDTH = 22.0

Point = tuple[float, float]


@dataclass(frozen=True)
class StateBox:
    """The place of a state, with the layouts of the graphs inside it."""

    node: Node
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float
    parts: tuple["GraphLayout", ...]

    @property
    def head_height(self) -> float:
        return HEAD_HEIGHT + LINE_HEIGHT * len(self.lines)


@dataclass(frozen=True)
class EdgeLine:
    """The points that an edge passes."""

    edge: Edge
    points: tuple[Point, ...]
    is_loop: bool = False
    # It ends at another line, which leads to the end of both.
    is_joined: bool = False


@dataclass(frozen=True)
class GraphLayout:
    """The layout of a graph: the first state is at the top."""

    width: float
    height: float
    boxes: tuple[StateBox, ...]
    lines: tuple[EdgeLine, ...]


@dataclass(frozen=True)
class _Size:
    lines: tuple[str, ...]
    width: float
    height: float
    parts: tuple[GraphLayout, ...]


def lay_out(graph: Graph) -> GraphLayout:
    """Lay out a graph: each rank below the one before, centred."""
    nodes = {node.name: node for node in graph.nodes}
    sizes = {node.name: _size(node) for node in graph.nodes}
    ranking = rank(graph)
    widths = [_row_width(row, sizes) for row in ranking.ranks]
    width = max(widths, default=0.0)
    places: dict[RankItem, Point] = {}
    heights: dict[RankItem, float] = {}
    top = 0.0
    for row, row_width in zip(ranking.ranks, widths, strict=True):
        height = max((sizes[i].height for i in row if isinstance(i, str)), default=0.0)
        left = (width - row_width) / 2
        for item in row:
            places[item], heights[item] = (left, top), height
            left += _width(item, sizes) + GAP_X
        top += height + GAP_Y
    boxes = {
        name: StateBox(nodes[name], size.lines, *places[name], size.width, size.height, size.parts)
        for name, size in sizes.items()
    }
    lines = [
        EdgeLine(
            edge,
            _through(route, boxes, places, heights),
            is_joined=isinstance(route[-1], DummyNode),
        )
        for edge, route in ranking.routes
    ]
    lines += [_loop(edge, boxes, width, index) for index, edge in enumerate(ranking.back, 1)]
    total_width = width + LOOP_WIDTH * (len(ranking.back) + bool(ranking.back))
    return GraphLayout(total_width, max(0.0, top - GAP_Y), tuple(boxes.values()), tuple(lines))


def _size(node: Node) -> _Size:
    lines = _wrap(printable(node.name))
    text_width = max(map(cell_len, lines)) * CHARACTER_WIDTH + 2 * PADDING + 16
    parts = tuple(lay_out(part) for part in node.parts)
    height = HEAD_HEIGHT + LINE_HEIGHT * len(lines) + PADDING / 2
    if not parts:
        return _Size(lines, max(MIN_WIDTH, text_width), height, ())
    inner = sum(part.width for part in parts) + GAP_X * (len(parts) - 1)
    tallest = max(part.height for part in parts)
    width = max(MIN_WIDTH, text_width, inner + 2 * PADDING)
    return _Size(lines, width, height + tallest + 2 * PADDING, parts)


def _wrap(name: str) -> tuple[str, ...]:
    """A name on two lines at most, split between words."""
    lines = [""]
    for word in name.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if cell_len(longer) <= LINE_CHARACTERS or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = [_cut(line) for line in lines[:MAX_LINES]]
    if len(lines) > MAX_LINES:
        kept[-1] = _cut(kept[-1] + "…" * LINE_CHARACTERS)
    return tuple(kept)


def _cut(line: str) -> str:
    if cell_len(line) <= LINE_CHARACTERS:
        return line
    return set_cell_size(line, LINE_CHARACTERS - 1).rstrip() + "…"


def _width(item: RankItem, sizes: Mapping[str, _Size]) -> float:
    return sizes[item].width if isinstance(item, str) else DUMMY_WIDTH


def _row_width(row: tuple[RankItem, ...], sizes: Mapping[str, _Size]) -> float:
    return sum(_width(item, sizes) for item in row) + GAP_X * max(0, len(row) - 1)


def _through(
    route: tuple[RankItem, ...],
    boxes: Mapping[str, StateBox],
    places: Mapping[RankItem, Point],
    heights: Mapping[RankItem, float],
) -> tuple[Point, ...]:
    first = boxes[str(route[0])]
    points = [(first.x + first.width / 2, first.y + first.height)]
    for item in route[1:]:
        x, y = places[item]
        if isinstance(item, str):
            points.append((x + boxes[item].width / 2, y))
        else:
            points += [(x + DUMMY_WIDTH / 2, y), (x + DUMMY_WIDTH / 2, y + heights[item])]
    return tuple(points)


def _loop(edge: Edge, boxes: Mapping[str, StateBox], width: float, index: int) -> EdgeLine:
    """An edge back to a state above, at the right of all ranks."""
    start, end = boxes[edge.start], boxes[edge.end]
    outside = width + LOOP_WIDTH * index
    shift = 6.0 if edge.start == edge.end else 0.0
    return EdgeLine(
        edge,
        (
            (start.x + start.width, start.y + start.height / 2 + shift),
            (outside, start.y + start.height / 2 + shift),
            (outside, end.y + end.height / 2 - shift),
            (end.x + end.width, end.y + end.height / 2 - shift),
        ),
        is_loop=True,
    )
