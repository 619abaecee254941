# SPDX-License-Identifier: MIT-0
"""The table of both services' events, in the order of their time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..histories.events import (
    StatesEvent,
    durable_event_details,
    durable_event_type,
    event_details,
    event_type,
)
from ..histories.execution_history import ExecutionHistory
from ..histories.recording import DurableRecord, LogRecord, Recording
from ..text import printable
from .event_lines.handler_logs import log_text
from .timelines.timeline import Service

_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL")
_SECONDARY = ("roleArn", "name", "resourceType", "region", "inputDetails", "outputDetails")
MAX_TEXT_CHARACTERS, MIN_TEXT_CHARACTERS = 2_000, 160
# Of all texts of a table together: a browser must open the page of a long execution.
ALL_TEXTS_CHARACTERS = 6_000_000


@dataclass(frozen=True)
class EventRow:
    """One event: its subject is a state, a durable operation or an execution."""

    time: datetime
    service: Service
    subject: str
    type: str
    text: str


def event_rows(
    recording: Recording, history: ExecutionHistory, durable: Mapping[str, str]
) -> list[EventRow]:
    """All events; those of one time in the order of their history.

    Args:
        durable: the names of the durable executions whose events are wanted, by their ARNs
    """
    records = [record for record in recording.durable if record.arn in durable]
    events = len(recording.events) + len(recording.log_records)
    events += sum(len(record.events) for record in records)
    share = ALL_TEXTS_CHARACTERS // max(1, events)
    limit = max(MIN_TEXT_CHARACTERS, min(MAX_TEXT_CHARACTERS, share))
    rows = list(_states_events(recording.events, history, limit))
    for record in records:
        rows.extend(_durable_events(record, durable[record.arn], limit))
    rows.extend(_log_lines(recording.log_records, limit))
    return sorted(rows, key=lambda row: row.time)


def _states_events(
    events: Iterable[StatesEvent], history: ExecutionHistory, limit: int
) -> Iterator[EventRow]:
    for event in events:
        kind = event_type(event)
        index = None if kind.startswith("Execution") else history.state_of_event.get(event["id"])
        subject = "execution" if index is None else history.states[index].name
        details = {k: v for k, v in event_details(event).items() if k not in _SECONDARY}
        yield EventRow(
            time=event["timestamp"],
            service=Service.STEP_FUNCTIONS,
            subject=printable(subject),
            type=printable(kind),
            text=_text(details, limit),
        )


def _durable_events(record: DurableRecord, called: str, limit: int) -> Iterator[EventRow]:
    for event in record.events:
        kind = durable_event_type(event)
        name = "" if kind.startswith("Execution") else str(event.get("Name") or "")
        yield EventRow(
            time=event["EventTimestamp"],
            service=Service.LAMBDA,
            subject=printable(f"{called} {name}".rstrip()),
            type=printable(kind),
            text=_text(durable_event_details(event), limit),
        )


def _log_lines(records: Iterable[LogRecord], limit: int) -> Iterator[EventRow]:
    """The lines that handlers print and log; their type has the level, if they have one."""
    for record in records:
        text = log_text(record.message)
        level = text.split(" ", 1)[0].strip("[]")
        kind = f"log {level}" if level in _LEVELS else "log"
        if text:
            shown = printable(text, limit, kept_as_is="\n\t")
            yield EventRow(record.time, Service.LAMBDA, printable(record.function), kind, shown)


def _text(details: dict[str, Any], limit: int) -> str:
    texts = (f"{key}: {_value(value)}" for key, value in details.items() if value not in ("", None))
    return printable(" · ".join(texts), limit, kept_as_is="\n\t")


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and set(value) <= {"Payload", "Truncated"}:
        return _value(value.get("Payload"))
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return json.dumps(value, default=str, ensure_ascii=False)
