# SPDX-License-Identifier: MIT-0
"""A state machine's definition: what of it can run here."""

import json
from collections.abc import Iterator
from typing import Any

from ..errors import LocalError
from .integrations.resources import parameter_problems, states_of, unserved_reason
from .machines.type import STANDARD
from .validation.definition import check_definition
from .values.resource_arn import SYNC, parse_service_resource

INLINE = "INLINE"

_DISTRIBUTED_MAP_FIELDS = (
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
)


def require_definition(definition: str, kind: str = STANDARD) -> None:
    """Refuse what the service refuses, then tasks and fields that are not served here.

    Args:
        kind: the type of the state machine

    Raises:
        LocalError: names every finding with its location, or everything that is not served by its
            state, its field and the reason
    """
    try:
        document = json.loads(definition)
    except ValueError as error:
        raise LocalError(f"the property DefinitionString is not JSON: {error}") from None
    if findings := check_definition(definition, kind):
        refused = "; ".join(f"{each.message} at {each.location or '/'}" for each in findings)
        raise LocalError(f"the property DefinitionString is refused: {refused}")
    unsupported = [
        f"in state {name}, the {found}"
        for _, name, state in states_of(document)
        for found in _unsupported(state)
    ]
    if unsupported:
        raise LocalError(f"the property DefinitionString has, {'; '.join(unsupported)}")


def _unsupported(state: dict[str, Any]) -> Iterator[str]:
    if state["Type"] == "Task":
        yield from _unsupported_task(state)
    if state["Type"] == "Map":
        processor = state.get("ItemProcessor") or state["Iterator"]
        if (mode := processor.get("ProcessorConfig", {}).get("Mode", INLINE)) != INLINE:
            yield f"Mode {mode}, not supported here"
        for name in _DISTRIBUTED_MAP_FIELDS:
            if name in state:
                yield f"field {name}, not supported here"


def _unsupported_task(state: dict[str, Any]) -> Iterator[str]:
    resource = state["Resource"]
    if reason := unserved_reason(resource):
        yield f"Resource {resource}, not supported here: {reason}"
        return
    for field, reason in parameter_problems(state):
        yield f"field {field}, not supported here: {reason}"


def waits_for_child(definition: str) -> bool:
    """Whether a task of a sound definition waits for the end of an execution that it starts."""
    resources = [state.get("Resource", "") for _, _, state in states_of(json.loads(definition))]
    called = filter(None, map(parse_service_resource, resources))
    return any((each.pattern or "").startswith(SYNC) for each in called)
