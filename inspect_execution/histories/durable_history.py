# SPDX-License-Identifier: MIT-0
"""A durable execution's history as operations and invocations, with the bytes that it wrote."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..status import Status
from .durable_operations import DurableOperation, is_operation_event, read_operations
from .events import DurableEvent, durable_error, durable_event_details, durable_event_type
from .handler_invocations import HandlerInvocation, read_invocations
from .recording import DurableRecord

_ARN = re.compile(r".*:function:([^:/]+):([^/]+)/durable-execution/([^/]+)/.+")
# The statuses in which a handler may run: a pause waits for the running invocation's end.
_WITH_HANDLER = ("RUNNING", "PAUSING")
_OTHER_EVENTS = ("Execution", "InvocationCompleted")


@dataclass(frozen=True)
class DurableExecutionHistory:
    """The history of one durable execution."""

    arn: str
    function: str
    version: str
    status: Status
    started: datetime
    ended: datetime | None
    input: str
    result: str
    error: str
    operations: tuple[DurableOperation, ...]
    invocations: tuple[HandlerInvocation, ...]
    bytes_written: int
    # False if the history truncates a payload: then bytes_written is too low.
    is_bytes_complete: bool
    # Event types that this package does not know, and how many events have each.
    unknown: Mapping[str, int]
    # When the execution timeout will end it; None if it has ended.
    times_out: datetime | None = None
    # When the pause was requested that it is in; None if it is in none.
    paused: datetime | None = None
    is_timeout_paused: bool = False
    # See durable_names.
    name: str = ""

    @property
    def replays(self) -> int:
        """The invocations after the first: each replays what is checkpointed."""
        return max(0, len(self.invocations) - 1)


def function_and_version(arn: str) -> tuple[str, str]:
    """The function's name and its version in a durable execution's ARN."""
    match = _ARN.fullmatch(arn)
    return (match[1], match[2]) if match else (arn, "")


def _version_name(arn: str) -> str:
    return ":".join(filter(None, function_and_version(arn)))


def durable_names(started: Mapping[str, datetime]) -> dict[str, str]:
    """What a reader calls each of several durable executions, by its ARN: the function's version,
    such as work:1, and where several have the same one, their numbers: work:1 #1, work:1 #2.

    Args:
        started: when each began, by its ARN
    """
    names = {arn: _version_name(arn) for arn in started}
    number_of = Counter(names.values())
    begun: Counter[str] = Counter()
    # Lambda tells milliseconds: who knows more, or reads them from a file, finds the same order.
    for arn in sorted(names, key=lambda arn: (round(started[arn].timestamp(), 3), arn)):
        name = names[arn]
        if number_of[name] > 1:
            begun[name] += 1
            names[arn] = f"{name} #{begun[name]}"
    return names


def with_names(executions: Iterable[DurableExecutionHistory]) -> list[DurableExecutionHistory]:
    """The durable executions of one view, each with its name."""
    read = list(executions)
    names = durable_names({each.arn: each.started for each in read})
    return [replace(each, name=names[each.arn]) for each in read]


def read_durable_history(record: DurableRecord) -> DurableExecutionHistory | None:
    """Read the record of a durable execution: None if it holds no more than the ARN."""
    details, events = record.details, record.events
    first = details.get("StartTimestamp") or (events[0]["EventTimestamp"] if events else None)
    if first is None:
        return None
    function, version = function_and_version(record.arn)
    status = str(details.get("Status", "UNKNOWN"))
    counted, is_complete = bytes_written(events)
    pause = details.get("PauseDetails") or {}
    types = map(durable_event_type, events)
    return DurableExecutionHistory(
        arn=record.arn,
        function=function,
        version=version,
        status=Status.parse(status),
        started=first,
        ended=details.get("EndTimestamp"),
        input=str(details.get("InputPayload") or ""),
        result=str(details.get("Result") or ""),
        error=durable_error(details.get("Error")),
        operations=tuple(read_operations(events, status)),
        invocations=tuple(read_invocations(events, first, status in _WITH_HANDLER)),
        bytes_written=counted + record.bytes_taken_out,
        is_bytes_complete=is_complete,
        unknown=Counter(kind for kind in types if not _is_known(kind)),
        times_out=details.get("ExpectedExecutionTimeoutTimestamp"),
        paused=pause.get("PauseRequestTimestamp"),
        is_timeout_paused=bool(pause.get("ExecutionTimeoutPaused")),
        name=_version_name(record.arn),
    )


def _is_known(kind: str) -> bool:
    return kind.startswith(_OTHER_EVENTS) or is_operation_event(kind)


def bytes_written(events: list[DurableEvent]) -> tuple[int, bool]:
    """The bytes of all payloads in a history, and whether the history truncates none of them."""
    total, is_complete = 0, True
    for event in events:
        for part in durable_event_details(event).values():
            if not isinstance(part, dict):
                continue
            payload = part.get("Payload")
            text = payload if isinstance(payload, str) else "".join(_texts(payload))
            total += len(text.encode(errors="surrogatepass"))
            is_complete = is_complete and not part.get("Truncated")
    return total, is_complete


def _texts(error: Any) -> list[str]:
    values = error.values() if isinstance(error, dict) else []
    return [value for value in values if isinstance(value, str)]
