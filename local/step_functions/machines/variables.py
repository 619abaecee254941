# SPDX-License-Identifier: MIT-0
"""The variables that each state of a definition refers to."""

import json
import re
from collections.abc import Iterator
from typing import Any

_VARIABLE = re.compile(r"(?<!\$)\$([^\W\d]\w*)")
_INNER_MACHINES = ("ItemProcessor", "Iterator", "Branches")


def variable_references(definition: str) -> dict[str, list[str]]:
    """By the name of each state that refers to any, the names of variables in order.

    A name counts that a state of the definition assigns: functions of JSONata have a `$` too.
    """
    states = list(_states(json.loads(definition)))
    assigned = {name for _, state in states for name in _assigned(state)}
    references = {
        name: sorted(assigned & set(_VARIABLE.findall(" ".join(_expressions(state)))))
        for name, state in states
    }
    return {name: found for name, found in references.items() if found}


def _states(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every state, the outer ones before those inside them."""
    if isinstance(value, list):
        for item in value:
            yield from _states(item)
    elif isinstance(value, dict):
        for name, state in value.get("States", {}).items():
            yield name, state
            for key in _INNER_MACHINES:
                yield from _states(state.get(key))


def _assigned(value: Any) -> Iterator[str]:
    """The names in every Assign of a state: its own, and those of its rules and catchers."""
    for holder in (value, *value.get("Choices", []), *value.get("Catch", [])):
        yield from (name.removesuffix(".$") for name in holder.get("Assign", {}))


def _expressions(value: Any, key: str = "") -> Iterator[str]:
    """The texts of a state that are paths, intrinsic functions or JSONata."""
    if isinstance(value, str):
        if key.endswith((".$", "Path")) or key == "Variable" or value.startswith("{%"):
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from _expressions(item, key)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in _INNER_MACHINES:
                yield from _expressions(item, name)
