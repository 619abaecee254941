# SPDX-License-Identifier: MIT-0
"""The diagnostics of ValidateStateMachineDefinition for a definition."""

from typing import Any

from ..validation.definition import check_definition, check_for_warnings

MAX_DIAGNOSTICS = 100


def diagnosis(definition: str, kind: str, *, with_warnings: bool, limit: int) -> dict[str, Any]:
    """The result and the diagnostics; there are warnings only of a definition without errors.

    Args:
        kind: the type of the state machine
        limit: the most diagnostics that the answer has
    """
    errors = check_definition(definition, kind)
    warnings = check_for_warnings(definition) if with_warnings and not errors else []
    diagnostics = [
        {
            "severity": "ERROR" if errors else "WARNING",
            "code": finding.code,
            "message": finding.message,
            **({"location": finding.location} if finding.location else {}),
        }
        for finding in [*errors, *warnings]
    ]
    return {
        "result": "FAIL" if errors else "OK",
        "diagnostics": diagnostics[:limit],
        "truncated": len(diagnostics) > limit,
    }
