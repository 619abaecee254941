# SPDX-License-Identifier: MIT-0
"""Which lines of a log belong to the invocations of some durable executions.

A log group has the lines of all executions. Logged lines carry a request id, and those of the
durable SDK an execution's ARN; printed lines carry neither, but a log stream has the lines of one
invocation after the other.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from .durable_history import DurableExecutionHistory
from .recording import LogRecord

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_REQUEST = re.compile(rf"(?:^(?:START|END|REPORT) RequestId: |^\[[A-Z]+\]\t[\dT:.Z-]+\t)({_ID})")


@dataclass(frozen=True)
class _Invocations:
    """The request ids and the times of the invocations, and the durable executions' ARNs."""

    requests: frozenset[str]
    arns: frozenset[str]
    # For each function's version.
    times: Mapping[tuple[str, str], Sequence[tuple[datetime, datetime | None]]]

    @classmethod
    def of(cls, executions: Iterable[DurableExecutionHistory]) -> "_Invocations":
        known = list(executions)
        times: dict[tuple[str, str], list[tuple[datetime, datetime | None]]] = {}
        for each in known:
            times.setdefault((each.function, each.version), []).extend(
                (invocation.started, invocation.ended) for invocation in each.invocations
            )
        requests = (i.request_id for each in known for i in each.invocations if i.request_id)
        return cls(frozenset(requests), frozenset(each.arn for each in known), times)

    def ran_at(self, record: LogRecord) -> bool:
        """Whether an invocation of the stream's version ran then."""
        return any(
            start <= record.time and (end is None or record.time <= end)
            for (function, version), spans in self.times.items()
            # The version is in the stream's name: 2026/11/26/[3]….
            if function == record.function and f"[{version}]" in record.stream
            for start, end in spans
        )


def lines_of_invocations(
    records: Iterable[LogRecord], executions: Iterable[DurableExecutionHistory]
) -> list[LogRecord]:
    """The records that invocations of these durable executions wrote, in their order."""
    invocations = _Invocations.of(executions)
    by_stream: dict[tuple[str, str], list[LogRecord]] = {}
    for record in records:
        by_stream.setdefault((record.group, record.stream), []).append(record)
    return [
        record for of_stream in by_stream.values() for record in _of_stream(of_stream, invocations)
    ]


def _of_stream(records: list[LogRecord], invocations: _Invocations) -> list[LogRecord]:
    """The records of one stream: one without an id belongs to the line with an id before it, or
    else after it, if an invocation ran then.
    """
    owned = [_is_owned(record, invocations) for record in records]
    known = [index for index, is_ours in enumerate(owned) if is_ours is not None]
    kept = []
    for index, record in enumerate(records):
        is_ours = owned[index]
        if is_ours is None:
            near = _near(known, index)
            is_ours = invocations.ran_at(record) and all(owned[each] is not None for each in near)
            is_ours = is_ours and (not near or any(owned[each] for each in near))
        if is_ours:
            kept.append(record)
    return kept


def _near(known: Sequence[int], index: int) -> Sequence[int]:
    """The indexes of the last known line before a line, and of the first one after it."""
    place = bisect_right(known, index)
    return known[max(0, place - 1) : place + 1]


def _is_owned(record: LogRecord, invocations: _Invocations) -> bool | None:
    """Whether a line is of these invocations; None if it carries no id."""
    match = _REQUEST.search(record.message)
    if match:
        return match[1] in invocations.requests
    if not record.message.startswith("{"):
        return None
    try:
        fields = json.loads(record.message)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    if "executionArn" in fields:
        return str(fields["executionArn"]) in invocations.arns
    platform = fields.get("record")
    request = fields.get("requestId") or (
        platform.get("requestId") if isinstance(platform, dict) else None
    )
    return None if request is None else str(request) in invocations.requests
