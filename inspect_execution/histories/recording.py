# SPDX-License-Identifier: MIT-0
"""Recordings: the answers of AWS's API about one execution, unchanged except for task tokens.

Each task token is replaced by a placeholder, because a task token is a credential.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PLACEHOLDER = re.compile(r"\[task token (?:\d+|withheld)\]")
# For a text that may be a token, or is one whose task is not known.
WITHHELD = "[task token withheld]"


def placeholder(number: int) -> str:
    """The placeholder of one token: the same number everywhere, so that places can be matched."""
    return f"[task token {number}]"


def tokens_in(text: str) -> frozenset[str]:
    """The placeholders in a text, except the one that replaces a token of no known task."""
    return frozenset(PLACEHOLDER.findall(text)) - {WITHHELD}


# The status of a durable execution that has ended, by the event of its end.
DURABLE_ENDS = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionStopped": "STOPPED",
}


@dataclass(frozen=True)
class DurableRecord:
    """GetDurableExecution's answer and all events of GetDurableExecutionHistory."""

    arn: str
    details: dict[str, Any]
    events: list[dict[str, Any]]
    # How much shorter the payloads became when placeholders replaced their task tokens.
    bytes_taken_out: int = 0


@dataclass(frozen=True)
class FunctionMemory:
    """The memory and the architecture of a function's version: they set its price per second."""

    megabytes: int
    architecture: str


@dataclass(frozen=True)
class LogRecord:
    """An event in a log group of CloudWatch Logs.

    Args:
        function: the name of the function that writes to the group
        stream: the log stream: of one execution environment, which runs one invocation at a time
    """

    group: str
    function: str
    id: str
    time: datetime
    message: str
    stream: str = ""


@dataclass(frozen=True)
class Recording:
    """All answers about one execution, and a line for each answer that is missing."""

    execution: dict[str, Any]
    definition: str
    events: list[dict[str, Any]]
    durable: list[DurableRecord]
    # By the function version's ARN, which is the first part of a durable execution's ARN.
    memory: dict[str, FunctionMemory]
    omissions: list[str]
    read_at: datetime
    # Of the log groups that the caller names, or of the handlers' invocations.
    log_records: list[LogRecord] = field(default_factory=list)
    # Whether no execution of a state machine is known that started the durable execution.
    is_durable_alone: bool = False
    # Whether each function that a task invokes is durable, by its name, if that could be read.
    durability: dict[str, bool] = field(default_factory=dict)
    # How a command of the AWS CLI begins that reaches the execution; empty if none does.
    aws_cli: str = ""
