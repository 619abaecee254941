# SPDX-License-Identifier: MIT-0
"""A Lambda function's configuration, as the template gives it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..environment import environment

LATEST = "$LATEST"


@dataclass(frozen=True)
class DurableConfig:
    execution_timeout_seconds: int
    retention_days: int


@dataclass(frozen=True)
class FunctionConfiguration:
    """All that a published version keeps for good."""

    name: str
    handler: str
    runtime: str
    code: Path
    layers: tuple[Path, ...]
    environment: Mapping[str, str]
    timeout_seconds: int
    memory_mb: int
    role_arn: str
    log_group: str
    json_logs: bool
    durable: DurableConfig | None
    # Code runs here on whatever there is; only what it would cost depends on it.
    architecture: str = "x86_64"
    # Of the application, where logs are in JSON: in text there is none to set.
    log_level: str = "INFO"


@dataclass(frozen=True, eq=False)
class FunctionVersion:
    """One version of a function: a number, or $LATEST."""

    number: str
    configuration: FunctionConfiguration

    @property
    def name(self) -> str:
        return self.configuration.name

    @property
    def arn(self) -> str:
        return f"{function_arn(self.name)}:{self.number}"


def function_arn(name: str) -> str:
    return environment().arn("lambda", f"function:{name}")
