# SPDX-License-Identifier: MIT-0
"""The durable step that runs a business function."""

import json
from collections.abc import Callable
from typing import TypeVar

from aws_durable_execution_sdk_python import DurableContext

from failure import Failure

T = TypeVar("T")
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_RESULT_BYTES = 256 * 1024


def business_step(context: DurableContext, name: str, work: Callable[[], T]) -> T:
    """Run the work as a durable step: a checkpointed result is never computed again.

    A running execution finds the step by its name: do not rename a step that is deployed.

    Raises:
        StepError: the last attempt of the work raised an error
    """
    return context.step(lambda _: _checkpointable(work), name=name)


def _checkpointable(work: Callable[[], T]) -> T:
    """Run the work, and raise in the step if its result or its error is too large to checkpoint.

    A checkpoint that fails ends the durable execution outside the handler, which then cannot
    report the failure.
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
