# SPDX-License-Identifier: MIT-0
"""Events and threads of modelled time: they hold and release the clock of their family."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

from .modelled_clock import ModelledClock, current_clock
from .skipping import Timer


class Event:
    """An event whose waits take modelled time; outside of an execution, real time.

    A thread that is woken holds its clock from the moment of the wake-up: no time is skipped
    before it runs again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_set = False
        self._sleepers: set[_Sleeper] = set()

    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        with self._lock:
            self._is_set = True
            sleepers = list(self._sleepers)
        for sleeper in sleepers:
            sleeper.answer()

    def clear(self) -> None:
        with self._lock:
            self._is_set = False

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for an answer, at most so many seconds. Return whether it has come."""
        return self._wait(timeout, is_timeout=True)

    def pause(self, seconds: float, is_over: Callable[[], bool] = lambda: False) -> bool:
        """Let that time pass, or less when the event is set. Return whether it was.

        Args:
            is_over: whether there is nothing to wait for; it is asked when no later event can be
                missed, that of an event which is set and cleared at once among them
        """
        return self._wait(seconds, is_timeout=False, is_over=is_over)

    def _wait(
        self, seconds: float | None, is_timeout: bool, is_over: Callable[[], bool] = lambda: False
    ) -> bool:
        sleeper = _Sleeper(current_clock())
        with self._lock:
            if self._is_set:
                return True
            self._sleepers.add(sleeper)
        try:
            if not is_over():
                sleeper.sleep(seconds, is_timeout)
        finally:
            with self._lock:
                self._sleepers.discard(sleeper)
        return sleeper.is_answered


class _Sleeper:
    """One thread in one wait."""

    def __init__(self, clock: ModelledClock | None) -> None:
        self.is_answered = False
        self._clock = clock
        self._lock = threading.Lock()
        self._is_asleep = False
        self._is_over = False
        self._woken = threading.Event()
        self._timer: Timer | None = None

    def sleep(self, seconds: float | None, is_timeout: bool) -> None:
        if self._clock is None:
            self._woken.wait(seconds)
            return
        with self._lock:
            if self._is_over:
                return
            self._is_asleep = True
            if seconds is not None:
                self._timer = self._clock.start(seconds, is_timeout, self._time_is_up)
        self._clock.release()
        self._woken.wait()

    def answer(self) -> None:
        with self._lock:
            if self._is_over:
                return
            self._is_over = self.is_answered = True
            if self._clock and self._is_asleep:
                self._clock.hold()
                self._clock.cancel(self._timer)
        self._woken.set()

    def _time_is_up(self) -> None:
        assert self._clock is not None
        with self._lock:
            is_late, self._is_over = self._is_over, True
        if is_late:
            # The answer came first, and brought a hold of its own.
            self._clock.release()
        self._woken.set()


class Thread(threading.Thread):
    """A thread that belongs to the clock of its starter, and holds it while it runs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clock: ModelledClock | None = None
        self._has_ended = Event()

    def start(self) -> None:
        self._clock = current_clock()
        if self._clock:
            self._clock.hold()
        try:
            super().start()
        except BaseException:
            if self._clock:
                self._clock.release()
            raise

    def run(self) -> None:
        with self._clock.current() if self._clock else nullcontext():
            try:
                super().run()
            finally:
                self._has_ended.set()
                if self._clock:
                    self._clock.release()

    def join(self, timeout: float | None = None) -> None:
        self._has_ended.wait(timeout)

    def is_alive(self) -> bool:
        return super().is_alive() and not self._has_ended.is_set()


def modelled(module: Any, **replacements: Any) -> SimpleNamespace:
    """A module of the standard library with some of its names replaced."""
    return SimpleNamespace(**{**vars(module), **replacements})
