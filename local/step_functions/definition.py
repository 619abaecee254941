# SPDX-License-Identifier: MIT-0
"""A state machine's definition: what of it can run here."""

import json
import re
from collections.abc import Iterator
from typing import Any

from ..errors import LocalError
from .sdk_task import RESOURCE as SDK_RESOURCE
from .sdk_task import unknown_parameters

_LAMBDA_TASK = re.compile(
    r"arn:[^:]+:states:::lambda:invoke(\.waitForTaskToken)?|arn:[^:]+:lambda:[^:]+:\d+:function:.+|"
    + SDK_RESOURCE
)


def refuse_unsupported_states(definition: str) -> None:
    """Refuse tasks of services that are not served here.

    Raises:
        LocalError: there is one, or the definition is no JSON object
    """
    try:
        document = json.loads(definition)
    except ValueError as error:
        raise LocalError(f"the property DefinitionString is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise LocalError("the property DefinitionString is not a JSON object")
    for name, state in _states(document):
        _refuse_unknown_parameters(name, state)
        resources = [state.get("Resource")] if state.get("Type") == "Task" else []
        resources += [
            state[key].get("Resource") for key in ("ItemReader", "ResultWriter") if key in state
        ]
        for resource in resources:
            if not _LAMBDA_TASK.fullmatch(str(resource)):
                raise LocalError(
                    f"the property DefinitionString has, in state {name}, "
                    f"the Resource {resource}, not supported here"
                )


def _refuse_unknown_parameters(name: str, state: dict[str, Any]) -> None:
    if not re.fullmatch(SDK_RESOURCE, str(state.get("Resource"))):
        return
    for field in ("Arguments", "Parameters"):
        parameters = state.get(field, {})
        if isinstance(parameters, dict) and (unknown := unknown_parameters(parameters)):
            raise LocalError(
                f"the property DefinitionString has, in state {name}, the field "
                f"{field}/{unknown[0]}, which lambda:invoke does not have"
            )


def _states(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every state, those inside Map and Parallel states too."""
    for name, state in machine.get("States", {}).items():
        yield name, state
        inner = [state[key] for key in ("ItemProcessor", "Iterator") if key in state]
        for branch in [*inner, *state.get("Branches", [])]:
            yield from _states(branch)
