# SPDX-License-Identifier: MIT-0
"""Validation of the scopes of variables: an inner scope assigns none of an outer one.

https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .finding import Finding, Findings
from .objects import objects_of


def check_scopes(
    container: Mapping[str, Any], location: str = "", outer: frozenset[str] = frozenset()
) -> Findings:
    """Findings of variables that states inside a Map or Parallel state share with it.

    Args:
        outer: the names that states around the container assign
    """
    states = container.get("States")
    named = {
        f"{location}/States/{name}": state
        for name, state in (states.items() if isinstance(states, dict) else ())
        if isinstance(state, dict)
    }
    own = {name for state in named.values() for name, _ in _assigned(state)}
    for at, state in named.items():
        for name, field in _assigned(state):
            if name in outer:
                yield Finding(
                    f"Variable '{name}' is assigned in an outer scope, too", f"{at}/{field}"
                )
        for key, inner in _inner(state):
            yield from check_scopes(inner, f"{at}/{key}", outer | own)


def _inner(state: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key in ("ItemProcessor", "Iterator"):
        if isinstance(state.get(key), dict):
            yield key, state[key]
    yield from objects_of(state, "Branches")


def _assigned(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The name of each variable that a state assigns, and the field that assigns it."""
    places = [("Assign", state)]
    for key in ("Catch", "Choices"):
        places += [(f"{at}/Assign", item) for at, item in objects_of(state, key)]
    for at, place in places:
        assign = place.get("Assign")
        for field in assign if isinstance(assign, dict) else ():
            yield field.removesuffix(".$"), f"{at}/{field}"
