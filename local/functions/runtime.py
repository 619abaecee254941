# SPDX-License-Identifier: MIT-0
"""Lambda's runtime for Python, as a program of its own: one process, one sandbox.

Started by sandbox.py with nothing on its path but the standard library, the function's code
and its layers. Reads one JSON object a line from standard input and answers each with one on
standard output; whatever the handler prints or logs goes to standard error.
"""

import importlib
import json
import logging
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

# What every log record has; anything else a record carries was given as `extra`.
_RECORD_FIELDS = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}

request_id = ""
# How far the modelled time of an invocation is ahead of this machine's.
seconds_ahead = 0.0


class LambdaContext:
    """The second argument of a handler."""

    def __init__(self, invocation: dict[str, Any]) -> None:
        self.aws_request_id: str = invocation["request_id"]
        self.invoked_function_arn: str = invocation["invoked_function_arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self.tenant_id = None
        self._deadline = time.time() + invocation["timeout_seconds"]

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.time()) * 1000))

    def log(self, message: str) -> None:
        print(message, file=sys.stderr)


class JsonFormatter(logging.Formatter):
    """Log records as Lambda writes them when a function's log format is JSON."""

    def format(self, record: logging.LogRecord) -> str:
        extra = {key: value for key, value in vars(record).items() if key not in _RECORD_FIELDS}
        line = {
            "timestamp": datetime.fromtimestamp(record.created + seconds_ahead, UTC).isoformat(),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": request_id,
            **extra,
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["errorType"] = record.exc_info[0].__name__
            line["stackTrace"] = traceback.format_exception(*record.exc_info)
        return json.dumps(line, default=str)


def import_handler(name: str) -> Callable[[Any, LambdaContext], Any]:
    module, _, function = name.rpartition(".")
    handler: Callable[[Any, LambdaContext], Any] = getattr(
        importlib.import_module(module.replace("/", ".")), function
    )
    return handler


def error_of(error: BaseException, error_type: str | None = None) -> dict[str, Any]:
    """An error in the shape in which Lambda returns it."""
    return {
        "errorType": error_type or type(error).__name__,
        "errorMessage": str(error),
        "stackTrace": traceback.format_tb(error.__traceback__),
    }


def initialize(name: str) -> tuple[Callable[[Any, LambdaContext], Any] | None, dict[str, Any]]:
    """The handler, or the error that every invocation of this sandbox gets."""
    try:
        return import_handler(name), {}
    except ImportError as error:
        message = f"Unable to import module '{name.rpartition('.')[0]}': {error}"
        return None, error_of(ImportError(message), "Runtime.ImportModuleError")
    except SyntaxError as error:
        return None, error_of(error, "Runtime.UserCodeSyntaxError")
    except AttributeError as error:
        return None, error_of(error, "Runtime.HandlerNotFound")
    except Exception as error:  # whatever a module does while it is imported
        return None, error_of(error)


def invoke(handler: Callable[[Any, LambdaContext], Any], invocation: dict[str, Any]) -> str:
    """The answer to one invocation, as one line of JSON."""
    try:
        result = handler(invocation["event"], LambdaContext(invocation))
        return json.dumps({"result": json.dumps(result)})
    except Exception as error:
        logging.getLogger().exception("[ERROR] %s", type(error).__name__)
        return json.dumps({"error": error_of(error)})


def read_lines(lines: "queue.SimpleQueue[str]") -> None:
    """Pass the lines on, and end the sandbox, busy or not, when there is nobody to send any."""
    for line in sys.stdin:
        lines.put(line)
    os._exit(0)


def main() -> None:
    global request_id, seconds_ahead
    settings = json.loads(sys.stdin.readline())
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.path[:0] = settings["path"]
    log_handler = logging.StreamHandler(sys.stderr)
    if settings["json_logs"]:
        log_handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[log_handler])

    handler, init_error = initialize(settings["handler"])
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=read_lines, args=(lines,), daemon=True).start()
    while True:
        invocation = json.loads(lines.get())
        request_id = invocation["request_id"]
        seconds_ahead = invocation["seconds_ahead"]
        # AWS's clients send it on with every request: so whatever a handler starts has its clock.
        os.environ["_X_AMZN_TRACE_ID"] = invocation["trace_header"]
        answer = invoke(handler, invocation) if handler else json.dumps({"error": init_error})
        print(answer, file=answers, flush=True)


if __name__ == "__main__":
    main()
