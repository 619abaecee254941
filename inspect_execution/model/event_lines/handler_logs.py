# SPDX-License-Identifier: MIT-0
"""Lines about the lines that handlers print and log, in Lambda's text format and in JSON.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ...histories.recording import LogRecord
from ...text import printable
from ..timelines.timeline import Service
from .event_line import EventLine

MAX_CHARACTERS = 10_000
_FAILURES = ("ERROR", "CRITICAL", "FATAL")
_TEXT = re.compile(r"\[([A-Z]+)\]\t[\dT:.Z-]+\t[\w-]*\t(.*)", re.DOTALL)
# botocore logs where it finds its settings; every handler with a client would begin with that.
_SETTINGS = ("botocore.credentials", "botocore.configprovider")
_NO_BREAK_SPACE = "\u00a0"


def log_lines(records: Iterable[LogRecord]) -> Iterator[EventLine]:
    """A line for each record, with its function's name."""
    for record in records:
        text = log_text(record.message)
        if text:
            yield EventLine(
                id=("logs", record.group, record.id),
                time=record.time,
                service=Service.LAMBDA,
                text=f"{printable(record.function)} | {text}",
                is_failure=text.lstrip("[").startswith(_FAILURES),
            )


def log_text(message: str) -> str:
    """A log event as its level, its message and, on lines of their own, its stack trace."""
    text = _json_text(message) if message.startswith("{") else None
    if text is None:
        text = _TEXT.sub(r"\1 \2", message)
    clean = text.replace(_NO_BREAK_SPACE, " ").rstrip()
    return printable(clean, MAX_CHARACTERS, kept_as_is="\n\t").expandtabs(4)


def _json_text(message: str) -> str | None:
    try:
        record = json.loads(message)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or not {"message", "errorType"} & set(record):
        return None
    if record.get("logger") in _SETTINGS and record.get("level") in ("INFO", "DEBUG"):
        return ""
    said = record.get("message")
    error = _error(record)
    parts = [said if isinstance(said, str) else json.dumps(said)] if "message" in record else []
    parts += [error] if error and error not in parts else []
    first = f"{record.get('level', '')} {': '.join(parts)}".strip()
    return "\n".join([first, *_stack_trace(record.get("stackTrace"))])


def _error(record: dict[str, Any]) -> str:
    return ": ".join(str(record[key]) for key in ("errorType", "errorMessage") if record.get(key))


def _stack_trace(trace: Any) -> Iterator[str]:
    for entry in trace if isinstance(trace, list) else []:
        yield from str(entry).rstrip().splitlines()
