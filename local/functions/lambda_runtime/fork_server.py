# SPDX-License-Identifier: MIT-0
"""The program of a fork server: it imports and reads what most handlers do, and forks sandboxes.

Its standard input is a socket. The first message has the directories to import from. Each one
after it starts a sandbox: with it come the sandbox's three standard streams and a pipe, to which
the server writes the process id and, in the end, the exit status. When the socket is closed, the
server ends with the last of its sandboxes.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from typing import Any

from local.functions.lambda_runtime import program

# What they import in turn comes with them. None starts a thread, or reads a variable that a
# function may have of its own.
PRELOADED = ("boto3", "aws_durable_execution_sdk_python")
# Of botocore's data: the Regions, which take half of the time of a process's first client, and the
# services that the SDK and the callbacks call.
READ = ("endpoints", "lambda/2015-03-31/service-2", "stepfunctions/2016-11-23/service-2")
MAX_MESSAGE_BYTES = 131_072
STANDARD_STREAMS = 3


def main() -> None:
    """Fork sandboxes; in each of them, answer invocations."""
    channel = socket.socket(fileno=os.dup(0))
    original_path = list(sys.path)
    preloaded = _preload(json.loads(channel.recv(MAX_MESSAGE_BYTES)))
    request = _Server(channel).serve()
    if request is None:
        return
    sys.path[:] = original_path
    _become_sandbox(preloaded, **request)
    program.main()


def _preload(directories: list[str]) -> set[str]:
    """Import, and return the names of what has been added, without those of submodules."""
    before = set(sys.modules)
    sys.path[:0] = directories
    gc.disable()
    for name in PRELOADED:
        # A function need not have it, and tells itself what is broken in it, or exits.
        with contextlib.suppress(BaseException):
            importlib.import_module(name)
    with contextlib.suppress(BaseException):
        _read_data()
    # A collection writes to the memory that the sandboxes share.
    gc.freeze()
    return {name.partition(".")[0] for name in set(sys.modules) - before}


def _read_data() -> None:
    """Have botocore's data at hand, for one reading in each sandbox: its reader may change it."""
    loaders = importlib.import_module("botocore.loaders")
    load_file = loaders.JSONFileLoader.load_file
    paths = [f"{loaders.Loader.BUILTIN_DATA_PATH}/{name}" for name in READ]
    at_hand = {path: load_file(loaders.JSONFileLoader(), path) for path in paths}

    def take_or_load(self: Any, file_path: str) -> Any:
        return at_hand.pop(file_path, None) or load_file(self, file_path)

    loaders.JSONFileLoader.load_file = take_or_load


class _Server:
    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._is_open = True
        # The pipe to which the exit status of a process goes.
        self._reports: dict[int, int] = {}
        self._signals, self._signalled = os.pipe()
        os.set_blocking(self._signals, False)
        os.set_blocking(self._signalled, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._signalled, warn_on_full_buffer=False)
        self._ready = select.poll()
        self._ready.register(self._signals, select.POLLIN)
        self._ready.register(channel, select.POLLIN)

    def serve(self) -> dict[str, Any] | None:
        """Fork as long as there may be requests or exit statuses.

        Returns:
            in a sandbox, the request that it was forked for; in the server, nothing
        """
        while self._is_open or self._reports:
            ready = [descriptor for descriptor, _ in self._ready.poll()]
            if self._signals in ready:
                os.read(self._signals, MAX_MESSAGE_BYTES)
                self._report_ended()
            if self._channel.fileno() in ready:
                message, descriptors, *_ = socket.recv_fds(
                    self._channel, MAX_MESSAGE_BYTES, STANDARD_STREAMS + 1
                )
                if not message:
                    self._is_open = False
                    self._ready.unregister(self._channel)
                elif self._is_sandbox(descriptors):
                    request: dict[str, Any] = json.loads(message)
                    return request
        return None

    def _is_sandbox(self, descriptors: list[int]) -> bool:
        """Fork; whether this is the new process."""
        process_id = os.fork()
        if not process_id:
            self._enter_sandbox(descriptors)
            return True
        *streams, report = descriptors
        # It is killed with its group, which must be there before its id is reported. The
        # process may be a step ahead: then the group is there.
        with contextlib.suppress(PermissionError):
            os.setpgid(process_id, process_id)
        self._reports[process_id] = report
        _write(report, process_id)
        for descriptor in streams:
            os.close(descriptor)
        return False

    def _enter_sandbox(self, descriptors: list[int]) -> None:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, descriptor in enumerate(descriptors[:STANDARD_STREAMS]):
            os.dup2(descriptor, number)
        others = (self._signals, self._signalled, *self._reports.values(), *descriptors)
        for descriptor in others:
            os.close(descriptor)
        self._channel.close()

    def _report_ended(self) -> None:
        while self._reports:
            process_id, status = os.waitpid(-1, os.WNOHANG)
            if not process_id:
                return
            report = self._reports.pop(process_id)
            _write(report, os.waitstatus_to_exitcode(status))
            os.close(report)


def _write(report: int, number: int) -> None:
    # The endpoint may have ended.
    with contextlib.suppress(BrokenPipeError):
        os.write(report, b"%d\n" % number)


def _become_sandbox(preloaded: set[str], directory: str, environment: dict[str, str]) -> None:
    # The server's own variables are of these, or Python's, as those of a process of its own.
    os.environ.update(environment)
    time.tzset()
    os.chdir(directory)
    deployed = {entry.name.partition(".")[0] for entry in os.scandir(directory)}
    if deployed & preloaded:
        # The code's own module comes before a package's of that name: import all in that order.
        os.execve(sys.executable, [*sys.orig_argv[:-1], program.__name__], environment)
