# SPDX-License-Identifier: MIT-0
"""ListDurableExecutionsByFunction: which executions, in which order, on which page."""

import base64
import operator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ...functions.lambda_error import LambdaError

# https://docs.aws.amazon.com/lambda/latest/api/API_ListDurableExecutionsByFunction.html
STATUSES = frozenset(
    {
        "RUNNING",
        "PAUSING",
        "PAUSED",
        "SUCCEEDED",
        "FAILED",
        "TIMED_OUT",
        "STOPPED",
        "DELETING",
    }
)
DEFAULT_PAGE_ITEMS = 100
MAX_PAGE_ITEMS = 1000


@dataclass(frozen=True)
class Listing:
    """What a call asks for, as it came over the wire."""

    function_name: str
    version: str | None
    name: str | None
    statuses: list[str]
    started_after: str | None
    started_before: str | None
    # ReverseOrder on the wire: of this list, unlike of a history, the newest come first.
    is_oldest_first: bool
    marker: str | None
    max_items: str | None

    def page(self, executions: list[dict[str, Any]]) -> dict[str, Any]:
        """The page of the executions that are wanted.

        Raises:
            LambdaError: a parameter is not what it should be
        """
        for status in self.statuses:
            if status not in STATUSES:
                raise _refused("Statuses", status)
        wanted = [execution for execution in executions if self._wants(execution)]
        wanted.sort(key=_place, reverse=not self.is_oldest_first)
        if self.marker is not None:
            # Others may have begun or ended since: this page begins behind the last one's place.
            last = _marked_place(self.marker)
            behind = operator.gt if self.is_oldest_first else operator.lt
            wanted = [execution for execution in wanted if behind(_place(execution), last)]
        size = _number("MaxItems", self.max_items, 0) or DEFAULT_PAGE_ITEMS
        if size > MAX_PAGE_ITEMS:
            raise _refused("MaxItems", str(size))
        answer: dict[str, Any] = {"DurableExecutions": wanted[:size]}
        if size < len(wanted):
            answer["NextMarker"] = _marker(wanted[size - 1])
        return answer

    def _wants(self, execution: dict[str, Any]) -> bool:
        function = f":function:{self.function_name}:{self.version}/"
        started = _time("StartTimestamp", str(execution["StartTimestamp"]))
        return (
            (self.version is None or function in execution["DurableExecutionArn"])
            and (self.name is None or execution["DurableExecutionName"] == self.name)
            and (not self.statuses or execution["Status"] in self.statuses)
            and (not self.started_after or started > _time("StartedAfter", self.started_after))
            and (not self.started_before or started < _time("StartedBefore", self.started_before))
        )


def _place(execution: dict[str, Any]) -> tuple[float, str]:
    """What executions are ordered by: the seconds of their start, and their ARN."""
    return float(execution["StartTimestamp"]), execution["DurableExecutionArn"]


def _marker(last: dict[str, Any]) -> str:
    """What marks the page behind an execution."""
    seconds, arn = _place(last)
    return base64.b64encode(f"{seconds} {arn}".encode()).decode()


def _marked_place(marker: str) -> tuple[float, str]:
    try:
        seconds, arn = base64.b64decode(marker, validate=True).decode().split(" ")
        return float(seconds), arn
    except ValueError:
        raise _refused("Marker", marker) from None


def _time(parameter: str, text: str) -> datetime:
    """A time as clients send it: ISO 8601, or seconds since 1970."""
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _refused(parameter, text) from None


def _number(parameter: str, text: str | None, default: int) -> int:
    if text is None:
        return default
    if not text.isdecimal():
        raise _refused(parameter, text)
    return int(text)


def _refused(parameter: str, value: str) -> LambdaError:
    return LambdaError("InvalidParameterValueException", 400, f"Invalid {parameter}: {value}")
