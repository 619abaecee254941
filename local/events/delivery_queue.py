# SPDX-License-Identifier: MIT-0
"""The delivery queue: one thread hands messages over, and retries later where that helps.

One thread, because no call of a delivery waits for work to be done: messages of one sender keep
their order, and a sender never waits.
"""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

from ..clocks.modelled_clock import ModelledClock, current_clock
from .targets import DeliveryClients, DeliveryFailure, Message, send

_log = logging.getLogger(__name__)
IDLE_SECONDS = 60
END_DEADLINE_SECONDS = 5
# The pause before a retry where waits are skipped: a failure that lasts must not keep the lane.
SKIPPED_PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class RetryPolicy:
    """How long a delivery is tried again.

    Args:
        pause_seconds: the pause before a retry, by the number of retries before it
    """

    maximum_attempts: int
    maximum_age_seconds: float
    pause_seconds: Callable[[int], float]

    def exhausted(self, retries: int, age_seconds: float) -> str | None:
        """The condition under which there is no further retry, in EventBridge's words."""
        if retries >= self.maximum_attempts:
            return "MaximumRetryAttempts"
        if age_seconds + self.pause_seconds(retries) > self.maximum_age_seconds:
            return "MaximumEventAgeInSeconds"
        return None


NO_RETRY = RetryPolicy(0, 0, lambda _: 0)


@dataclass(frozen=True)
class Undelivered:
    """A message that was given up.

    Args:
        retries: how many attempts there were after the first
        exhausted: the limit of the retry policy that ended them; None if retrying does not help
    """

    failure: DeliveryFailure
    retries: int
    exhausted: str | None


@dataclass(frozen=True)
class Delivery:
    """A message on its way.

    Args:
        sender: what the log names, such as the ARN of a rule
        dead_letter: makes the message for a dead-letter queue; None if there is no such queue
    """

    sender: str
    message: Message
    policy: RetryPolicy = NO_RETRY
    dead_letter: Callable[[Undelivered], Message] | None = None
    retries: int = 0
    age_seconds: float = 0


@dataclass(frozen=True)
class Submitted:
    """A delivery and the clock of its sender, which is held until the attempt is over."""

    delivery: Delivery
    clock: ModelledClock | None


class DeliveryQueue:
    """Delivers until it is closed. What is not delivered by then is reported.

    Args:
        is_skipping: whether the pauses before retries are skipped
    """

    def __init__(self, clients: DeliveryClients, *, is_skipping: bool) -> None:
        self._clients = clients
        self._is_skipping = is_skipping
        self._order = itertools.count()
        # By the time at which they are due; of equal times, the first submitted.
        self._waiting: list[tuple[float, int, Submitted]] = []
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def submit(self, delivery: Delivery, pause_seconds: float = 0) -> None:
        """Deliver soon, or after a pause; the caller goes on at once."""
        due = time.monotonic() + pause_seconds
        with self._changed:
            if self._is_closed:
                _report(delivery, "the endpoint has ended")
                return
            clock = current_clock()
            if clock is not None:
                # Nothing that waits for this event may have its time skipped before it arrives.
                clock.hold()
            heapq.heappush(self._waiting, (due, next(self._order), Submitted(delivery, clock)))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="deliveries", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """End the thread, and report what was not delivered."""
        with self._changed:
            self._is_closed = True
            left, self._waiting = self._waiting, []
            self._changed.notify()
        for _, _, submitted in sorted(left, key=lambda each: each[:2]):
            _report(submitted.delivery, "the endpoint has ended")
        if self._thread is not None:
            self._thread.join(END_DEADLINE_SECONDS)

    def _run(self) -> None:
        while (submitted := self._next()) is not None:
            clock = submitted.clock
            try:
                with clock.current() if clock else nullcontext():
                    self._attempt(submitted.delivery)
            except Exception as error:
                # A delivery that breaks must not end those after it.
                _report(submitted.delivery, f"{type(error).__name__} on this machine")
            finally:
                if clock:
                    clock.release()

    def _next(self) -> Submitted | None:
        with self._changed:
            while not self._is_closed:
                wait = self._waiting[0][0] - time.monotonic() if self._waiting else IDLE_SECONDS
                if self._waiting and wait <= 0:
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(min(wait, IDLE_SECONDS))
        return None

    def _attempt(self, delivery: Delivery) -> None:
        failure = send(delivery.message, self._clients)
        if failure is None:
            return
        exhausted = delivery.policy.exhausted(delivery.retries, delivery.age_seconds)
        if failure.is_retried and exhausted is None:
            self._retry(delivery)
            return
        undelivered = Undelivered(
            failure, delivery.retries, exhausted if failure.is_retried else None
        )
        why = f"{failure.code}: {failure.message}"
        if delivery.dead_letter is None:
            _report(delivery, why)
            return
        letter = delivery.dead_letter(undelivered)
        _report(delivery, f"{why}; it goes to {letter.target_arn}")
        self.submit(Delivery(f"{delivery.sender} (dead letter)", letter))

    def _retry(self, delivery: Delivery) -> None:
        pause = delivery.policy.pause_seconds(delivery.retries)
        again = Delivery(
            delivery.sender,
            delivery.message,
            delivery.policy,
            delivery.dead_letter,
            delivery.retries + 1,
            delivery.age_seconds + pause,
        )
        self.submit(again, min(pause, SKIPPED_PAUSE_SECONDS) if self._is_skipping else pause)


def _report(delivery: Delivery, why: str) -> None:
    """One line, without the payload."""
    target = delivery.message.target_arn
    _log.warning("%s: an event was not delivered to %s: %s", delivery.sender, target, why)
