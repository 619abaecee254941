# SPDX-License-Identifier: MIT-0
"""Room for invocations within the account's concurrency: at once, reserved, or after a queue."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..clocks.modelled_clock import now
from ..clocks.threads import Event
from ..functions.sandboxes.sandbox_pool import SandboxesClosed
from ..quotas.concurrency import RunningInvocation
from ..quotas.limits import Limits, Throttled, queue_pause


class EventAgeExceeded(Exception):
    """Lambda discards an event that has waited in its queue for too long."""


class Admission:
    """Lets invocations begin within the limits.

    Args:
        closing: is set when the endpoint ends
    """

    def __init__(self, limits: Limits, closing: Event) -> None:
        self._limits = limits
        self._closing = closing
        # Both by the name of a durable execution that is about to begin.
        self._reserved: dict[str, RunningInvocation | None] = {}
        self._max_ages: dict[str, float] = {}

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Run an invocation whose caller waits for its answer.

        Raises:
            Throttled: there is no room for it
        """
        with self._limits.ending(self._limits.begin()):
            yield

    @contextmanager
    def queued(self, max_age_seconds: float | None = None) -> Iterator[None]:
        """Run an invocation that Lambda itself makes, as soon as there is room for it.

        Raises:
            EventAgeExceeded: there was none for so long
        """
        with self._limits.ending(self._begin(max_age_seconds)):
            yield

    def reserve(self, execution_name: str) -> None:
        """Keep room for the first invocation of a durable execution.

        Raises:
            Throttled: there is none
        """
        self._reserved[execution_name] = self._limits.begin()

    def cancel(self, execution_name: str) -> None:
        """Give up the room that is kept for a durable execution: it does not begin."""
        with self._limits.ending(self._reserved.pop(execution_name, None)):
            self._max_ages.pop(execution_name, None)

    def expect_event(self, execution_name: str, max_age_seconds: float) -> None:
        """Let the first invocation of a durable execution wait for room for so long, at most."""
        self._max_ages[execution_name] = max_age_seconds

    @contextmanager
    def of_durable_execution(self, arn: str | None) -> Iterator[None]:
        """Run an invocation of a durable execution: the first, or one after a wait.

        Args:
            arn: None for an invocation of another function by a durable execution
        """
        name = arn.split("/")[-2] if arn else ""
        if name in self._reserved:
            invocation = self._reserved.pop(name)
        else:
            try:
                invocation = self._begin(self._max_ages.pop(name, None))
            except EventAgeExceeded:
                # On AWS, this execution has not begun. Here it times out, with nothing done.
                self._closing.wait()
                raise SandboxesClosed from None
        with self._limits.ending(invocation):
            yield

    def _begin(self, max_age_seconds: float | None) -> RunningInvocation | None:
        asked, attempt = now(), 0
        while True:
            try:
                return self._limits.begin()
            except Throttled:
                age = (now() - asked).total_seconds()
                if max_age_seconds is not None and age > max_age_seconds:
                    raise EventAgeExceeded from None
            if self._closing.pause(queue_pause(attempt)):
                raise SandboxesClosed
            attempt += 1
