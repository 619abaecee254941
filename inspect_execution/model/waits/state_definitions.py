# SPDX-License-Identifier: MIT-0
"""The states of a definition by their names: a state machine has each name once.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

State = Mapping[str, Any]


@dataclass(frozen=True)
class StateDefinitions:
    """The states of a definition, and the execution's time limit."""

    states: Mapping[str, State]
    timeout_seconds: float | None

    @classmethod
    def parse(cls, definition: str) -> "StateDefinitions":
        """Read a definition: of a text that is none, no states."""
        try:
            machine = json.loads(definition)
        except (ValueError, RecursionError):
            machine = {}
        timeout = machine.get("TimeoutSeconds") if isinstance(machine, dict) else None
        states = dict(_states(machine))
        return cls(states, float(timeout) if isinstance(timeout, int | float) else None)

    def of(self, name: str) -> State:
        return self.states.get(name, {})


def _states(machine: Any) -> Iterator[tuple[str, State]]:
    """All states, also those inside map and parallel states."""
    machines = [machine]
    while machines:
        each = machines.pop()
        states = each.get("States") if isinstance(each, dict) else None
        for name, state in (states if isinstance(states, dict) else {}).items():
            if not isinstance(state, dict):
                continue
            yield str(name), state
            branches = state.get("Branches")
            machines += branches if isinstance(branches, list) else []
            machines += [state.get("ItemProcessor"), state.get("Iterator")]
