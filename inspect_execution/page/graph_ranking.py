# SPDX-License-Identifier: MIT-0
"""The ranks of a graph's states, from top to bottom, and the order within each rank.

An edge over more than one rank passes a dummy node in each rank between, so that no line crosses
a state. Edges to the same state share their dummy nodes. The method is Sugiyama's:
https://doi.org/10.1109/TSMC.1981.4308636
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ..model.definition_graph import Edge, Graph

SWEEPS = 4


@dataclass(frozen=True)
class DummyNode:
    """The place in a rank that an edge to a state passes."""

    end: str
    rank: int


RankItem = str | DummyNode


@dataclass(frozen=True)
class Ranking:
    """The ranks from top to bottom, and the route of each edge through them."""

    ranks: tuple[tuple[RankItem, ...], ...]
    routes: tuple[tuple[Edge, tuple[RankItem, ...]], ...]
    # Edges back to a state above: loops.
    back: tuple[Edge, ...]


def rank(graph: Graph) -> Ranking:
    """Rank a graph's states: each below all states that have an edge to it, except by a loop."""
    names = [node.name for node in graph.nodes]
    order, back = _depth_first(graph, names)
    forward = [edge for edge in graph.edges if edge not in back]
    ranks = _longest_paths(order, forward)
    routes = tuple(_routes(forward, ranks))
    items: dict[RankItem, int] = {name: ranks[name] for name in order}
    for _, route in routes:
        items |= {item: item.rank for item in route if isinstance(item, DummyNode)}
    rows: list[list[RankItem]] = [[] for _ in range(1 + max(items.values(), default=0))]
    for item, row in items.items():
        rows[row].append(item)
    _untangle(rows, [route for _, route in routes])
    return Ranking(tuple(map(tuple, rows)), routes, tuple(back))


def _depth_first(graph: Graph, names: list[str]) -> tuple[list[str], set[Edge]]:
    """The states in topological order from the start, and the edges that would make a circle."""
    edges: dict[str, list[Edge]] = {name: [] for name in names}
    for each in graph.edges:
        edges[each.start].append(each)
    finished: list[str] = []
    seen: set[str] = set()
    back: set[Edge] = set()
    for root in [graph.start, *names]:
        if root in seen or root not in edges:
            continue
        seen.add(root)
        path = {root}
        stack = [(root, iter(reversed(edges[root])))]
        while stack:
            name, left = stack[-1]
            edge: Edge | None = next(left, None)
            if edge is None:
                stack.pop()
                path.discard(name)
                finished.append(name)
            elif edge.end in path:
                back.add(edge)
            elif edge.end not in seen:
                seen.add(edge.end)
                path.add(edge.end)
                stack.append((edge.end, iter(reversed(edges[edge.end]))))
    return finished[::-1], back


def _longest_paths(order: list[str], edges: Iterable[Edge]) -> dict[str, int]:
    ends: dict[str, list[str]] = {}
    for edge in edges:
        ends.setdefault(edge.start, []).append(edge.end)
    ranks = dict.fromkeys(order, 0)
    for name in order:
        for end in ends.get(name, []):
            ranks[end] = max(ranks[end], ranks[name] + 1)
    return ranks


def _routes(
    edges: list[Edge], ranks: dict[str, int]
) -> Iterator[tuple[Edge, tuple[RankItem, ...]]]:
    """The route of each edge to its end, or to a dummy node of an earlier edge to that end."""
    passed: set[DummyNode] = set()
    for edge in edges:
        route: list[RankItem] = [edge.start]
        for row in range(ranks[edge.start] + 1, ranks[edge.end]):
            node = DummyNode(edge.end, row)
            route.append(node)
            if node in passed:
                break
            passed.add(node)
        else:
            route.append(edge.end)
        yield edge, tuple(route)


def _untangle(rows: list[list[RankItem]], routes: Iterable[tuple[RankItem, ...]]) -> None:
    """Order each rank by the mean place of its neighbours above, then below, a few times."""
    above: dict[RankItem, set[RankItem]] = {}
    below: dict[RankItem, set[RankItem]] = {}
    for route in routes:
        for upper, lower in pairwise(route):
            above.setdefault(lower, set()).add(upper)
            below.setdefault(upper, set()).add(lower)
    for sweep in range(SWEEPS):
        neighbours = above if sweep % 2 == 0 else below
        places = {item: place / len(row) for row in rows for place, item in enumerate(row)}
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            row.sort(key=lambda item: _mean(item, neighbours, places))
            places |= {item: (place + 0.5) / len(row) for place, item in enumerate(row)}


def _mean(
    item: RankItem, neighbours: dict[RankItem, set[RankItem]], places: dict[RankItem, float]
) -> float:
    near = neighbours.get(item)
    return sum(places[other] for other in near) / len(near) if near else places[item]
