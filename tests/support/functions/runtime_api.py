# SPDX-License-Identifier: MIT-0
"""A double of Lambda's Runtime API, to run handlers under AWS's own runtime, `awslambdaric`.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ..commands import ending

DEADLINE_SECONDS = 20
# The first two bytes of a log frame; the level follows. Then come length and time.
FRAME_MARK = b"\xa5\x5a\x00"
FRAME_HEADER_BYTES = 16


@dataclass
class Outcomes:
    """How the invocations of one process ended.

    Args:
        answers: the payloads, in the order of the events
        log: the events of the log, in their order
        status: what the process ended with, if it ended by itself
    """

    answers: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    status: int | None = None


def run_under_awslambdaric(
    code: Path, handler: str, events: Sequence[Any], environment: Mapping[str, str]
) -> Outcomes:
    """Run a handler for each event, in one process of AWS's runtime."""
    outcomes = Outcomes()
    with _serving(events, outcomes) as (address, is_done):
        process = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", handler],
            cwd=code,
            env={
                **environment,
                "AWS_LAMBDA_RUNTIME_API": address,
                # Frames and what is printed go into one stream, which keeps their order.
                "_LAMBDA_TELEMETRY_LOG_FD": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        with ending(process):
            output = _end_when(process, is_done, outcomes)
    outcomes.log = list(_log_events(output))
    return outcomes


def _end_when(
    process: "subprocess.Popen[bytes]", is_done: threading.Event, outcomes: Outcomes
) -> bytes:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not is_done.wait(0.01) and process.poll() is None:
        assert time.monotonic() < deadline, "awslambdaric answers in time"
    if is_done.is_set():
        process.kill()
    output, _ = process.communicate(timeout=DEADLINE_SECONDS)
    if not is_done.is_set():
        outcomes.status = process.returncode
    return output


@contextmanager
def _serving(events: Sequence[Any], outcomes: Outcomes) -> Iterator[tuple[str, threading.Event]]:
    """Serve the events; the flag is set when the runtime asks for one more than there are."""
    waiting = list(events)
    is_done, is_closed = threading.Event(), threading.Event()

    class RuntimeApi(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not waiting:
                is_done.set()
                is_closed.wait(DEADLINE_SECONDS)
                return
            self._send(200, json.dumps(waiting.pop(0)).encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            outcomes.answers.append(body.decode(errors="surrogateescape"))
            self._send(202, b"{}")

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Lambda-Runtime-Aws-Request-Id", "request")
            self.send_header("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + 60_000))
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), RuntimeApi)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", is_done
    finally:
        is_closed.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _log_events(output: bytes) -> Iterator[str]:
    """What Lambda makes of a stream: each frame is an event, and each printed line."""
    while output:
        start = output.find(FRAME_MARK)
        printed = output if start < 0 else output[:start]
        yield from printed.decode().splitlines()
        if start < 0:
            return
        (length,) = struct.unpack(">I", output[start + 4 : start + 8])
        end = start + FRAME_HEADER_BYTES + length
        yield output[start + FRAME_HEADER_BYTES : end].decode().removesuffix("\n")
        output = output[end:]


def environment(json_logs: bool, runtime: str) -> dict[str, str]:
    """The variables that Lambda sets, as far as a runtime reads them."""
    return {
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": "plain",
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_LOG_GROUP_NAME": "group",
        "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
        "AWS_LAMBDA_LOG_FORMAT": "JSON" if json_logs else "Text",
        **({"AWS_LAMBDA_LOG_LEVEL": "INFO"} if json_logs else {}),
        "LANG": os.environ.get("LANG", "C.UTF-8"),
        "PYTHONUTF8": "1",
    }
