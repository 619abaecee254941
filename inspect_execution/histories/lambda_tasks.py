# SPDX-License-Identifier: MIT-0
"""Lambda tasks: the attempts of tasks that invoke a function, and which function they invoke."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .execution_history import ExecutionHistory
from .recording import tokens_in
from .task_attempts import TaskAttempt

_HEADER = "x-amz-durable-execution-arn"
_FUNCTION = re.compile(
    r"(?:arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:)?([\w.-]+)(?::([\w$.-]+))?"
)


@dataclass(frozen=True)
class LambdaTask:
    """One attempt that invokes a function."""

    # The index of the state's visit, and the number of the attempt.
    state: int
    attempt: int
    function: str
    # A version's number, an alias, or empty if the function is invoked without either.
    qualifier: str
    # The version that ran: empty if neither the answer nor the qualifier shows it.
    version: str
    scheduled: datetime
    ended: datetime | None
    tokens: frozenset[str]
    durable_execution_arn: str


def lambda_tasks(history: ExecutionHistory) -> list[LambdaTask]:
    """All attempts in a history that invoke a Lambda function."""
    return [
        task
        for state in history.states
        for attempt in state.attempts
        if (task := _lambda_task(state.index, attempt))
    ]


def _lambda_task(state: int, attempt: TaskAttempt) -> LambdaTask | None:
    parameters = _parameters(attempt) if _invokes(attempt.resource) else {}
    match = _FUNCTION.fullmatch(str(parameters.get("FunctionName", "")))
    if match is None:
        return None
    output = _json_object(attempt.output)
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


def _parameters(attempt: TaskAttempt) -> dict[str, Any]:
    """The parameters of the invocation: a task whose resource is a function has no others."""
    if attempt.resource.startswith("arn:"):
        return {"FunctionName": attempt.resource}
    return _json_object(attempt.parameters)


def _invokes(resource: str) -> bool:
    return ":lambda:" in resource or resource.startswith(("lambda:invoke", "aws-sdk:lambda:invoke"))


def _header(metadata: Any) -> str:
    """The durable execution's ARN in the response headers, where a value may be a list."""
    if not isinstance(metadata, dict):
        return ""
    for headers in (metadata.get("AllHttpHeaders"), metadata.get("HttpHeaders")):
        for name, value in (headers if isinstance(headers, dict) else {}).items():
            if name.lower() == _HEADER and value:
                return str(value[0] if isinstance(value, list) else value)
    return ""


def _json_object(text: str) -> dict[str, Any]:
    """The JSON object in a text: empty if the text holds no object."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
