# SPDX-License-Identifier: MIT-0
"""All events of both sides in one table, in the order of their time."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..histories.durable_history import durable_event_details, function_and_version
from ..histories.execution_history import ExecutionHistory, event_details
from ..histories.recording import DurableRecord, Recording
from ..text import printable
from .timeline import Service

_SECONDARY = ("roleArn", "name", "resourceType", "region", "inputDetails", "outputDetails")
MAX_TEXT_CHARACTERS, MIN_TEXT_CHARACTERS = 2_000, 160
# All texts of a table together, so that a long execution still makes a page that opens.
ALL_TEXTS_CHARACTERS = 6_000_000


@dataclass(frozen=True)
class EventRow:
    """One event in words."""

    time: datetime
    service: Service
    about: str
    type: str
    text: str


def event_rows(
    recording: Recording, history: ExecutionHistory, durable: Iterable[DurableRecord]
) -> list[EventRow]:
    """Every event; those of one time in the order in which they were told."""
    records = list(durable)
    share = ALL_TEXTS_CHARACTERS // max(1, _count(recording, records))
    limit = max(MIN_TEXT_CHARACTERS, min(MAX_TEXT_CHARACTERS, share))
    rows = list(_state_events(recording.events, history, limit))
    for record in records:
        rows.extend(_durable_events(record, limit))
    return sorted(rows, key=lambda row: row.time)


def _count(recording: Recording, records: list[DurableRecord]) -> int:
    return len(recording.events) + sum(len(record.events) for record in records)


def _state_events(
    events: Iterable[dict[str, Any]], history: ExecutionHistory, limit: int
) -> Iterator[EventRow]:
    for event in events:
        index = history.state_of_event.get(event["id"])
        of_execution = index is None or str(event["type"]).startswith("Execution")
        about = "execution" if index is None or of_execution else history.states[index].name
        details = {k: v for k, v in event_details(event).items() if k not in _SECONDARY}
        yield EventRow(
            event["timestamp"],
            Service.STEP_FUNCTIONS,
            printable(about),
            printable(str(event["type"])),
            _text(details, limit),
        )


def _durable_events(record: DurableRecord, limit: int) -> Iterator[EventRow]:
    function, version = function_and_version(record.arn)
    for event in record.events:
        name = str(event.get("Name") or "")
        event_type = str(event.get("EventType", "?"))
        about = f"{function}:{version}"
        if name and not event_type.startswith("Execution"):
            about = f"{about} {name}"
        yield EventRow(
            event["EventTimestamp"],
            Service.DURABLE,
            printable(about),
            printable(event_type),
            _text(durable_event_details(event), limit),
        )


def _text(details: dict[str, Any], limit: int) -> str:
    told = (f"{key}: {_value(value)}" for key, value in details.items() if value not in ("", None))
    return printable(" · ".join(told), limit, kept_as_is="\n\t")


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and set(value) <= {"Payload", "Truncated"}:
        return _value(value.get("Payload"))
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return json.dumps(value, default=str, ensure_ascii=False)
