# SPDX-License-Identifier: MIT-0
"""Validation of transitions: targets that are missing, states out of reach, and no end."""

from collections.abc import Iterator, Mapping
from typing import Any

from .finding import Finding, Findings
from .objects import objects_of


def check_targets(container: Mapping[str, Any], location: str) -> Findings:
    """Findings of transitions to states that the container does not have."""
    for at, target in _targets(container):
        if isinstance(target, str) and target not in container["States"]:
            yield Finding(f"Missing 'Next' target: {target}", f"{location}/{at}", MISSING_TARGET)


MISSING_TARGET = "MISSING_TRANSITION_TARGET"


def check_reach(container: Mapping[str, Any], location: str) -> Findings:
    """Findings of a container without an end, or of states to which no transition leads."""
    states = container["States"]
    if not any(_is_terminal(state) for state in states.values()):
        yield Finding("Workflow has no terminal state", None, "MISSING_END_STATE")
        return
    reached, waiting = set(), [container["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name in states and name not in reached:
            reached.add(name)
            waiting += [target for _, target in _targets_of(states[name])]
    for name in states:
        if name not in reached:
            yield Finding(f'State "{name}" is not reachable.', f"{location}/States/{name}")


def _is_terminal(state: Mapping[str, Any]) -> bool:
    return state.get("End") is True or state.get("Type") in ("Succeed", "Fail")


def _targets(container: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "StartAt", container.get("StartAt")
    for name, state in container["States"].items():
        if isinstance(state, dict):
            for at, target in _targets_of(state):
                yield f"States/{name}/{at}", target


def _targets_of(state: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in ("Next", "Default"):
        yield name, state.get(name)
    for name in ("Choices", "Catch"):
        for index, item in objects_of(state, name):
            yield f"{index}/Next", item.get("Next")
