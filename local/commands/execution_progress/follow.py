# SPDX-License-Identifier: MIT-0
"""Follows an execution until both sides have ended, or it is clear that they will not."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
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

from ...errors import LocalError
from .progress import Patience, Progress, Verdict, read_progress

POLL_SECONDS = 0.1
# A long history takes seconds to read: reading it must not be all that this machine does.
PAUSE_FACTOR = 3
MAX_PAUSE_SECONDS = 5


@dataclass(frozen=True)
class Look:
    """An execution at one time.

    Args:
        lines: all lines so far
        horizon: a line that is still missing is not older than this
    """

    progress: Progress
    lines: list[EventLine]
    horizon: datetime


class Source(Protocol):
    """An execution that can be looked at again and again."""

    def look(self) -> Look: ...

    def last_look(self) -> Look:
        """Look at an execution for the last time."""
        ...


@dataclass
class ExecutionSource:
    """An execution at an endpoint, read through AWS's API, and only if it has changed.

    Args:
        log_groups: the log groups to show, each with its function's name
        now: the modelled time of the execution
        end_handlers: ends the processes of all handlers, after which their logs are complete
    """

    api: AwsApi
    arn: ExecutionArn
    log_groups: Mapping[str, str]
    now: Callable[[], datetime]
    end_handlers: Callable[[], None]
    recording: Recording | None = None
    _look: Look = field(init=False)
    _pause_until: float = 0

    def look(self) -> Look:
        """Look at the execution.

        Raises:
            LocalError: the execution cannot be read
        """
        try:
            self._look = self._new_look(self.recording)
        except InspectError as error:
            raise LocalError(str(error)) from None
        return self._look

    def last_look(self) -> Look:
        # Not before the end: the engine would invoke a handler again that has been ended.
        if self._look.progress.has_ended:
            self.end_handlers()
        self._pause_until = 0
        return self.look()

    def _new_look(self, recording: Recording | None) -> Look:
        # The histories are read one after the other: what is younger than the beginning of the
        # first reading may still get an older neighbour.
        began, horizon = time.monotonic(), _whole_milliseconds(self.now())
        if recording is not None:
            status = self.api.execution(self.arn.text)["status"]
            has_ended = status != recording.execution["status"]
            if not has_ended and began < self._pause_until:
                return self._look
            if not has_ended and not has_changed(self.api, self.arn, recording, self.log_groups):
                return replace(self._look, horizon=horizon)
        self.recording = record_execution(self.api, self.arn, self.log_groups)
        history = read_execution_history(
            self.recording.events, str(self.recording.execution["status"])
        )
        progress = read_progress(self.recording, history)
        look = Look(progress, event_lines(self.recording, history), horizon)
        ended = time.monotonic()
        self._pause_until = ended + min(MAX_PAUSE_SECONDS, PAUSE_FACTOR * (ended - began))
        return look


def follow(source: Source, deadline_seconds: float) -> Iterator[EventLine]:
    """Each line about the execution once, in the order of time.

    Raises:
        LocalError: it will not end, or not in time
    """
    patience = Patience(time.monotonic() + deadline_seconds)
    printed: set[tuple[str, ...]] = set()
    while True:
        look = source.look()
        now = time.monotonic()
        patience = patience.after(look.progress, now)
        verdict = patience.verdict(look.progress, now)
        if verdict is not Verdict.GO_ON:
            yield from _new(source.last_look().lines, printed)
            _raise_unless_ended(verdict, look.progress, deadline_seconds)
            return
        yield from _new((line for line in look.lines if line.time < look.horizon), printed)
        time.sleep(POLL_SECONDS)


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
    if verdict is Verdict.CALLBACK_IS_LOST:
        execution = progress.durable_executions[-1]
        raise LocalError(
            "the state machine still waits for a callback that its durable execution cannot send: "
            f"{execution.arn} {execution.status}: {execution.error}"
        )
