# SPDX-License-Identifier: MIT-0
"""A state machine's definition: what of it can run here."""

import json
import re
from collections.abc import Iterator
from typing import Any

from ..errors import LocalError
from .jsonata import definition_findings

_LAMBDA_TASK = re.compile(
    r"arn:[^:]+:states:::lambda:invoke(\.waitForTaskToken)?|arn:[^:]+:lambda:[^:]+:\d+:function:.+"
)


def refuse_unsupported_states(definition: str) -> None:
    """Refuse tasks of services that are not served here, and expressions that AWS refuses.

    Raises:
        LocalError: there is one, or the definition is no JSON object
    """
    try:
        document = json.loads(definition)
    except ValueError as error:
        raise LocalError(f"the property DefinitionString is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise LocalError("the property DefinitionString is not a JSON object")
    findings = [
        f"{finding.code}: {finding.message} at {finding.location}"
        for finding in definition_findings(document)
    ]
    if findings:
        raise LocalError(f"the property DefinitionString is refused: {'; '.join(findings)}")
    for name, state in _states(document):
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


def _states(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every state, those inside Map and Parallel states too."""
    for name, state in machine.get("States", {}).items():
        yield name, state
        inner = [state[key] for key in ("ItemProcessor", "Iterator") if key in state]
        for branch in [*inner, *state.get("Branches", [])]:
            yield from _states(branch)
