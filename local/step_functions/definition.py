# SPDX-License-Identifier: MIT-0
"""A state machine's definition: what of it can run here."""

import json
import re
from collections.abc import Iterator
from typing import Any

from ..errors import LocalError
from .sdk_task import RESOURCE as SDK_RESOURCE
from .sdk_task import unknown_parameters
from .validation.definition import check_definition

INLINE = "INLINE"

_LAMBDA_TASK = re.compile(
    r"arn:[^:]+:states:::lambda:invoke(\.waitForTaskToken)?|arn:[^:]+:lambda:[^:]+:\d+:function:.+|"
    + SDK_RESOURCE
)

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


def require_definition(definition: str) -> None:
    """Refuse what the service refuses, then tasks and fields that are not served here.

    Raises:
        LocalError: names every finding with its location, or the first that is not served
    """
    try:
        document = json.loads(definition)
    except ValueError as error:
        raise LocalError(f"the property DefinitionString is not JSON: {error}") from None
    if findings := check_definition(definition):
        refused = "; ".join(f"{each.message} at {each.location or '/'}" for each in findings)
        raise LocalError(f"the property DefinitionString is refused: {refused}")
    for name, state in _states(document):
        for field, value in _unsupported(state):
            raise LocalError(
                f"the property DefinitionString has, in state {name}, "
                f"the {field} {value}, not supported here"
            )


def _unsupported(state: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if state["Type"] == "Task":
        yield from _unsupported_task(state)
    if state["Type"] == "Map":
        processor = state.get("ItemProcessor") or state["Iterator"]
        if (mode := processor.get("ProcessorConfig", {}).get("Mode", INLINE)) != INLINE:
            yield "Mode", mode
        for name in _DISTRIBUTED_MAP_FIELDS:
            if name in state:
                yield "field", name


def _unsupported_task(state: dict[str, Any]) -> Iterator[tuple[str, str]]:
    resource = state["Resource"]
    if not _LAMBDA_TASK.fullmatch(resource):
        yield "Resource", resource
    if re.fullmatch(SDK_RESOURCE, resource):
        for field in ("Arguments", "Parameters"):
            parameters = state.get(field, {})
            for name in unknown_parameters(parameters) if isinstance(parameters, dict) else ():
                yield "field", f"{field}/{name}"


def _states(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every state, those inside Map and Parallel states too."""
    for name, state in machine.get("States", {}).items():
        yield name, state
        inner = [state[key] for key in ("ItemProcessor", "Iterator") if key in state]
        for branch in [*inner, *state.get("Branches", [])]:
            yield from _states(branch)
