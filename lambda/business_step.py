# SPDX-License-Identifier: MIT-0
"""A business step: plain work, made durable."""

import json
from collections.abc import Callable
from typing import TypeVar

from aws_durable_execution_sdk_python import DurableContext

from failure import Failure

T = TypeVar("T")
# A checkpoint takes an error of 32,768 bytes as JSON, its type included.
MAX_MESSAGE_BYTES = 30_000


def business_step(context: DurableContext, name: str, work: Callable[[], T]) -> T:
    """Run the work once per attempt, and never again once its result is checkpointed.

    The name is part of every execution under way: renaming a step breaks their replay.

    Raises:
        StepError: the work failed at its last attempt
    """
    return context.step(lambda _: _with_short_errors(work), name=name)


def _with_short_errors(work: Callable[[], T]) -> T:
    """Run the work; an error too long for its checkpoint would end it where no handler hears."""
    try:
        return work()
    except Exception as error:
        message = str(error)
        if len(json.dumps(message)) <= MAX_MESSAGE_BYTES:
            raise
        while len(json.dumps(message)) > MAX_MESSAGE_BYTES:
            message = message[: len(message) * 3 // 4]
        raise Failure(type(error).__name__, message).exception() from None
