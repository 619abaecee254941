# SPDX-License-Identifier: MIT-0
"""The values of a document: times, seconds, statuses, and texts that may be empty."""

from datetime import UTC, datetime

from ..status import Status


def time_value(time: datetime) -> str:
    """A time as ISO 8601 in UTC, with milliseconds: 2026-11-26T12:00:00.000Z."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def optional_time(time: datetime | None) -> str | None:
    return None if time is None else time_value(time)


def seconds_between(start: datetime, end: datetime) -> float:
    return round((end - start).total_seconds(), 3)


def status_value(status: Status) -> str:
    return status.name


def optional_text(text: str) -> str | None:
    """A text, or null if the answer of AWS has none."""
    return text or None
