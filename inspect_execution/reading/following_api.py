# SPDX-License-Identifier: MIT-0
"""AWS's API for repeated recordings of an execution: it keeps answers that cannot change."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..histories.recording import DURABLE_ENDS
from .aws_api import PAGE_ITEMS, AwsApi


@dataclass(frozen=True)
class FollowingApi(AwsApi):
    """The same answers as AwsApi's: of a history, each call reads the new events alone.

    A history has up to 25,000 events, and reading all of them takes seconds.
    """

    _events: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    # Answers that do not change any more.
    _final: dict[tuple[str, str], Any] = field(default_factory=dict)

    def definition(self, arn: str) -> str:
        return str(self._once("definition", arn, lambda: super(FollowingApi, self).definition(arn)))

    def history(self, arn: str) -> list[dict[str, Any]]:
        known = self._events.get(arn, [])
        new = self._events_after(known[-1]["id"], arn) if known else super().history(arn)
        self._events[arn] = [*known, *new]
        return self._events[arn]

    def durable_execution(self, arn: str) -> dict[str, Any]:
        key = ("durable_execution", arn)
        if key in self._final:
            details: dict[str, Any] = self._final[key]
            return details
        details = super().durable_execution(arn)
        if details.get("Status") in DURABLE_ENDS.values():
            self._final[key] = details
        return details

    def durable_history(self, arn: str) -> list[dict[str, Any]]:
        # Only if the end was known before the history was read, the history is complete.
        if ("durable_execution", arn) not in self._final:
            return super().durable_history(arn)
        events: list[dict[str, Any]] = self._once(
            "durable_history", arn, lambda: super(FollowingApi, self).durable_history(arn)
        )
        return events

    def function_configuration(self, function: str) -> dict[str, Any]:
        configuration: dict[str, Any] = self._once(
            "function_configuration",
            function,
            lambda: super(FollowingApi, self).function_configuration(function),
        )
        return configuration

    def _once(self, action: str, about: str, read: Callable[[], Any]) -> Any:
        if (action, about) not in self._final:
            self._final[action, about] = read()
        return self._final[action, about]

    def _events_after(self, last_id: int, arn: str) -> list[dict[str, Any]]:
        """The events after one, read from the newest to the oldest."""
        number = self.last_event_id(arn) - last_id
        if number <= 0:
            return []
        size = min(number, PAGE_ITEMS)
        pages = self._history_pages(arn, maxResults=size, reverseOrder=True)
        found: list[dict[str, Any]] = []
        for page in pages:
            new = [event for event in page["events"] if event["id"] > last_id]
            found += new
            if len(new) < len(page["events"]) or found[-1]["id"] == last_id + 1:
                break
        # While the pages were read, more events may have come: a page may repeat some.
        by_id = {event["id"]: event for event in found}
        return [by_id[number] for number in sorted(by_id)]
