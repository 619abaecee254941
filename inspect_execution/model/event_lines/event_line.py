# SPDX-License-Identifier: MIT-0
"""One line about an event, and the words for errors and times that all lines share."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ...text import printable
from ..timelines.timeline import Service

MAX_REASON_CHARACTERS = 300


@dataclass(frozen=True)
class EventLine:
    """One line about an event.

    Args:
        id: the same for the same event in every recording of an execution
        text: more than one line for a stack trace
    """

    id: tuple[str, ...]
    time: datetime
    service: Service
    text: str
    is_failure: bool = False


def with_reason(text: str, reason: str) -> str:
    """A text and, if there is one, the reason for what it says."""
    return f"{text}: {reason}" if reason else text


def reason(error: Any, cause: Any) -> str:
    """An error's name and its cause on one line; of a function's error, its message."""
    parts = [str(part) for part in (error, _message(cause)) if part]
    return printable(" ".join(": ".join(parts).split()), MAX_REASON_CHARACTERS)


def _message(cause: Any) -> Any:
    """The message in a cause: Lambda's causes are JSON with a stack trace.

    https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
    """
    try:
        parsed = json.loads(cause)
    except (TypeError, ValueError, RecursionError):
        return cause
    message = parsed.get("errorMessage") if isinstance(parsed, dict) else None
    return message if isinstance(message, str) else cause


def shown_seconds(seconds: Any) -> str:
    """Seconds as hours, minutes and seconds: 0:20:00."""
    return str(timedelta(seconds=round(float(seconds or 0))))
