# SPDX-License-Identifier: MIT-0
"""What a failure of a state leads to: a retry, a Catch, or the failure of the execution."""

from collections.abc import Sequence

from ...histories.execution_history import StateVisit
from ...text import duration, printable
from .retries import HEARTBEAT_TIMEOUT, TIMEOUT, catching_state, next_retry
from .state_definitions import StateDefinitions


def failure_effect(
    definitions: StateDefinitions, states: Sequence[StateVisit], visit: StateVisit, error: str
) -> str:
    """What follows if a state fails with an error: by its own Retry and Catch, or by those of the
    map and parallel states around it.
    """
    shown = TIMEOUT if error == HEARTBEAT_TIMEOUT else error
    if not definitions.states:
        return f"{printable(visit.name)} fails with {shown}; the definition is not known"
    current: StateVisit | None = visit
    while current is not None:
        definition = definitions.of(current.name)
        name = printable(current.name)
        retry = next_retry(definition, [*failures(current), error])
        if retry:
            return f"{name} fails and is retried after {duration(retry.seconds)}: " + (
                retry.description
            )
        caught_by = catching_state(definition, error)
        if caught_by:
            return f"{name} fails, and its Catch goes on with {printable(caught_by)}"
        current = None if current.parent is None else states[current.parent]
    return f"the execution fails with {shown}"


def failures(visit: StateVisit) -> list[str]:
    """The errors of a visit's failed attempts; of a map or parallel state, one for each retry."""
    if visit.attempts:
        return [each.error for each in visit.attempts if each.has_failed]
    return [visit.error] * visit.retries
