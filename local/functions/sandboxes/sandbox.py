# SPDX-License-Identifier: MIT-0
"""Sandboxes: processes for handlers, which can import what is deployed, boto3, and no more."""

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ...clocks.clocks import trace_header
from ...clocks.modelled_clock import current_clock, real_now
from ...errors import error_without_data
from .. import platform_error
from ..function import FunctionConfiguration, FunctionVersion
from ..lambda_runtime.log_events import log_events
from ..lambda_runtime.logs import END_OF_INVOCATION
from .log_tail import LogTail
from .managed_packages import managed_packages
from .sandbox_process import FORK_DEADLINE_SECONDS, SandboxProcess, Start

_log = logging.getLogger(__name__)
# What a handler has started in a session of its own outlives it, and may keep its log open.
LOG_DEADLINE_SECONDS = 1
# A process that has closed its answers is about to end, unless a thread of its own holds it.
EXIT_SECONDS = 1
# To load a handler takes none of the function's timeout, unless it takes longer than this:
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
INIT_SECONDS = 10

# Takes the version, the log stream, the line and its moment.
LogLine = Callable[[FunctionVersion, str, str, datetime], None]


@dataclass(frozen=True)
class InvocationResult:
    """What one invocation of a handler came to: its result as JSON text, or its error."""

    request_id: str
    payload: str
    is_error: bool
    # The last events of the log since the invocation began.
    log: tuple[str, ...] = ()


def layer_directories(configuration: FunctionConfiguration) -> Iterator[str]:
    """Where a function imports from its layers, in the order of Lambda's own path.

    https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
    """
    site_packages = f"python/lib/{configuration.runtime}/site-packages"
    for directory in (site_packages, "python"):
        # Of two layers with the same file, Lambda has that of the later one.
        yield from (str(layer / directory) for layer in reversed(configuration.layers))


class Sandbox:
    """One process that runs one invocation of one version at a time."""

    def __init__(
        self,
        version: FunctionVersion,
        environment: Mapping[str, str],
        log: LogLine,
        start: Start,
    ) -> None:
        configuration = version.configuration
        packages = (
            *layer_directories(configuration),
            str(managed_packages(configuration.runtime)),
        )
        self.version = version
        self.log_stream = f"[{version.number}]{uuid.uuid4().hex}"
        self._log = log
        self._ahead = timedelta(0)
        self._has_loaded = self._has_failed_to_start = False
        self._request_id = ""
        self._events = LogTail()
        self._has_ended = threading.Event()
        self._process = SandboxProcess(
            start,
            configuration.code,
            packages,
            {**environment, "AWS_LAMBDA_LOG_STREAM_NAME": self.log_stream},
        )
        self._log_reader = threading.Thread(target=self._read_log, daemon=True)
        self._log_reader.start()
        self._process.send(
            {
                "request_id": self.log_stream,
                "handler": configuration.handler,
                "path": [str(configuration.code), *packages],
                "json_logs": configuration.json_logs,
                "max_response_bytes": platform_error.MAX_RESPONSE_BYTES,
            }
        )

    @property
    def is_alive(self) -> bool:
        return not self._has_failed_to_start and self._process.is_alive

    def invoke(self, event: str, invoked_arn: str, client_context: Any = None) -> InvocationResult:
        """Run the handler once. A crash or a time-out is a result too, and ends the sandbox."""
        request_id = str(uuid.uuid4())
        timeout = self.version.configuration.timeout_seconds
        clock = current_clock()
        # While a handler runs, nothing is skipped: all its lines are as far ahead of real time.
        self._ahead = clock.skipped if clock else timedelta(0)
        self._events, self._has_ended = LogTail(), threading.Event()
        self._request_id = request_id
        invocation = {
            "event": event,
            "request_id": request_id,
            "invoked_function_arn": invoked_arn,
            "timeout_seconds": timeout,
            "client_context": client_context,
            "trace_header": trace_header(),
            "seconds_ahead": self._ahead.total_seconds(),
        }
        deadline = time.monotonic() + timeout
        try:
            answer = self._process.ask(invocation, timeout) if self._loads(timeout) else None
        except TimeoutError:
            return self._crashed(request_id, timed_out=True)
        if answer is None:
            has_ended = self._ends_within(deadline - time.monotonic())
            return self._crashed(request_id, timed_out=not has_ended)
        self._has_ended.wait(LOG_DEADLINE_SECONDS)
        # Its process is about to end: the next invocation must not find it alive.
        self._has_failed_to_start = answer["has_ended"]
        log = self._events.events
        if "is_too_large" in answer:
            refusal = platform_error.response_too_large()
            return InvocationResult(request_id, refusal, is_error=True, log=log)
        if "error" in answer:
            return InvocationResult(request_id, answer["error"], is_error=True, log=log)
        return InvocationResult(request_id, str(answer["result"]), is_error=False, log=log)

    def _loads(self, timeout: float) -> bool:
        """Wait until the handler is loaded, or could not be, and ask whether the process lives."""
        if not self._has_loaded:
            loaded = self._process.answer_to(self.log_stream, INIT_SECONDS + timeout)
            self._has_loaded = loaded is not None
        return self._has_loaded

    def _ends_within(self, seconds: float) -> bool:
        """Let a process that answers no more end by itself, and tell whether it does."""
        try:
            self._process.wait(max(seconds, EXIT_SECONDS))
        except TimeoutError:
            return False
        return True

    def end(self) -> None:
        """Kill the process and its process group."""
        end_all([self])

    def kill(self) -> None:
        """Kill the process at once, even during an invocation."""
        kill_all([self])

    def wait(self) -> int:
        """The exit status of a process that ends."""
        return self._process.wait()

    def close(self, deadline: float) -> None:
        """Read the rest of the log until the deadline, and close the pipes of an ended process."""
        self._log_reader.join(max(deadline - time.monotonic(), 0))
        self._process.close()

    def _read_log(self) -> None:
        for line in self._process.output():
            printed, mark, request_id = line.partition(END_OF_INVOCATION)
            for message in log_events(printed) if printed else ():
                self._events.append(message)
                self._write_log(message)
            if mark and request_id.rstrip("\n") == self._request_id:
                self._has_ended.set()

    def _write_log(self, message: str) -> None:
        try:
            self._log(self.version, self.log_stream, message, real_now() + self._ahead)
        except Exception as error:
            # With no thread left to read its output, the handler would hang as soon as it is full.
            _log.error("a line of the log is lost: %s", error_without_data(error))

    def _crashed(self, request_id: str, *, timed_out: bool) -> InvocationResult:
        # And what it has started, which ends with it in Lambda and would keep the log open here.
        self.kill()
        status = self.wait()
        if timed_out:
            seconds = self.version.configuration.timeout_seconds
            payload = platform_error.timed_out(request_id, seconds)
        else:
            payload = platform_error.exited(request_id, status)
        self._log_reader.join(LOG_DEADLINE_SECONDS)
        return InvocationResult(request_id, payload, is_error=True, log=self._events.events)


def kill_all(sandboxes: Iterable[Sandbox]) -> None:
    """Kill the processes, with one deadline for all that have not been forked yet."""
    deadline = time.monotonic() + FORK_DEADLINE_SECONDS
    for sandbox in sandboxes:
        sandbox._process.kill(max(deadline - time.monotonic(), 0))


def end_all(sandboxes: Collection[Sandbox]) -> None:
    """Kill the processes and their process groups, with one deadline for all their logs."""
    kill_all(sandboxes)
    for sandbox in sandboxes:
        with contextlib.suppress(TimeoutError):
            sandbox.wait()
    deadline = time.monotonic() + LOG_DEADLINE_SECONDS
    for sandbox in sandboxes:
        sandbox.close(deadline)
