# SPDX-License-Identifier: MIT-0
"""The callback endpoint of one task token, with the service's own rules for answers."""

import re
import threading
from typing import Any, ClassVar, NoReturn

from moto.stepfunctions.exceptions import InvalidToken
from moto.stepfunctions.parser.api import TaskTimedOut
from moto.stepfunctions.parser.asl.eval.callback import callback

from ..patching import closing

# The form of the interpreter's task tokens.
_TOKEN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class CallbackTask(callback.CallbackEndpoint):
    """Where the answer to one task token arrives. The first answer counts, and no second."""

    by_token: ClassVar[dict[str, "CallbackTask"]] = {}
    # The ARN of the state machine that made each token.
    machine_of: ClassVar[dict[str, str]] = {}
    # What waits for the answer to each token: a state that has been entered, or an activity whose
    # task a worker has taken, by its name.
    waiter_of: ClassVar[dict[str, str]] = {}
    # The tokens that each execution has made, by its ARN.
    of_execution: ClassVar[dict[str, list[str]]] = {}

    def __init__(self, callback_id: str) -> None:
        super().__init__(callback_id)
        self._lock = threading.Lock()
        self._is_closed = False
        self.by_token[callback_id] = self

    @classmethod
    def of(cls, token: str) -> "CallbackTask":
        """The endpoint of a token, open or closed.

        Raises:
            InvalidToken: no task ever had it
        """
        if token not in cls.by_token:
            raise InvalidToken("'Invalid token'")
        return cls.by_token[token]

    @classmethod
    def made(cls, token: str, execution_arn: str, machine_arn: str) -> None:
        """Note the execution that has made a token."""
        cls.machine_of[token] = machine_arn
        cls.of_execution.setdefault(execution_arn, []).append(token)

    @classmethod
    def forget(cls, execution_arn: str) -> None:
        """Forget the tokens of an execution that has ended."""
        for token in cls.of_execution.pop(execution_arn, ()):
            cls.by_token.pop(token, None)
            cls.machine_of.pop(token, None)
            cls.waiter_of.pop(token, None)

    @classmethod
    def clear(cls) -> None:
        """Forget all tokens."""
        for known in (cls.by_token, cls.machine_of, cls.waiter_of, cls.of_execution):
            known.clear()

    @property
    def is_closed(self) -> bool:
        """Whether the task has been answered, or has ended without an answer."""
        return self._is_closed

    @closing(
        gap="An answer that is faster than its state does not wake it, if it waits for heartbeats.",
        probe="early_answer_wakes_no_state",
    )
    def setup_heartbeat_endpoint(self, heartbeat_seconds: int) -> Any:
        endpoint = super().setup_heartbeat_endpoint(heartbeat_seconds)
        if self._notify_event.is_set():
            # The answer was faster than the state: nothing else would wake it.
            endpoint.notify()
        return endpoint

    @closing(gap="A second answer replaces the first.", probe="second_answer_replaces_the_first")
    @closing(gap="A task that has ended takes an answer.", probe="closed_task_takes_an_answer")
    def notify(self, outcome: callback.CallbackOutcome) -> None:
        if not self._close():
            _refuse_closed()
        super().notify(outcome)

    @closing(
        gap="A heartbeat is refused if its task has no HeartbeatSeconds.",
        probe="heartbeat_needs_a_heartbeat_timeout",
    )
    def notify_heartbeat(self) -> bool:
        if self._is_closed:
            _refuse_closed()
        super().notify_heartbeat()
        return True

    def interrupt_all(self) -> None:
        self._close()
        super().interrupt_all()

    def _close(self) -> bool:
        with self._lock:
            was_open = not self._is_closed
            self._is_closed = True
            return was_open


def _refuse_closed() -> NoReturn:
    raise TaskTimedOut("Task Timed Out: 'Provided task does not exist anymore'")


def without_tokens(text: str, placeholder: str) -> str:
    """A text with a placeholder for each task token: its holder could answer the task."""
    known = CallbackTask.by_token
    return _TOKEN.sub(lambda found: placeholder if found[0] in known else found[0], text)
