# SPDX-License-Identifier: MIT-0
"""How many ended executions the endpoint keeps of each state machine, and of all functions."""

from collections.abc import Callable, Collection
from itertools import islice
from typing import TypeVar

# About 560 MiB of the pattern's executions. AWS keeps them by time, which a machine without a
# clock that waits cannot: 90 days for Step Functions, RetentionPeriodInDays for Lambda.
KEPT_EXECUTIONS = 10_000
T = TypeVar("T")


def surplus(executions: Collection[T], has_ended: Callable[[T], bool]) -> list[T]:
    """The oldest executions that have ended, as many as there are too many.

    Args:
        executions: in the order of their start
    """
    return list(islice(filter(has_ended, executions), max(len(executions) - KEPT_EXECUTIONS, 0)))
