# SPDX-License-Identifier: MIT-0
"""Patches of an execution's history: what is recorded, and how it is read."""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import InvalidToken
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.responses import StepFunctionResponse

from ...patching import replacing, wrapping

DEFAULT_PAGE_EVENTS = 100
DATA = ("input", "output", "parameters")


@wrapping(
    EventManager,
    "add_event",
    gap="A failed evaluation is recorded twice, and events come after the end of an execution.",
    probe="failed_expression_is_recorded_twice",
)
def _add_event(original: Callable[..., int], self: EventManager, *args: Any, **kwargs: Any) -> int:
    last: dict[str, Any] = self._history_event_list[-1] if self._history_event_list else {}
    last_cause = last.get("evaluationFailedEventDetails", {}).get("cause", "")
    details = kwargs.get("event_details") or {}
    cause = details.get("evaluationFailedEventDetails", {}).get("cause")
    last_type = getattr(self, "last_event_type", None)
    if (cause and last_cause.endswith(cause)) or last_type not in (None, kwargs["event_type"]):
        return int(last["id"])
    return int(original(self, *args, **kwargs))


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
    if self._get_param("includeExecutionData") is False:
        events = [_without_data(event) for event in events]
    token = self._get_param("nextToken") or "0"
    if not token.isdecimal():
        raise InvalidToken("'Invalid token'")
    start = int(token)
    end = start + (self._get_int_param("maxResults") or DEFAULT_PAGE_EVENTS)
    page: dict[str, Any] = {"events": events[start:end]}
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
