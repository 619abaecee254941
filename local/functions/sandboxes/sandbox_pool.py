# SPDX-License-Identifier: MIT-0
"""The warm sandboxes of all versions, and the limits on how many there are."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from ..function import FunctionVersion
from .fork_server import forking
from .sandbox import InvocationResult, LogLine, Sandbox, end_all, kill_all

SANDBOXES_PER_VERSION = 7
# More than these only while all of them are busy: a version that is no longer invoked, as after a
# deployment, would otherwise keep its sandboxes.
MAX_SANDBOXES = 21


class SandboxesClosed(RuntimeError):
    """The endpoint is on its way out: nothing is invoked any more."""


@dataclass
class SandboxPool:
    """Warm sandboxes of every version: an invocation takes one, or starts a new one."""

    environment: Callable[[FunctionVersion], Mapping[str, str]]
    log: LogLine
    # In the order in which they became idle, the longest idle first.
    _idle: list[Sandbox] = field(default_factory=list)
    _all: set[Sandbox] = field(default_factory=set)
    # Those that a thread is about to end, and `close` ends if it is faster.
    _doomed: set[Sandbox] = field(default_factory=set)
    _places: dict[FunctionVersion, threading.BoundedSemaphore] = field(default_factory=dict)
    _started: Counter[FunctionVersion] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_closed: bool = False

    def invoke(
        self, version: FunctionVersion, event: str, invoked_arn: str, client_context: Any = None
    ) -> InvocationResult:
        """Run the version's handler once, in a warm sandbox when there is one.

        Raises:
            SandboxesClosed: the pool was closed before
        """
        with self._place(version):
            sandbox = self._take(version)
            try:
                return sandbox.invoke(event, invoked_arn, client_context)
            finally:
                self._give_back(sandbox)

    @property
    def count(self) -> int:
        """How many sandboxes there are, idle or busy."""
        return len(self._all)

    def kill(self, version: FunctionVersion) -> None:
        """Kill the version's sandboxes where they are: what Lambda would call a crash."""
        with self._lock:
            doomed = [sandbox for sandbox in self._all if sandbox.version is version]
        kill_all(doomed)

    def close(self) -> None:
        """End every sandbox, busy ones too."""
        with self._lock:
            self._is_closed = True
            sandboxes, idle = self._all | self._doomed, list(self._idle)
            self._all.clear()
            self._idle.clear()
        kill_all(sandboxes)
        end_all(idle)
        # The pipes of the others are still read, and closed by the threads that have them.
        for sandbox in sandboxes.difference(idle):
            with suppress(TimeoutError):
                sandbox.wait()

    def _place(self, version: FunctionVersion) -> threading.BoundedSemaphore:
        with self._lock:
            return self._places.setdefault(
                version, threading.BoundedSemaphore(SANDBOXES_PER_VERSION)
            )

    def _take(self, version: FunctionVersion) -> Sandbox:
        with self._ending() as doomed, self._lock:
            if self._is_closed:
                raise SandboxesClosed
            for sandbox in [each for each in reversed(self._idle) if each.version is version]:
                self._idle.remove(sandbox)
                if sandbox.is_alive:
                    return sandbox
                doomed.append(self._discarded(sandbox))
            doomed += self._beyond(MAX_SANDBOXES - 1)
            start = forking(self._started[version])
            self._started[version] += 1
            sandbox = Sandbox(version, self.environment(version), self.log, start)
            self._all.add(sandbox)
            return sandbox

    def _give_back(self, sandbox: Sandbox) -> None:
        with self._ending() as doomed, self._lock:
            if sandbox.is_alive and not self._is_closed:
                self._idle.append(sandbox)
                doomed += self._beyond(MAX_SANDBOXES)
            else:
                doomed.append(self._discarded(sandbox))

    def _beyond(self, limit: int) -> list[Sandbox]:
        """Discard those that are idle for longest, while there are more than so many."""
        surplus = max(len(self._all) - limit, 0)
        doomed, self._idle = self._idle[:surplus], self._idle[surplus:]
        return list(map(self._discarded, doomed))

    def _discarded(self, sandbox: Sandbox) -> Sandbox:
        self._all.discard(sandbox)
        self._doomed.add(sandbox)
        return sandbox

    @contextmanager
    def _ending(self) -> Iterator[list[Sandbox]]:
        """End the listed sandboxes after the context, which holds the lock: it may take seconds."""
        doomed: list[Sandbox] = []
        try:
            yield doomed
        finally:
            if doomed:
                end_all(doomed)
                with self._lock:
                    self._doomed.difference_update(doomed)
