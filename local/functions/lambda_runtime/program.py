# SPDX-License-Identifier: MIT-0
"""The program of a sandbox: it loads a handler, and answers one invocation a line.

Reads one JSON object a line from standard input, first the sandbox's settings and then
invocations, and answers each with one on standard output: the settings once it has tried to load
the handler, an invocation once that has ended. An answer has the request id of what it answers. A
process that a handler forks ends where the handler returns. All that the handler prints or logs
goes to standard error.
"""

import contextlib
import gc
import io
import json
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO, TextIO, cast

from local.functions.lambda_runtime.deployed_paths import show_deployed_paths
from local.functions.lambda_runtime.handler import Handler, error_of, load_handler, run_handler
from local.functions.lambda_runtime.logs import (
    begin_request,
    end_request,
    set_up_logging,
    write_error,
    write_events_to,
)
from local.functions.lambda_runtime.marshalling import marshal

# https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html
UNHANDLED_EXCEPTION = (
    "LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. "
    "However, in rare cases, a Lambda runtime update can cause unexpected function behavior. For "
    "functions using managed runtimes, runtime updates can be triggered by a function change, or "
    "can be applied automatically. To determine if the runtime has been updated, check the runtime "
    "version in the INIT_START log entry. If this error correlates with a change in the runtime "
    "version, you may be able to mitigate this error by temporarily rolling back to the previous "
    "runtime version. For more information, see "
    "https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html\r"
)


def main(around: Callable[[Handler], Handler] = lambda handler: handler) -> None:
    """Answer invocations until standard input ends.

    Args:
        around: makes of the deployed handler the one that is invoked
    """
    process_id = os.getpid()
    requests = _take_standard_input()
    settings = json.loads(requests.readline())
    json_logs = settings["json_logs"]
    answers = _take_standard_output()
    sys.path[:0] = settings["path"]
    show_deployed_paths(settings["path"])
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").replace("TRACE", "DEBUG").upper()
    set_up_logging(json_logs=json_logs, level=level)
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    # Before the handler is loaded: that may take for ever, and the endpoint may end meanwhile.
    threading.Thread(target=_read_lines, args=(requests, lines), daemon=True).start()
    handler, init_error = _initialize(settings["handler"], json_logs=json_logs)
    _end_unless(process_id)
    _answer(answers, settings["request_id"], {})
    while True:
        invocation = json.loads(lines.get())
        begin_request(invocation["request_id"], invocation["seconds_ahead"])
        # AWS's clients send it with every request: so what a handler starts belongs to its clock.
        os.environ["_X_AMZN_TRACE_ID"] = invocation["trace_header"]
        if handler is None:
            answer = {"error": _encodable(marshal(init_error))}
        else:
            answer = _invoke(around(handler), invocation, json_logs=json_logs)
        _end_unless(process_id)
        end_request()
        allowed = _allowed(answer, settings["max_response_bytes"])
        _answer(answers, invocation["request_id"], {**allowed, "has_ended": handler is None})
        if handler is None:
            # The next invocation gets a new sandbox, which may load the handler.
            sys.exit(1)


def _take_standard_input() -> BinaryIO:
    """A stream of requests. Standard input is empty for the handler and for what it starts.

    The stream is none of `sys`: the thread that reads it holds its lock, and a process that
    `multiprocessing` forks closes `sys.stdin`, which would wait for that lock for ever.
    """
    requests = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return requests


def _take_standard_output() -> TextIO:
    """A stream for answers; standard output is the handler's, and joins standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout, sys.stderr = _unbuffered(1), _unbuffered(2)
    write_events_to(_unbuffered(os.dup(2)))
    return answers


class _Whole(io.FileIO):
    """A file that writes all: of a write that a signal cuts short, TextIOWrapper drops the rest."""

    def write(self, data: Any) -> int:
        rest = memoryview(data).cast("B")
        while rest:
            rest = rest[super().write(rest) or 0 :]
        return len(data)


def _unbuffered(descriptor: int) -> TextIO:
    """A stream that holds nothing back: what is printed before a crash is in the log."""
    # As Python's own: a handler that replaces the stream leaves the descriptor open.
    raw = cast(BinaryIO, _Whole(descriptor, "wb", closefd=False))
    return io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", write_through=True)


def _initialize(name: str, *, json_logs: bool) -> tuple[Handler | None, dict[str, Any]]:
    """The handler, or the error that ends the sandbox."""
    # What is imported stays: looking through it for garbage takes a tenth of the time.
    gc.disable()
    try:
        return load_handler(name), {}
    except Exception as error:  # a module may raise any while it is imported
        failure = error_of(error, "")
    finally:
        gc.enable()
    logging.warning(UNHANDLED_EXCEPTION)
    write_error(failure, json_logs=json_logs)
    return None, failure


def _invoke(handler: Handler, invocation: dict[str, Any], *, json_logs: bool) -> dict[str, str]:
    try:
        result = run_handler(handler, invocation)
    except Exception as error:
        failure = error_of(error, invocation["request_id"])
    else:
        return {"result": _encodable(result)}
    write_error(failure, json_logs=json_logs)
    return {"error": _encodable(marshal(failure))}


def _encodable(text: str) -> str:
    """The text, unless half of a surrogate pair is in it: then Lambda's runtime ends, too.

    Raises:
        UnicodeEncodeError: it has no UTF-8; bytes that a handler returned are escaped
    """
    text.encode(errors="surrogateescape")
    return text


def _allowed(answer: dict[str, str], max_bytes: int) -> dict[str, Any]:
    """The answer, unless it is too large: then the endpoint reports that, and needs none of it."""
    sizes = (len(text.encode(errors="surrogateescape")) for text in answer.values())
    return answer if sum(sizes) <= max_bytes else {"is_too_large": True}


def _end_unless(process_id: int) -> None:
    """End a process that has been forked from that one: its answer would be a second one.

    Lambda refuses the second answer. Here, two that are long would be written into each other.
    """
    if os.getpid() == process_id:
        return
    for stream in (sys.stdout, sys.stderr):
        # A handler may have replaced or closed it.
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(0)


def _answer(answers: TextIO, request_id: str, answer: dict[str, Any]) -> None:
    print(json.dumps({"request_id": request_id, **answer}), file=answers, flush=True)


def _read_lines(requests: BinaryIO, lines: "queue.SimpleQueue[bytes]") -> None:
    """Pass the lines on; when the input is closed, end the sandbox, busy or not."""
    for line in requests:
        lines.put(line)
    # It leads a group: what the handler has started ends with it.
    with contextlib.suppress(OSError):
        os.killpg(0, signal.SIGKILL)
    os._exit(0)
