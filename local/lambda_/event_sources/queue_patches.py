# SPDX-License-Identifier: MIT-0
"""Patches of moto's SQS, for queues that are sent to and received from at the same time.

Not imported before there is a call of SQS: an app that has no queue need not load moto's.
"""

from collections.abc import Callable
from typing import Any

from moto.core.utils import unix_time_millis
from moto.sqs.models import Queue, SQSBackend

from ...patching import wrapping


@wrapping(
    SQSBackend,
    "receive_message",
    gap="After a failure, a FIFO group comes in another order.",
    probe="fifo_group_is_received_out_of_order",
)
def _receive_in_order(
    original: Callable[..., Any], self: SQSBackend, queue_name: str, *args: Any, **kwargs: Any
) -> Any:
    queue = self.get_queue(queue_name)
    queue._pending_messages = {each for each in queue._pending_messages if not each.visible}
    return original(self, queue_name, *args, **kwargs)


@wrapping(
    SQSBackend,
    "receive_message",
    gap="A message that has been kept too long stands in the way of the next.",
    probe="expired_message_ends_the_reception",
)
def _receive_what_is_kept(
    original: Callable[..., Any], self: SQSBackend, queue_name: str, *args: Any, **kwargs: Any
) -> Any:
    queue = self.get_queue(queue_name)
    oldest = unix_time_millis() - vars(queue)["message_retention_period"] * 1000
    queue._messages = [each for each in queue._messages if (each.sent_timestamp or 0) >= oldest]
    return original(self, queue_name, *args, **kwargs)


@wrapping(
    SQSBackend,
    "receive_message",
    gap="Two receivers get one message.",
    probe="two_receivers_get_one_message",
)
def _receive_alone(
    original: Callable[..., Any], self: SQSBackend, queue_name: str, *args: Any, **kwargs: Any
) -> Any:
    # A wait for messages releases the lock.
    with self.get_queue(queue_name)._messages_lock:
        return original(self, queue_name, *args, **kwargs)


@wrapping(
    Queue,
    "delete_message",
    gap="A message that is sent while another is deleted is lost, and a client that waits "
    "for a FIFO group goes on waiting.",
    probe="deletion_loses_a_message",
)
def _delete_message(original: Callable[..., None], self: Queue, receipt_handle: str) -> None:
    with self._messages_lock:
        original(self, receipt_handle)
        self._messages_lock.notify_all()


@wrapping(
    SQSBackend,
    "change_message_visibility",
    gap="A client that waits for messages does not get one that is made visible meanwhile.",
    probe="visible_message_wakes_no_receiver",
)
def _change_message_visibility(
    original: Callable[..., None], self: SQSBackend, queue_name: str, *args: Any, **kwargs: Any
) -> None:
    lock = self.get_queue(queue_name)._messages_lock
    with lock:
        original(self, queue_name, *args, **kwargs)
        lock.notify_all()
