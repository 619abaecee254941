# SPDX-License-Identifier: MIT-0
"""The executions of a state machine that have failed, or that run."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from ...errors import InspectError
from ...text import printable
from ..aws_api import AwsApi

# ListExecutions gives the newest first, so the oldest running ones are on its last page.
MAX_RUNNING = 10_000
FAILURES = ("FAILED", "TIMED_OUT")


@dataclass(frozen=True)
class RunningExecutions:
    """The ARNs of the executions that run, the oldest first.

    Args:
        is_complete: False if there are more than were listed: the oldest are missing
    """

    arns: tuple[str, ...]
    is_complete: bool


def running_executions(api: AwsApi, machine: str) -> RunningExecutions:
    """List the running executions of a state machine, at most MAX_RUNNING.

    Raises:
        ApiCallFailed: they cannot be listed
    """
    listed = list(islice(api.executions(machine, "RUNNING"), MAX_RUNNING + 1))
    arns = [str(each["executionArn"]) for each in listed[:MAX_RUNNING]]
    return RunningExecutions(tuple(reversed(arns)), len(listed) <= MAX_RUNNING)


def failed_executions(api: AwsApi, machine: str, limit: int) -> list[dict[str, Any]]:
    """The latest executions that failed or timed out, by their end; a stopped one did not fail.

    Raises:
        ApiCallFailed: they cannot be listed
        InspectError: there is none
    """
    found = [each for status in FAILURES for each in islice(api.executions(machine, status), limit)]
    if not found:
        name = printable(machine.rsplit(":", 1)[-1])
        raise InspectError(f"{name} has no execution that failed or timed out")
    return sorted(found, key=_end, reverse=True)[:limit]


def _end(execution: dict[str, Any]) -> datetime:
    end: datetime = execution.get("stopDate") or execution["startDate"]
    return end
