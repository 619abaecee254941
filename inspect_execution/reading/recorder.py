# SPDX-License-Identifier: MIT-0
"""The recording of an execution: which answers are read, and what happens if one cannot be read."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from ..errors import ApiCallFailed
from ..histories.correlation import start_window
from ..histories.durable_history import bytes_written, function_and_version
from ..histories.execution_history import read_execution_history
from ..histories.lambda_tasks import LambdaTask, lambda_tasks
from ..histories.recording import (
    DurableRecord,
    FunctionMemory,
    LogRecord,
    Recording,
    tokens_in,
)
from ..text import count
from .aws_api import AwsApi
from .execution_arn import ExecutionArn
from .redaction import Redaction

CALLS_AT_ONCE = 8
# Each takes two calls or more, and Lambda throttles a client that makes very many.
MAX_DURABLE_EXECUTIONS = 500
# The executions of one function that are read to find those of its tasks.
MAX_CANDIDATES = 100
T = TypeVar("T")


def record_execution(
    api: AwsApi, arn: ExecutionArn, log_groups: Mapping[str, str] | None = None
) -> Recording:
    """Record one execution, without its task tokens.

    Args:
        log_groups: the log groups to record since the execution's start, each with the name of the
            function that writes to it

    Raises:
        ApiCallFailed: DescribeExecution has no answer; the recording lists other calls that fail
    """
    execution = api.execution(arn.text)
    omissions = _Omissions()
    definition = omissions.read(lambda: api.definition(arn.text), "")
    answered: list[dict[str, Any]] = omissions.read(lambda: api.history(arn.text), [])
    # The input of a nested execution may hold the token of the task that started it.
    redaction = Redaction.of(answered, definition).also(execution.get("input", ""))
    events: list[dict[str, Any]] = redaction.apply(answered)
    now = max([datetime.now(UTC), *(event["timestamp"] for event in events[-1:])])
    tasks = lambda_tasks(read_execution_history(events, str(execution.get("status", ""))))
    recorder = _DurableRecorder(api, redaction, now, omissions)
    durable = list(recorder.records(tasks))
    # After the histories, so that the redaction knows all tokens that a handler can have logged.
    for payload in recorder.payloads:
        redaction = redaction.also(payload)
    log_recorder = _LogRecorder(api, redaction, execution["startDate"], omissions)
    return Recording(
        execution=redaction.apply({**execution, "ResponseMetadata": None}),
        definition=redaction.apply(definition),
        events=events,
        durable=durable,
        memory=recorder.memory(durable),
        omissions=omissions.reasons,
        read_at=now,
        log_records=log_recorder.records(log_groups or {}),
    )


def record_durable_execution(api: AwsApi, arn: str) -> Recording:
    """Record one durable execution by itself, without the task tokens in its input.

    Raises:
        ApiCallFailed: GetDurableExecution has no answer; the recording lists other calls that fail
    """
    details = api.durable_execution(arn)
    omissions = _Omissions()
    now = datetime.now(UTC)
    redaction = Redaction.knowing(()).also(details.get("InputPayload", ""))
    recorder = _DurableRecorder(api, redaction, now, omissions)
    record = recorder.record(arn)
    times = (event["EventTimestamp"] for event in record.events)
    return Recording(
        execution={"executionArn": arn, "status": str(record.details.get("Status", ""))},
        definition="",
        events=[],
        durable=[record],
        memory=recorder.memory([record]),
        omissions=omissions.reasons,
        read_at=max([now, *times]),
    )


@dataclass
class _Omissions:
    """The calls that failed: the other answers are still worth showing."""

    reasons: list[str] = field(default_factory=list)

    def read(self, read: Callable[[], T], default: T) -> T:
        try:
            return read()
        except ApiCallFailed as failure:
            if str(failure) not in self.reasons:
                self.add(str(failure))
            return default

    def add(self, reason: str) -> None:
        self.reasons.append(reason)


@dataclass(frozen=True)
class _DurableRecorder:
    """Records the durable executions of an execution's tasks."""

    api: AwsApi
    redaction: Redaction
    now: datetime
    omissions: _Omissions
    # The inputs of the durable executions: they may hold tokens of other executions.
    payloads: list[Any] = field(default_factory=list)

    def records(self, tasks: list[LambdaTask]) -> Iterator[DurableRecord]:
        """The durable executions that response headers name, then those that other tasks may have
        started.
        """
        named = dict.fromkeys(t.durable_execution_arn for t in tasks if t.durable_execution_arn)
        others = self._candidates([task for task in tasks if not task.durable_execution_arn])
        arns = [*named, *(arn for arn in others if arn not in named)]
        if len(arns) > MAX_DURABLE_EXECUTIONS:
            beyond = count(len(arns) - MAX_DURABLE_EXECUTIONS, "durable execution")
            self.omissions.add(f"{beyond} beyond the first {MAX_DURABLE_EXECUTIONS}")
        with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
            yield from pool.map(self.record, arns[:MAX_DURABLE_EXECUTIONS])

    def _candidates(self, tasks: list[LambdaTask]) -> list[str]:
        found: dict[str, None] = {}
        by_function: dict[str, list[LambdaTask]] = {}
        for task in tasks:
            by_function.setdefault(task.function, []).append(task)
        for function, of_function in by_function.items():
            limit = MAX_CANDIDATES + len(of_function)
            read = partial(self._started_with, function, of_function, limit + 1)
            listed: list[str] = self.omissions.read(read, [])
            if len(listed) > limit:
                self.omissions.add(f"durable executions of {function} beyond the first {limit}")
            found |= dict.fromkeys(listed[:limit])
        return list(found)

    def _started_with(self, function: str, tasks: list[LambdaTask], limit: int) -> list[str]:
        """The durable executions of a function that began while one of its tasks ran."""
        windows = [start_window(task, self.now) for task in tasks]
        window = min(start for start, _ in windows), max(end for _, end in windows)
        listing = self.api.durable_executions(function, window)
        return [str(each["DurableExecutionArn"]) for each in islice(listing, limit)]

    def record(self, arn: str) -> DurableRecord:
        read = self.omissions.read
        details: dict[str, Any] = read(lambda: self.api.durable_execution(arn), {})
        events: list[dict[str, Any]] = read(lambda: self.api.durable_history(arn), [])
        redaction = self.redaction
        payload = details.get("InputPayload", "")
        if not tokens_in(str(redaction.apply(payload))):
            redaction = redaction.also(payload)
            self.payloads.append(payload)
        dated = [event for event in events if "EventTimestamp" in event]
        if len(dated) < len(events):
            undated = count(len(events) - len(dated), "event")
            self.omissions.add(f"{undated} of {arn}: without a time")
        clean: list[dict[str, Any]] = redaction.apply(dated)
        taken_out = bytes_written(dated)[0] - bytes_written(clean)[0]
        return DurableRecord(arn, redaction.apply(details), clean, taken_out)

    def memory(self, durable: list[DurableRecord]) -> dict[str, FunctionMemory]:
        """The memory of each function version with a durable execution, by the version's ARN."""
        versions = sorted({record.arn.split("/")[0] for record in durable})
        return {arn: found for arn in versions if (found := self._memory(arn))}

    def _memory(self, version_arn: str) -> FunctionMemory | None:
        function, version = function_and_version(version_arn + "/durable-execution/-/-")
        name = f"{function}:{version}" if version else function
        read = partial(self.api.function_configuration, name)
        answer: dict[str, Any] = self.omissions.read(read, {})
        if not answer.get("MemorySize"):
            return None
        architectures = answer.get("Architectures") or ["an unknown architecture"]
        return FunctionMemory(int(answer["MemorySize"]), str(architectures[0]))


@dataclass(frozen=True)
class _LogRecorder:
    """Records log groups from an execution's start on."""

    api: AwsApi
    redaction: Redaction
    start: datetime
    omissions: _Omissions

    def records(self, log_groups: Mapping[str, str]) -> list[LogRecord]:
        return [
            LogRecord(
                group=group,
                function=function,
                id=str(event["eventId"]),
                time=datetime.fromtimestamp(event["timestamp"] / 1000, UTC),
                message=self.redaction.apply(event["message"]),
            )
            for group, function in log_groups.items()
            for event in self._events(group)
        ]

    def _events(self, group: str) -> list[dict[str, Any]]:
        return self.omissions.read(lambda: self.api.log_events(group, self.start), [])
