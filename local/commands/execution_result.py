# SPDX-License-Identifier: MIT-0
"""The end of a state machine's execution: status, and output or error."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ExecutionResult:
    """The status of an execution that has ended, its output, error and cause."""

    status: str
    output: str
    error: str
    cause: str

    @classmethod
    def of(cls, description: dict[str, Any]) -> "ExecutionResult":
        return cls(
            status=description["status"],
            output=description.get("output", ""),
            error=description.get("error", ""),
            cause=description.get("cause", ""),
        )
