# SPDX-License-Identifier: MIT-0
"""Follows an execution until both sides have ended, or it is clear that they will not."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from inspect_execution.errors import InspectError
from inspect_execution.histories.execution_history import read_execution_history
from inspect_execution.histories.recording import Recording
from inspect_execution.model.event_lines.event_line import EventLine
from inspect_execution.model.event_lines.lines import event_lines
from inspect_execution.reading.aws_api import AwsApi
from inspect_execution.reading.changes import has_changed
from inspect_execution.reading.execution_arn import ExecutionArn
from inspect_execution.reading.recorder import record_execution

from ..errors import LocalError
from .progress import Patience, Progress, Verdict, read_progress

POLL_SECONDS = 0.1
# A long history takes seconds to read: reading it must not be all that this machine does.
POLL_FACTOR = 3


class Source(Protocol):
    """An execution that can be looked at again and again."""

    def look(self) -> tuple[Progress, list[EventLine]]:
        """The progress and all lines so far."""

    def end(self) -> None:
        """Complete the logs of an execution that has ended."""


@dataclass
class ExecutionSource:
    """An execution at an endpoint, read through AWS's API, and only if it has changed.

    Args:
        log_groups: the log groups to show, each with its function's name
        end_handlers: ends the processes of all handlers, after which their logs are complete
    """

    api: AwsApi
    arn: ExecutionArn
    log_groups: Mapping[str, str]
    end_handlers: Callable[[], None]
    recording: Recording | None = None
    _looked: tuple[Progress, list[EventLine]] = field(init=False)

    def look(self) -> tuple[Progress, list[EventLine]]:
        """
        Raises:
            LocalError: the execution cannot be read
        """
        try:
            if self.recording is None or self._has_changed(self.recording):
                self.recording = record_execution(self.api, self.arn, self.log_groups)
                status = str(self.recording.execution["status"])
                history = read_execution_history(self.recording.events, status)
                lines = event_lines(self.recording, history)
                self._looked = read_progress(self.recording, history), lines
        except InspectError as error:
            raise LocalError(str(error)) from None
        return self._looked

    def end(self) -> None:
        progress, _ = self._looked
        # Not before: the engine would invoke an ended handler again.
        if progress.has_ended:
            self.end_handlers()

    def _has_changed(self, recording: Recording) -> bool:
        return has_changed(self.api, self.arn, recording, self.log_groups)


def follow(
    source: Source, now: Callable[[], datetime], deadline_seconds: float
) -> Iterator[EventLine]:
    """Each line about the execution once, in the order of time.

    Args:
        now: the modelled time of the execution

    Raises:
        LocalError: it will not end, or not in time
    """
    patience = Patience(time.monotonic() + deadline_seconds)
    printed: set[tuple[str, ...]] = set()
    while True:
        began = time.monotonic()
        horizon = _whole_milliseconds(now())
        progress, lines = source.look()
        looked = time.monotonic()
        patience = patience.after(progress, looked)
        verdict = patience.verdict(progress, looked)
        if verdict is not Verdict.GO_ON:
            source.end()
            _, lines = source.look()
            yield from _new(lines, printed)
            _raise_unless_ended(verdict, progress, deadline_seconds)
            return
        # The histories are read one after the other: what is younger than the first reading may
        # still get an older neighbour.
        yield from _new((line for line in lines if line.time < horizon), printed)
        time.sleep(max(POLL_SECONDS, POLL_FACTOR * (looked - began)))


def _new(lines: Iterable[EventLine], printed: set[tuple[str, ...]]) -> Iterator[EventLine]:
    for line in lines:
        if line.id not in printed:
            printed.add(line.id)
            yield line


def _whole_milliseconds(time: datetime) -> datetime:
    """The time of the oldest log event that may still come: a log has whole milliseconds."""
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def _raise_unless_ended(verdict: Verdict, progress: Progress, deadline_seconds: float) -> None:
    if verdict is Verdict.TOO_LATE:
        raise LocalError(f"the execution did not end within {deadline_seconds:g} s")
    if verdict is Verdict.NOBODY_CALLS_BACK:
        execution = progress.durable_executions[-1]
        raise LocalError(
            "the state machine still waits, and nobody will call it back: "
            f"{execution.arn} {execution.status}: {execution.error}"
        )
