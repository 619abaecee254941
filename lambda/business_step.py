# SPDX-License-Identifier: MIT-0
"""A business step: plain work, made durable."""

import json
from collections.abc import Callable
from typing import TypeVar

from aws_durable_execution_sdk_python import DurableContext

from failure import Failure

T = TypeVar("T")
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_RESULT_BYTES = 256 * 1024


def business_step(context: DurableContext, name: str, work: Callable[[], T]) -> T:
    """Run the work once per attempt, and never again once its result is checkpointed.

    The name is part of every execution under way: renaming a step breaks their replay.

    Raises:
        StepError: the work failed at its last attempt
    """
    return context.step(lambda _: _checkpointable(work), name=name)


def _checkpointable(work: Callable[[], T]) -> T:
    """Run the work, and fail in the step if its end would not fit a checkpoint.

    What fails at the checkpoint itself ends the execution where no handler hears of it.
    """
    try:
        result = work()
        size = len(json.dumps(result).encode())
        if size > MAX_RESULT_BYTES:
            raise ValueError(f"the result has {size} bytes, a checkpoint takes {MAX_RESULT_BYTES}")
    except Exception as error:
        failure = Failure.of(error)
        if failure.fitted() == failure:
            raise
        raise failure.fitted().exception() from None
    return result
