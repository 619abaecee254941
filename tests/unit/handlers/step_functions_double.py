# SPDX-License-Identifier: MIT-0
"""Step Functions as the callback sees it: answers by script, calls on record."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import ClientError

# Made without a socket: the double borrows the service's own exception classes from it.
_REAL = boto3.client(
    "stepfunctions", region_name="us-east-1", aws_access_key_id="-", aws_secret_access_key="-"
)
TOKEN = "AQCEAAAAKgAAAAMAAAAA-the-task-token"


def refused(code: str, status: int = 400, message: str = "no") -> ClientError:
    """What boto3 raises for an error answer of the service."""
    error_class = getattr(_REAL.exceptions, code, ClientError)
    answer: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    error: ClientError = error_class(answer, "SendTask")
    return error


# In a script, a call that is accepted before one that is not.
ACCEPTED = None


@dataclass(frozen=True)
class Call:
    """One call that arrived: the action and what was sent, but for the token."""

    action: str
    arguments: dict[str, str]


@dataclass
class StepFunctionsDouble:
    """Accepts everything but what the script of an action says otherwise, call by call."""

    scripts: dict[str, list[Exception | None]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    exceptions: Any = _REAL.exceptions

    def actions(self) -> list[str]:
        return [call.action for call in self.calls]

    def __getattr__(self, action: str) -> Callable[..., None]:
        def call(taskToken: str, **arguments: str) -> None:  # noqa: N803 (boto3's name)
            assert taskToken == TOKEN
            self.calls.append(Call(action, arguments))
            script = self.scripts.get(action, [])
            answer = script.pop(0) if script else ACCEPTED
            if answer is not ACCEPTED:
                raise answer

        return call
