# SPDX-License-Identifier: MIT-0
"""A poller: gives the messages of one queue to a function, in batches, until it is closed."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ...functions.lambda_error import LambdaError
from ...functions.sandboxes.sandbox_pool import SandboxesClosed
from .batch import process
from .mapping import EventSourceMapping
from .queues import make_visible, wait_for_messages, wake
from .records import queue_record

_log = logging.getLogger(__name__)
# Of one call of ReceiveMessage or DeleteMessageBatch.
MAX_MESSAGES = 10
# A wait for messages, or for a batch to end, is over by then.
IDLE_SECONDS = 20.0
# The pause after a call that is refused.
BACKOFF_SECONDS = 5.0
END_DEADLINE_SECONDS = 5.0


class Poller:
    """Receives in a thread of its own, and works on each batch in another.

    Args:
        sqs: a client that signs as the function's role
        invoke: runs the function with an event: its response, or None if it failed
        is_skipping: whether waits are skipped: for a batch to fill, and for a failed message to be
            visible again
    """

    def __init__(
        self,
        mapping: EventSourceMapping,
        sqs: Any,
        invoke: Callable[[str], str | None],
        *,
        is_skipping: bool,
    ) -> None:
        self.mapping = mapping
        self._sqs = sqs
        account = mapping.queue_arn.split(":")[4]
        self._url = f"{sqs.meta.endpoint_url}/{account}/{mapping.queue_name}"
        self._invoke = invoke
        self._is_skipping = is_skipping
        self._places = threading.BoundedSemaphore(mapping.concurrency)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"poller-{mapping.id}", daemon=True)
        self._batches: set[threading.Thread] = set()
        self._problem = ""

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Receive nothing more. Batches that are under way go on."""
        self._closing.set()
        wake(self.mapping.queue_name)

    def join(self) -> None:
        """Wait for the threads, with a deadline."""
        deadline = time.monotonic() + END_DEADLINE_SECONDS
        for thread in (self._thread, *list(self._batches)):
            thread.join(max(0, deadline - time.monotonic()))

    def _run(self) -> None:
        while not self._closing.is_set():
            if self._places.acquire(timeout=IDLE_SECONDS) and not self._begin_batch():
                self._places.release()

    def _begin_batch(self) -> bool:
        """Whether there were messages, which a thread now works on."""
        try:
            messages = self._receive()
        except (ClientError, BotoCoreError) as error:
            self._report(str(error))
            self._closing.wait(BACKOFF_SECONDS)
            return False
        if not messages:
            wait_for_messages(self.mapping.queue_name, IDLE_SECONDS, self._closing.is_set)
            return False
        thread = threading.Thread(
            target=self._work, args=(messages,), name=f"batch-{self.mapping.id}", daemon=True
        )
        self._batches.add(thread)
        thread.start()
        return True

    def _receive(self) -> list[dict[str, Any]]:
        """The messages of a batch: those that are there, and come before its window ends."""
        messages: list[dict[str, Any]] = []
        end: float | None = None
        while len(messages) < self.mapping.batch_size and not self._closing.is_set():
            received = self._sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=min(MAX_MESSAGES, self.mapping.batch_size - len(messages)),
                # Not the queue's own wait, which moto polls.
                WaitTimeSeconds=0,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            messages += received
            if received:
                # A window begins with the first message.
                window = 0 if self._is_skipping else self.mapping.window_seconds
                end = end or time.monotonic() + window
                continue
            left = end - time.monotonic() if end else 0
            if left <= 0:
                break
            wait_for_messages(self.mapping.queue_name, left, self._closing.is_set)
        return messages

    def _work(self, messages: list[dict[str, Any]]) -> None:
        records = [queue_record(message, self.mapping.queue_arn) for message in messages]
        try:
            with contextlib.suppress(SandboxesClosed):
                failed = process(self.mapping, records, self._invoke, self._delete)
                self._problem = ""
                if failed and self._is_skipping:
                    # Not by a call of the API, which the role need not be allowed.
                    make_visible(self.mapping.queue_name, failed)
        except (ClientError, BotoCoreError, LambdaError) as error:
            # The messages were not deleted: they are received again.
            self._report(str(error))
        finally:
            self._batches.discard(threading.current_thread())
            self._places.release()

    def _delete(self, handles: Sequence[str]) -> None:
        for first in range(0, len(handles), MAX_MESSAGES):
            entries = [
                {"Id": str(number), "ReceiptHandle": handle}
                for number, handle in enumerate(handles[first : first + MAX_MESSAGES])
            ]
            answer = self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)
            for failed in answer.get("Failed", []):
                self._report(f"{failed['Code']}: {failed['Message']}")

    def _report(self, problem: str) -> None:
        """Log a problem, once for as long as it stays the same."""
        if problem != self._problem:
            self._problem = problem
            source, function = self.mapping.queue_arn, self.mapping.function_name
            _log.warning("%s to %s: %s", source, function, problem)
