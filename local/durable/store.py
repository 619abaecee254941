# SPDX-License-Identifier: MIT-0
"""The memory in which the engine keeps durable executions."""

from aws_durable_execution_sdk_python_testing.stores.memory import InMemoryExecutionStore

from ..patching import DURABLE_TESTING, closing
from ..retention import surplus


class Store(InMemoryExecutionStore):
    """The engine's store, of which executions can be deleted."""

    def surplus(self) -> list[str]:
        """The ARNs of the oldest executions that have ended, as many as there are too many."""
        with self._lock:
            return surplus(self._store, lambda arn: self._store[arn].is_complete)

    @closing(
        gap="No execution can be deleted.",
        probe="execution_cannot_be_deleted",
        release=DURABLE_TESTING,
    )
    def delete(self, arn: str) -> None:
        with self._lock:
            self._store.pop(arn, None)
