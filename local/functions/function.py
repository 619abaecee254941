# SPDX-License-Identifier: MIT-0
"""A Lambda function's configuration, as the template gives it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..environment import environment

LATEST = "$LATEST"


@dataclass(frozen=True)
class DurableConfig:
    execution_timeout_seconds: int
    retention_days: int
    # Encrypts nothing here.
    kms_key_arn: str | None = None

    def description(self) -> dict[str, Any]:
        """What the API shows of it."""
        key = {"KMSKeyArn": self.kms_key_arn} if self.kms_key_arn else {}
        return {
            "ExecutionTimeout": self.execution_timeout_seconds,
            "RetentionPeriodInDays": self.retention_days,
            **key,
        }


@dataclass(frozen=True)
class EventInvokeConfig:
    """How Lambda treats asynchronous invocations: by default, as documented.

    https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html

    Args:
        on_success: the ARN of the destination of results
        on_failure: the ARN of the destination of errors
    """

    maximum_retry_attempts: int = 2
    maximum_event_age_seconds: int = 21_600
    on_success: str | None = None
    on_failure: str | None = None


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
    # Code runs here on this machine's architecture; only the estimated cost depends on this field.
    architecture: str = "x86_64"
    # Of the application, where logs are in JSON: in text there is none to set.
    log_level: str = "INFO"
    # Gets the events of asynchronous invocations that fail: the ARN of a queue or topic.
    dead_letter_arn: str | None = None


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
