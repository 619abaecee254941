# SPDX-License-Identifier: MIT-0
"""Patch of how an execution's history is read."""

from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import InvalidToken
from moto.stepfunctions.responses import StepFunctionResponse

from ...patching import replacing

DEFAULT_PAGE_EVENTS = 100
DATA = ("input", "output", "parameters")


@replacing(
    StepFunctionResponse,
    "get_execution_history",
    gap="GetExecutionHistory ignores pages, the order, and the wish to leave data out.",
    probe="history_has_no_pages",
)
def _get_execution_history(self: StepFunctionResponse) -> ActionResult:
    arn = self._get_param("executionArn")
    events = self.stepfunction_backend.get_execution_history(arn)["events"]
    if self._get_param("reverseOrder"):
        events = events[::-1]
    token = self._get_param("nextToken") or "0"
    if not token.isdecimal():
        raise InvalidToken("'Invalid token'")
    start = int(token)
    end = start + (self._get_int_param("maxResults") or DEFAULT_PAGE_EVENTS)
    shown = events[start:end]
    if self._get_param("includeExecutionData") is False:
        shown = [_without_data(event) for event in shown]
    page: dict[str, Any] = {"events": shown}
    if end < len(events):
        page["nextToken"] = str(end)
    return ActionResult(page)


def _without_data(event: dict[str, Any]) -> dict[str, Any]:
    return {
        key: {name: item for name, item in value.items() if name not in DATA}
        if isinstance(value, dict)
        else value
        for key, value in event.items()
    }
