# SPDX-License-Identifier: MIT-0
"""The recording of logs: of log groups that are named, or of the handlers' invocations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from ..histories.durable_history import DurableExecutionHistory
from ..histories.invocation_logs import lines_of_invocations
from ..histories.recording import LogRecord
from .aws_api import AwsApi
from .omissions import Omissions
from .redaction import Redaction

# Of one log group: a page has 10,000 events at most, and a busy group many pages.
MAX_LOG_EVENTS = 20_000
# The clock of a handler's log differs from that of its history.
_TOLERANCE = timedelta(seconds=1)


@dataclass(frozen=True)
class LogRecorder:
    """Records the events of log groups."""

    api: AwsApi
    redaction: Redaction
    omissions: Omissions

    def since(self, start: datetime, log_groups: Mapping[str, str]) -> list[LogRecord]:
        """All events since a time.

        Args:
            log_groups: the name of the function that writes to each group
        """
        return [
            record
            for group, function in log_groups.items()
            for record in self._records(group, function, start, None)
        ]

    def of_invocations(
        self, executions: Sequence[DurableExecutionHistory], log_groups: Mapping[str, str]
    ) -> list[LogRecord]:
        """The events that the invocations of durable executions wrote.

        Args:
            log_groups: the log group of each function, by the function's name
        """
        found: list[LogRecord] = []
        for function, group in log_groups.items():
            of_function = [each for each in executions if each.function == function]
            start = min(each.started for each in of_function) - _TOLERANCE
            ends = [each.ended for each in of_function if each.ended is not None]
            has_ended = len(ends) == len(of_function)
            until = max(ends) + _TOLERANCE if has_ended else None
            records = list(self._records(group, function, start, until))
            found += lines_of_invocations(records, of_function)
        return found

    def _records(
        self, group: str, function: str, start: datetime, until: datetime | None
    ) -> Iterator[LogRecord]:
        def read() -> list[dict[str, Any]]:
            return list(islice(self.api.log_events(group, start, until), MAX_LOG_EVENTS + 1))

        events: list[dict[str, Any]] = self.omissions.read(read, [])
        if len(events) > MAX_LOG_EVENTS:
            self.omissions.add(f"events of {group} beyond the first {MAX_LOG_EVENTS:,}")
        for event in events[:MAX_LOG_EVENTS]:
            yield LogRecord(
                group=group,
                function=function,
                id=str(event["eventId"]),
                time=datetime.fromtimestamp(event["timestamp"] / 1000, UTC),
                message=self.redaction.apply(event["message"]),
                stream=str(event.get("logStreamName", "")),
            )
