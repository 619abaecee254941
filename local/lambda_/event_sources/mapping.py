# SPDX-License-Identifier: MIT-0
"""An event source mapping as the template gives it.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DEFAULT_BATCH_SIZE = 10
# So many batches of a standard queue at once Lambda begins with.
DEFAULT_CONCURRENCY = 5


@dataclass(frozen=True)
class EventSourceMapping:
    """A queue whose messages go to a function.

    Args:
        function_name: a name or ARN, qualified or not
        role_arn: the function's role, which reads the queue
        window_seconds: how long a batch is gathered
        patterns: the filters as JSON texts, of which one has to match
        concurrency: how many batches the function works on at once
    """

    id: str
    queue_arn: str
    function_name: str
    role_arn: str
    batch_size: int = DEFAULT_BATCH_SIZE
    window_seconds: int = 0
    reports_failures: bool = False
    patterns: tuple[str, ...] = ()
    concurrency: int = DEFAULT_CONCURRENCY

    @property
    def queue_name(self) -> str:
        return self.queue_arn.rsplit(":", 1)[-1]

    @property
    def is_fifo(self) -> bool:
        return self.queue_arn.endswith(".fifo")


def batch_problems(properties: Mapping[str, Any], *, is_fifo: bool) -> list[str]:
    """What Lambda refuses of a mapping's batches."""
    size, window = properties.get("BatchSize"), properties.get("MaximumBatchingWindowInSeconds")
    found = []
    limit = 10 if is_fifo else 10_000
    if size is not None and not 1 <= int(size) <= limit:
        found.append(f"the property BatchSize must be between 1 and {limit}, got {size}")
    elif size is not None and int(size) > 10 and not int(window or 0):
        found.append(
            f"the property MaximumBatchingWindowInSeconds must be at least 1 for a BatchSize of "
            f"more than 10, got {window or 0}"
        )
    if window is not None and not 0 <= int(window) <= 300:
        found.append(
            f"the property MaximumBatchingWindowInSeconds must be between 0 and 300, got {window}"
        )
    if is_fifo and int(window or 0):
        found.append("the property MaximumBatchingWindowInSeconds is not for a FIFO queue")
    return found
