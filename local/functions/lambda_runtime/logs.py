# SPDX-License-Identifier: MIT-0
"""What a handler logs, as Lambda's runtime writes it: in JSON or in text, one event a record.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any, TextIO

from local.functions.lambda_runtime.deployed_paths import (
    formatted_exception,
    marked_stack_trace,
    shown,
)
from local.functions.lambda_runtime.marshalling import marshal

# Begins an event in the output that may hold line breaks: JSON text up to the end of the line.
EVENT_MARK = "\x1e"
# Before the id of an invocation: the line after all that it has written.
END_OF_INVOCATION = f"{EVENT_MARK}end "
# CloudWatch Logs took 256 KB at most, for years: Lambda writes what is longer as several events.
MAX_EVENT_CHARACTERS = 262_144
_SECONDS = "%Y-%m-%dT%H:%M:%SZ"
_NO_BREAK_SPACE = "\u00a0"
# What every log record has; anything else was given as `extra`.
_RECORD_FIELDS = set(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "aws_request_id",
    "tenant_id",
} - {"taskName"}

_stream = sys.stderr
_request_id = ""
_seconds_ahead = 0.0


def write_events_to(stream: TextIO) -> None:
    """Write events there: a handler may replace, or close, `sys.stderr`."""
    global _stream
    _stream = stream


def begin_request(request_id: str, seconds_ahead: float) -> None:
    """Log on behalf of that invocation from now on.

    Args:
        seconds_ahead: how far its modelled time is ahead of this machine's
    """
    global _request_id, _seconds_ahead
    _request_id, _seconds_ahead = request_id, seconds_ahead


def write_event(message: str) -> None:
    """Write a text of any characters as one event of the log, or as several if it is long."""
    for start in range(0, len(message) or 1, MAX_EVENT_CHARACTERS):
        part = message[start : start + MAX_EVENT_CHARACTERS]
        _stream.write(f"{EVENT_MARK}{json.dumps(part)}\n")


def end_request() -> None:
    """Note in the output that all of the invocation's log is written."""
    _stream.write(f"{END_OF_INVOCATION}{_request_id}\n")


def write_error(error: dict[str, Any], *, json_logs: bool) -> None:
    """Write the error that ends an invocation, or the start of a sandbox."""
    if json_logs:
        now = datetime.fromtimestamp(time.time() + _seconds_ahead, UTC).strftime(_SECONDS)
        write_event(marshal({"timestamp": now, "level": "ERROR", **error}))
        return
    lines = [f"[ERROR] {error['errorType']}: {error['errorMessage']}"]
    if not error["errorMessage"]:
        lines = [f"[ERROR] {error['errorType']}"]
    lines.append("Traceback (most recent call last):")
    for entry in error["stackTrace"]:
        lines += [_hard_indent(line) for line in entry.splitlines()] or [""]
    write_event("\n".join(lines))


def set_up_logging(*, json_logs: bool, level: str) -> None:
    """Send what is logged to the root logger to the log.

    Args:
        level: the name of a level; the root logger's own without one
    """
    logging.Formatter.converter = time.gmtime
    handler = _EventHandler()
    handler.setFormatter(_JsonFormatter() if json_logs else _TextFormatter())
    handler.addFilter(_add_request)
    root = logging.getLogger()
    root.addHandler(handler)
    if level in logging.getLevelNamesMapping():
        root.setLevel(level)


class _EventHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        write_event(self.format(record))


def _add_request(record: logging.LogRecord) -> bool:
    record.created += _seconds_ahead
    record.aws_request_id = _request_id
    record.tenant_id = None
    return True


class _TextFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__(
            "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n",
            "%Y-%m-%dT%H:%M:%S",
        )

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return formatted_exception(ei)


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        # Levels between the named ones count as the named one below them.
        record.levelno = min(50, max(0, record.levelno)) // 10 * 10
        record.levelname = logging.getLevelName(record.levelno)
        is_object = isinstance(record.msg, dict) and not record.args
        line: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).strftime(_SECONDS),
            "level": record.levelname,
            "message": record.msg if is_object else record.getMessage(),
            "logger": record.name,
            **_exception_fields(record),
            "requestId": vars(record)["aws_request_id"],
            "location": _location(record),
        }
        for key, value in vars(record).items():
            if key not in _RECORD_FIELDS and key not in line:
                line[key] = value
        present = {key: value for key, value in line.items() if value is not None}
        return json.dumps(present, ensure_ascii=False, default=str)


def _exception_fields(record: logging.LogRecord) -> dict[str, Any]:
    if not record.exc_info:
        return {"stackTrace": None, "errorType": None, "errorMessage": None}
    error_type, error, trace = record.exc_info
    return {
        "stackTrace": marked_stack_trace(trace),
        "errorType": error_type and error_type.__name__,
        "errorMessage": str(error),
    }


def _location(record: logging.LogRecord) -> str | None:
    if not record.exc_info:
        return None
    return f"{shown(record.pathname)}:{record.funcName}:{record.lineno}"


def _hard_indent(line: str) -> str:
    text = line.lstrip(" ")
    return _NO_BREAK_SPACE * (len(line) - len(text)) + text
