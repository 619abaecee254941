# SPDX-License-Identifier: MIT-0
"""What a task's attempt tells about the Lambda function that it calls."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..reading.redaction import PLACEHOLDER, WITHHELD
from .execution_history import ExecutionHistory, TaskAttempt

_HEADER = "x-amz-durable-execution-arn"
_FUNCTION = re.compile(
    r"(?:arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:)?([\w.-]+)(?::([\w$.-]+))?"
)


@dataclass(frozen=True)
class LambdaTask:
    """One attempt that invokes a function."""

    state: int
    attempt: int
    function: str
    # A version's number, an alias, or nothing where neither is told.
    qualifier: str
    version: str
    scheduled: datetime
    ended: datetime | None
    tokens: frozenset[str]
    durable_execution_arn: str


def lambda_tasks(history: ExecutionHistory) -> list[LambdaTask]:
    """Every attempt of every task that invokes a Lambda function."""
    return [
        task
        for state in history.states
        for attempt in state.attempts
        if (task := _lambda_task(state.index, attempt))
    ]


def _lambda_task(state: int, attempt: TaskAttempt) -> LambdaTask | None:
    if attempt.resource.startswith("arn:"):
        parameters: Any = {"FunctionName": attempt.resource}
    else:
        parameters = _json(attempt.parameters)
    if not isinstance(parameters, dict) or not _invokes(attempt.resource):
        return None
    match = _FUNCTION.fullmatch(str(parameters.get("FunctionName", "")))
    if match is None:
        return None
    output = _json(attempt.output)
    output = output if isinstance(output, dict) else {}
    qualifier = match[2] or str(parameters.get("Qualifier") or "")
    executed = str(output.get("ExecutedVersion") or "")
    return LambdaTask(
        state=state,
        attempt=attempt.number,
        function=match[1],
        qualifier=qualifier,
        version=executed or (qualifier if qualifier.isdecimal() else ""),
        scheduled=attempt.scheduled,
        ended=attempt.ended,
        tokens=tokens_in(attempt.parameters),
        durable_execution_arn=_header(output.get("SdkHttpMetadata")),
    )


def tokens_in(text: str) -> frozenset[str]:
    """The task tokens that a text had, by the numbers that stand for them."""
    return frozenset(PLACEHOLDER.findall(text)) - {WITHHELD}


def _invokes(resource: str) -> bool:
    return ":lambda:" in resource or resource.startswith(("lambda:invoke", "aws-sdk:lambda:invoke"))


def _header(metadata: Any) -> str:
    """The durable execution's ARN among the headers, where a value may be a list of one."""
    if not isinstance(metadata, dict):
        return ""
    for headers in (metadata.get("AllHttpHeaders"), metadata.get("HttpHeaders")):
        for name, value in (headers if isinstance(headers, dict) else {}).items():
            if name.lower() == _HEADER and value:
                return str(value[0] if isinstance(value, list) else value)
    return ""


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
