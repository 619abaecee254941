# SPDX-License-Identifier: MIT-0
"""What to read of an execution, in which order, and what to do without."""

from collections.abc import Callable, Iterable, Iterator
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
from ..histories.lambda_tasks import LambdaTask, lambda_tasks, tokens_in
from ..histories.recording import DurableRecord, FunctionMemory, Recording
from ..text import count
from .aws_api import AwsApi
from .execution_arn import ExecutionArn
from .redaction import Redaction

CALLS_AT_ONCE = 8
# Each one takes two calls or more, and Lambda throttles who makes very many.
MAX_DURABLE_EXECUTIONS = 500
# How many executions of one function are looked at to find the one of a task.
MAX_CANDIDATES = 100
T = TypeVar("T")


@dataclass
class _Parts:
    """Reads parts that may be refused: the rest is still worth showing."""

    omissions: list[str] = field(default_factory=list)

    def read(self, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except ApiCallFailed as refusal:
            if str(refusal) not in self.omissions:
                self.omissions.append(str(refusal))
            return otherwise


def record_execution(reader: AwsApi, arn: ExecutionArn) -> Recording:
    """Everything about one execution, without its task tokens.

    Raises:
        Refused: there is no such execution, or nobody to say so
    """
    execution = reader.execution(arn.text)
    parts = _Parts()
    definition = parts.read(lambda: reader.definition(arn.text), "")
    told: list[dict[str, Any]] = parts.read(lambda: reader.history(arn.text), [])
    # A nested execution's input may have the token of the task that started it.
    redaction = Redaction.of(told, definition).also(execution.get("input", ""))
    events: list[dict[str, Any]] = redaction.apply(told)
    now = max([datetime.now(UTC), *(event["timestamp"] for event in events[-1:])])
    tasks = lambda_tasks(read_execution_history(events, str(execution.get("status", ""))))
    durable = list(_durable_records(reader, parts, redaction, tasks, now))
    versions = sorted({record.arn.split("/")[0] for record in durable})
    memory = {arn: found for arn in versions if (found := _memory(reader, parts, arn))}
    clean: dict[str, Any] = redaction.apply({**execution, "ResponseMetadata": None})
    return Recording(
        execution=clean,
        definition=redaction.apply(definition),
        events=events,
        durable=durable,
        memory=memory,
        omissions=parts.omissions,
        read_at=now,
    )


def _durable_records(
    reader: AwsApi, parts: _Parts, redaction: Redaction, tasks: list[LambdaTask], now: datetime
) -> Iterator[DurableRecord]:
    """Those that headers name, then those that may belong to the tasks that are left."""
    named = [task.durable_execution_arn for task in tasks if task.durable_execution_arn]
    wanted = list(dict.fromkeys(named))
    sought = [task for task in tasks if not task.durable_execution_arn]
    candidates = _candidates(reader, parts, sought, now, set(wanted))
    read = wanted + candidates
    if len(read) > MAX_DURABLE_EXECUTIONS:
        beyond = count(len(read) - MAX_DURABLE_EXECUTIONS, "durable execution")
        parts.omissions.append(f"{beyond} beyond the first {MAX_DURABLE_EXECUTIONS}")
    with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
        yield from pool.map(
            lambda arn: _record(reader, parts, redaction, arn), read[:MAX_DURABLE_EXECUTIONS]
        )


def _candidates(
    reader: AwsApi, parts: _Parts, tasks: Iterable[LambdaTask], now: datetime, known: set[str]
) -> list[str]:
    found: dict[str, None] = {}
    by_function: dict[str, list[LambdaTask]] = {}
    for task in tasks:
        by_function.setdefault(task.function, []).append(task)
    for function, sought in by_function.items():
        limit = MAX_CANDIDATES + len(sought)
        read = partial(_listed, reader, function, sought, now, limit + 1)
        listed: list[str] = parts.read(read, [])
        if len(listed) > limit:
            parts.omissions.append(f"durable executions of {function} beyond the first {limit}")
        found |= dict.fromkeys(listed[:limit])
    return [arn for arn in found if arn not in known]


def _listed(
    reader: AwsApi, function: str, tasks: list[LambdaTask], now: datetime, limit: int
) -> list[str]:
    windows = [start_window(task, now) for task in tasks]
    span = min(start for start, _ in windows), max(end for _, end in windows)
    listing = reader.durable_executions(function, span)
    return [str(each["DurableExecutionArn"]) for each in islice(listing, limit)]


def _record(reader: AwsApi, parts: _Parts, redaction: Redaction, arn: str) -> DurableRecord:
    details: dict[str, Any] = parts.read(lambda: reader.durable_execution(arn), {})
    events: list[dict[str, Any]] = parts.read(lambda: reader.durable_history(arn), [])
    given = details.get("InputPayload", "")
    if not tokens_in(str(redaction.apply(given))):
        redaction = redaction.also(given)
    dated = [event for event in events if "EventTimestamp" in event]
    if len(dated) < len(events):
        undated = count(len(events) - len(dated), "event")
        parts.omissions.append(f"{undated} of {arn}: without a time")
    clean: list[dict[str, Any]] = redaction.apply(dated)
    taken_out = bytes_written(dated)[0] - bytes_written(clean)[0]
    return DurableRecord(arn, redaction.apply(details), clean, taken_out)


def _memory(reader: AwsApi, parts: _Parts, version_arn: str) -> FunctionMemory | None:
    function, version = function_and_version(version_arn + "/durable-execution/-/-")
    name = f"{function}:{version}" if version else function
    answer: dict[str, Any] = parts.read(lambda: reader.function_configuration(name), {})
    if not answer.get("MemorySize"):
        return None
    architectures = answer.get("Architectures") or ["an architecture that is not told"]
    return FunctionMemory(int(answer["MemorySize"]), str(architectures[0]))
