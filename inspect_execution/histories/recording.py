# SPDX-License-Identifier: MIT-0
"""What AWS's API said of one execution, as it said it, but for the task tokens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class DurableRecord:
    """GetDurableExecution's answer and all events of GetDurableExecutionHistory."""

    arn: str
    details: dict[str, Any]
    events: list[dict[str, Any]]
    # What the task tokens that were taken out of its payloads took there.
    bytes_taken_out: int = 0


@dataclass(frozen=True)
class FunctionMemory:
    """What a GB-second of a function's version depends on."""

    megabytes: int
    architecture: str


@dataclass(frozen=True)
class Recording:
    """Everything read of one execution, and what could not be read."""

    execution: dict[str, Any]
    definition: str
    events: list[dict[str, Any]]
    durable: list[DurableRecord]
    # By the part of a durable execution's ARN that names the function's version.
    memory: dict[str, FunctionMemory]
    omissions: list[str]
    read_at: datetime
