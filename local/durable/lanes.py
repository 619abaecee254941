# SPDX-License-Identifier: MIT-0
"""Lanes without a thread of their own: each runs its tasks one at a time, on a shared pool."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from aws_durable_execution_sdk_python_testing.threads import DaemonThreadPool
from aws_durable_execution_sdk_python_testing.worker.lane import SerialTaskLane

from ..patching import DURABLE_TESTING, closing

T = TypeVar("T")


@closing(
    gap="Every execution has a thread of its own.",
    probe="lane_has_a_thread_of_its_own",
    release=DURABLE_TESTING,
)
class PooledLane(SerialTaskLane):
    """The engine's lane, for the thread that submits a task, if that may wait, or for a pool's.

    The engine starts a thread for each execution, and no other thread may look for a lane before it
    runs; then each task costs two changes of thread.
    """

    def __init__(self, pool: DaemonThreadPool) -> None:
        self._pool = pool
        self._tasks: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._lock = threading.Lock()
        self._is_busy = False
        self._stopped = False

    def submit(self, fn: Callable[[], T]) -> Future[T]:
        """Let a task run after those submitted before it.

        Raises:
            RuntimeError: the lane has been stopped
        """
        future: Future[T] = Future()
        with self._lock:
            if self._stopped:
                raise RuntimeError("the lane is stopped")
            self._tasks.append((fn, future))
            if self._is_busy:
                return future
            self._is_busy = True
        # The thread has no reason to run what others submit meanwhile.
        if not _may_wait() or self._run_next():
            self._run_in_pool()
        return future

    def stop(self, *, wait: bool = True) -> None:
        """Take no more tasks. Those submitted still run; this call does not wait for them."""
        with self._lock:
            self._stopped = True

    def is_running(self) -> bool:
        return not self._stopped

    def _run_in_pool(self) -> None:
        try:
            self._pool.submit(self._run).add_done_callback(self._run_if_refused)
        except RuntimeError:
            # The pool has closed since: others may have submitted and count on this thread.
            self._run()

    def _run_if_refused(self, submitted: Future[Any]) -> None:
        """Run a task that a closing pool refuses: a thread may wait for its result."""
        if submitted.cancelled():
            self._run()

    def _run(self) -> None:
        while self._run_next():
            pass

    def _run_next(self) -> bool:
        """Run a task. Return whether there is another; if not, the lane is idle."""
        with self._lock:
            task, future = self._tasks.popleft()
        if future.set_running_or_notify_cancel():
            _complete(future, task)
        with self._lock:
            self._is_busy = bool(self._tasks)
            return self._is_busy


class _Here(threading.local):
    """Whether this thread runs a task."""

    is_in_task = False


_here = _Here()


def _may_wait() -> bool:
    """Whether this thread may run a task: neither in a task, which might come to wait for itself by
    way of another lane, nor in an event loop, for which the task may wait.
    """
    if _here.is_in_task:
        return False
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return True
    return False


def _complete(future: Future[Any], task: Callable[[], Any]) -> None:
    _here.is_in_task = True
    try:
        result = task()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
    finally:
        _here.is_in_task = False
