# SPDX-License-Identifier: MIT-0
"""ListDurableExecutionsByFunction: which executions, in which order, on which page."""

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
        wanted.sort(key=lambda each: str(each["StartTimestamp"]), reverse=not self.is_oldest_first)
        start = _number("Marker", self.marker, 0)
        size = _number("MaxItems", self.max_items, 0) or DEFAULT_PAGE_ITEMS
        if size > MAX_PAGE_ITEMS:
            raise _refused("MaxItems", str(size))
        end = start + size
        answer: dict[str, Any] = {"DurableExecutions": wanted[start:end]}
        if end < len(wanted):
            answer["NextMarker"] = str(end)
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
