# SPDX-License-Identifier: MIT-0
"""The graph of a state machine's definition: its states, and the transitions between them.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 20


@dataclass(frozen=True)
class Edge:
    """A transition from one state to another: by Next, by a choice or by a Catch."""

    start: str
    end: str
    label: str = ""
    is_catch: bool = False


@dataclass(frozen=True)
class Node:
    """A state: a map or parallel state has a graph for each processor or branch."""

    name: str
    type: str
    parts: tuple["Graph", ...] = ()


@dataclass(frozen=True)
class Graph:
    """The states of a state machine, of a branch or of a map's processor."""

    start: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def parse_definition(definition: str) -> Graph | None:
    """The graph of a definition: None if the text is not a valid definition."""
    try:
        return _graph(json.loads(definition), 0)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _graph(machine: dict[str, Any], depth: int) -> Graph:
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply to be drawn")
    states: dict[str, dict[str, Any]] = machine["States"]
    if not isinstance(states, dict):
        raise TypeError("States is not an object")
    nodes = tuple(
        Node(name, str(state.get("Type", "?")), tuple(_parts(state, depth)))
        for name, state in states.items()
    )
    edges = tuple(
        edge for name, state in states.items() for edge in _edges(name, state) if edge.end in states
    )
    return Graph(str(machine.get("StartAt", "")), nodes, edges)


def _parts(state: dict[str, Any], depth: int) -> Iterator[Graph]:
    for branch in state.get("Branches") or []:
        yield _graph(branch, depth + 1)
    processor = state.get("ItemProcessor") or state.get("Iterator")
    if processor:
        yield _graph(processor, depth + 1)


def _edges(name: str, state: dict[str, Any]) -> Iterator[Edge]:
    if "Next" in state:
        yield Edge(name, str(state["Next"]))
    for number, choice in enumerate(state.get("Choices") or [], start=1):
        if "Next" in choice:
            yield Edge(name, str(choice["Next"]), f"choice {number}")
    if "Default" in state:
        yield Edge(name, str(state["Default"]), "default")
    for catcher in state.get("Catch") or []:
        errors = ", ".join(map(str, catcher.get("ErrorEquals") or []))
        yield Edge(name, str(catcher.get("Next", "")), f"catch {errors}", is_catch=True)
