# SPDX-License-Identifier: MIT-0
"""Queues as moto keeps them: waiting until there is a message that can be received."""

import time
from collections.abc import Callable, Collection
from typing import Any

from moto.backends import get_backend
from moto.core.utils import unix_time_millis

from ...environment import environment

# moto takes a message for visible when its time is past, not when it is there.
_MARGIN_SECONDS = 0.002


def queue_of(name: str) -> Any:
    """moto's queue of that name; None if there is none."""
    here = environment()
    return get_backend("sqs")[here.account][here.region].queues.get(name)


def wait_for_messages(name: str, seconds: float, is_closing: Callable[[], bool]) -> None:
    """Wait until a message of a queue can be received, at most so long. Nothing is polled.

    Args:
        is_closing: ends the wait, once `wake` has been called
    """
    queue = queue_of(name)
    if queue is None:
        return
    deadline = time.monotonic() + seconds
    with queue._messages_lock:
        while not is_closing() and not is_receivable(queue):
            left = deadline - time.monotonic()
            if left <= 0:
                return
            # Each time anew: a message may have come that is delayed.
            queue._messages_lock.wait(min(left, _seconds_to_next(queue, left)))


def wake(name: str) -> None:
    """Wake the threads that wait for messages of a queue."""
    queue = queue_of(name)
    if queue is not None:
        with queue._messages_lock:
            queue._messages_lock.notify_all()


def make_visible(name: str, handles: Collection[str]) -> None:
    """End the visibility timeout of messages."""
    queue = queue_of(name)
    if queue is None:
        return
    with queue._messages_lock:
        for message in queue._messages:
            if message.receipt_handle in handles:
                message.visible_at = 0
        queue._messages_lock.notify_all()


def is_receivable(queue: Any) -> bool:
    """Whether ReceiveMessage would return a message: of a FIFO group that is busy, none."""
    busy = {
        message.group_id
        for message in queue._pending_messages
        if queue.fifo_queue and not message.visible
    }
    return any(message.group_id not in busy for message in queue.messages)


def _seconds_to_next(queue: Any, default: float) -> float:
    """When the next message that is hidden or delayed will be visible."""
    now = unix_time_millis()
    times = [max(each.visible_at, each.delayed_until) for each in queue._messages]
    waits = [(moment - now) / 1000 + _MARGIN_SECONDS for moment in times if moment >= now]
    return min(waits, default=default)
