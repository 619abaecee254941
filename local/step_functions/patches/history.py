# SPDX-License-Identifier: MIT-0
"""Patch of GetExecutionHistory: its pages, its order, and the omission of data."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moto.core.responses import TYPE_RESPONSE, ActionContext, ActionResult
from moto.stepfunctions.exceptions import InvalidToken
from moto.stepfunctions.responses import StepFunctionResponse

from ...patching import closing, replacing

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
    token = self._get_param("nextToken") or "0"
    if not token.isdecimal():
        raise InvalidToken("'Invalid token'")
    last = int(token)
    # Others may have come since: where the page begins is found by the id of the last event.
    if self._get_param("reverseOrder"):
        events = events[: last - 1 if last else None][::-1]
    else:
        events = events[last:]
    end = self._get_int_param("maxResults") or DEFAULT_PAGE_EVENTS
    shown = [_with_time(event) for event in events[:end]]
    if self._get_param("includeExecutionData") is False:
        shown = [_without_data(event) for event in shown]
    page: dict[str, Any] = {"events": shown}
    if end < len(events):
        page["nextToken"] = str(shown[-1]["id"])
    return HistoryPage(page)


class HistoryPage(ActionResult):
    """A page of a history, written as JSON at once."""

    @closing(
        gap="A serializer looks for every field that an event may have: half a second for a page.",
        probe="result_is_serialized_field_by_field",
    )
    def execute_result(self, context: ActionContext) -> TYPE_RESPONSE:
        version = context.service_model.metadata["jsonVersion"]
        headers = {"Content-Type": f"application/x-amz-json-{version}"}
        return 200, headers, json.dumps(_shown(self.result))


def _shown(value: Any) -> Any:
    """A value as the service writes it: times in seconds, and no field that has none."""
    if isinstance(value, Mapping):
        return {key: _shown(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return int(value.timestamp() * 1000) / 1000 if isinstance(value, datetime) else value


@closing(
    gap="The time of an event is a text, and GetExecutionHistory answers with it.",
    probe="event_has_its_time_as_text",
)
def _with_time(event: dict[str, Any]) -> dict[str, Any]:
    return {**event, "timestamp": datetime.fromisoformat(event["timestamp"])}


def _without_data(event: dict[str, Any]) -> dict[str, Any]:
    return {
        key: {name: item for name, item in value.items() if name not in DATA}
        if isinstance(value, dict)
        else value
        for key, value in event.items()
    }
