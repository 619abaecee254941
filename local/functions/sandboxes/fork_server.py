# SPDX-License-Identifier: MIT-0
"""Fork servers: what takes most of a sandbox's start, its imports, is done once for many."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial

from ...patching import BOTOCORE, closing
from .sandbox_process import (
    Process,
    Start,
    StartRequest,
    caching_command,
    spawning,
)

PROGRAM = "local.functions.lambda_runtime.fork_server"
# What of a function's environment counts when a process starts, or imports, alone.
READ_AT_START = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "LD_PRELOAD")
# The order of a set is another one in each process of Python's: a handler that depends on it would
# run well in sandboxes of one server, and in Lambda it would not.
SERVERS_OF_A_VERSION = 2
MAX_SERVERS = 3 * SERVERS_OF_A_VERSION
CLOSE_DEADLINE_SECONDS = 1

# The directories of packages, the variables that count, and which of the servers with these it is.
_Key = tuple[tuple[str, ...], tuple[str | None, ...], int]


def forking(number: int) -> Start:
    """To start a sandbox by a fork server, where there may be one.

    Args:
        number: how many sandboxes of the function version have been started before
    """
    # macOS's own libraries may crash in a process that is forked.
    if sys.platform != "linux":
        return _SPAWN
    return partial(_SERVERS.start, number % SERVERS_OF_A_VERSION)


class _ForkServers:
    """The servers of this process, those least recently used first."""

    def __init__(self) -> None:
        self._servers: dict[_Key, _ForkServer] = {}
        self._closed: list[_ForkServer] = []
        self._lock = threading.Lock()

    def start(self, number: int, request: StartRequest) -> Process:
        variables = tuple(map(request.environment.get, READ_AT_START))
        key = request.packages, variables, number
        with self._lock:
            server = self._servers.pop(key, None)
            if server is None or not server.is_alive:
                server = _ForkServer(request)
            self._servers[key] = server
            while len(self._servers) > MAX_SERVERS:
                self._close(next(iter(self._servers)))
        try:
            return server.fork(request)
        except OSError:
            # It has been killed or closed since.
            return _SPAWN(request)

    def close(self) -> None:
        """End the servers, which end with their sandboxes: kill those that do not end in time."""
        with self._lock:
            for key in list(self._servers):
                self._close(key)
            deadline = time.monotonic() + CLOSE_DEADLINE_SECONDS
            for server in self._closed:
                server.end(deadline)

    def _close(self, key: _Key) -> None:
        server = self._servers.pop(key)
        server.close()
        self._closed = [each for each in (*self._closed, server) if each.is_alive]


@closing(
    gap="Every process parses the files of Regions and services that it needs.",
    probe="every_session_parses_the_regions",
    release=BOTOCORE,
)
class _ForkServer:
    def __init__(self, request: StartRequest) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                caching_command(PROGRAM),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={
                    name: value
                    for name, value in request.environment.items()
                    if name in READ_AT_START
                },
                start_new_session=True,
            )
        self._channel.send(json.dumps(request.packages).encode())

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def fork(self, request: StartRequest) -> Process:
        """A new process, without waiting for it."""
        message = {
            "directory": str(request.directory),
            "environment": dict(request.environment),
        }
        reports, theirs = os.pipe()
        try:
            socket.send_fds(
                self._channel, [json.dumps(message).encode()], [*request.streams, theirs]
            )
        except OSError:
            os.close(reports)
            raise
        finally:
            os.close(theirs)
        return _ForkedProcess(reports, self.kill)

    def close(self) -> None:
        self._channel.close()

    def end(self, deadline: float) -> None:
        """Wait for it, and then kill it: what is left of its sandboxes ends with this process."""
        try:
            self._process.wait(max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


class _ForkedProcess:
    """A process of a server's, which reports its process id and, at its end, its exit status.

    Args:
        kill_server: what ends a process that has not been forked
    """

    def __init__(self, reports: int, kill_server: Callable[[], None]) -> None:
        os.set_blocking(reports, False)
        self._reports = os.fdopen(reports, "rb", 0)
        self._descriptor = reports
        self._kill_server = kill_server
        self._numbers: list[int] = []
        self._lock = threading.Lock()

    def process_id(self, seconds: float) -> int:
        """The process id, after so many seconds at most.

        Raises:
            ProcessLookupError: there is no process
            TimeoutError: the server has not forked it
        """
        self._wait_for(1, seconds)
        if self._numbers:
            return self._numbers[0]
        raise ProcessLookupError if self._reports.closed else TimeoutError

    def kill(self) -> None:
        """Kill the fork server: it hangs in an import and has not forked the process."""
        self._kill_server()

    def poll(self) -> int | None:
        """The exit status, if it has ended."""
        self._wait_for(2, 0)
        return self._status

    def wait(self, timeout: float) -> int:
        """The exit status.

        Raises:
            TimeoutError: it has not ended after so many seconds
        """
        self._wait_for(2, timeout)
        if self._status is None:
            raise TimeoutError
        return self._status

    @property
    def _status(self) -> int | None:
        if len(self._numbers) > 1:
            return self._numbers[1]
        # A server that was killed reports no exit status: this sandbox's counts as killed.
        return -signal.SIGKILL if self._reports.closed else None

    def _wait_for(self, count: int, seconds: float) -> None:
        """Wait for so many numbers, for as many seconds at most, or for the server's end."""
        deadline = time.monotonic() + seconds
        # Not one for all threads: they may wait at the same time.
        has_report = select.poll()
        has_report.register(self._descriptor, select.POLLIN)
        while len(self._numbers) < count and not self._reports.closed:
            if not has_report.poll(max(deadline - time.monotonic(), 0) * 1000):
                return
            with self._lock:
                self._read()

    def _read(self) -> None:
        # Another thread may have been faster: then this one reads nothing, which is None.
        if self._reports.closed or (text := self._reports.read()) is None:
            return
        self._numbers += map(int, text.split())
        if not text or len(self._numbers) > 1:
            self._reports.close()


_SPAWN = spawning(caching_command())
_SERVERS = _ForkServers()
atexit.register(_SERVERS.close)
