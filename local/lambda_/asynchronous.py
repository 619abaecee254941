# SPDX-License-Identifier: MIT-0
"""How an asynchronous invocation ends: in a result, or in an error that is not retried any more.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..functions.function import EventInvokeConfig, FunctionVersion
from ..functions.sandboxes.sandbox import InvocationResult

Condition = Literal["Success", "RetriesExhausted", "EventAgeExceeded"]


@dataclass(frozen=True)
class AsynchronousEnd:
    """The end of an asynchronous invocation.

    Args:
        payload: the event, as JSON text
        config: names the destinations
        condition: why it ended, in Lambda's words
        invoke_count: how many times the handler ran
    """

    version: FunctionVersion
    payload: str
    config: EventInvokeConfig
    result: InvocationResult
    condition: Condition
    invoke_count: int

    @classmethod
    def discarded(
        cls, version: FunctionVersion, payload: str, config: EventInvokeConfig, invoke_count: int
    ) -> "AsynchronousEnd":
        """The end of an invocation whose event found no room until it was too old."""
        error = {"errorType": "EventAgeExceeded", "errorMessage": "The event is too old"}
        result = InvocationResult(str(uuid.uuid4()), json.dumps(error), is_error=True)
        return cls(version, payload, config, result, "EventAgeExceeded", invoke_count)


OnEnd = Callable[[AsynchronousEnd], None]


def attempts(config: EventInvokeConfig, pauses: tuple[int, ...]) -> list[tuple[int, Condition]]:
    """The attempts of an invocation that fails each time.

    Args:
        pauses: the seconds before the first retry and before the second

    Returns:
        of each attempt, its pause in seconds, and why there is none after it
    """
    made: list[tuple[int, Condition]] = [(0, "RetriesExhausted")]
    age = 0
    for pause in pauses[: config.maximum_retry_attempts]:
        age += pause
        if age > config.maximum_event_age_seconds:
            made[-1] = (made[-1][0], "EventAgeExceeded")
            break
        made.append((pause, "RetriesExhausted"))
    return made
