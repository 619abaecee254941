# SPDX-License-Identifier: MIT-0
"""One finding of a definition's validation."""

from collections.abc import Iterator
from dataclasses import dataclass

SCHEMA = "SCHEMA_VALIDATION_FAILED"


@dataclass(frozen=True)
class Finding:
    """Why the service refuses a definition.

    Args:
        location: a path such as `/States/Approve/Next`; None where the whole definition is wrong
    """

    message: str
    location: str | None
    code: str = SCHEMA

    def __str__(self) -> str:
        return f"{self.code}: {self.message} at {self.location or 'null'}"


Findings = Iterator[Finding]
