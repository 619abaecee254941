# SPDX-License-Identifier: MIT-0
"""The history of an execution: what is recorded, and how it is read."""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import InvalidToken
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.responses import StepFunctionResponse

from .mending import mended, unmended

DEFAULT_PAGE_EVENTS = 100
DATA = ("input", "output", "parameters")


def mend_history() -> None:
    """A failed evaluation is recorded twice; events come after the end; and pages, the order
    and the wish to leave data out are ignored.
    """
    EventManager.add_event = _in_order(EventManager.add_event)
    StepFunctionResponse.get_execution_history = _get_execution_history


def _in_order(add_event: Callable[..., int]) -> Callable[..., int]:
    add_event = unmended(add_event)

    def add(self: EventManager, *args: Any, **kwargs: Any) -> int:
        last: dict[str, Any] = self._history_event_list[-1] if self._history_event_list else {}
        said = last.get("evaluationFailedEventDetails", {}).get("cause", "")
        details = kwargs.get("event_details") or {}
        saying = details.get("evaluationFailedEventDetails", {}).get("cause")
        last_type = getattr(self, "last_event_type", None)
        if (saying and said.endswith(saying)) or last_type not in (None, kwargs["event_type"]):
            return int(last["id"])
        return int(add_event(self, *args, **kwargs))

    return mended(add, add_event)


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
