# SPDX-License-Identifier: MIT-0
"""The event source mappings of an endpoint: a poller for each that is enabled."""

from collections.abc import Callable
from typing import Any

from ...iam.principals import access_key
from ..invocation import Invocation
from ..service import LambdaService
from .mapping import EventSourceMapping
from .poller import Poller

# Makes a client of a service of the endpoint, which signs with an access key.
PollerClients = Callable[[str, str], Any]


class EventSourceMappings:
    """Starts and ends pollers.

    Args:
        is_skipping: whether waits are skipped
    """

    def __init__(
        self, service: LambdaService, clients: PollerClients, *, is_skipping: bool
    ) -> None:
        self._service = service
        self._clients = clients
        self._is_skipping = is_skipping
        self._pollers: dict[str, Poller] = {}
        self._removed: list[Poller] = []

    def put(self, mapping: EventSourceMapping) -> None:
        """Create the mapping, or replace the one of its id, unless it is the same."""
        existing = self._pollers.get(mapping.id)
        if existing is not None and existing.mapping == mapping:
            return
        self.remove(mapping.id)
        poller = Poller(
            mapping,
            self._clients("sqs", access_key(mapping.role_arn)),
            lambda event: self._invoke(mapping.function_name, event),
            is_skipping=self._is_skipping,
        )
        self._pollers[mapping.id] = poller
        poller.start()

    def remove(self, mapping_id: str) -> None:
        """End a mapping, if there is one of that id. Batches that are under way go on."""
        poller = self._pollers.pop(mapping_id, None)
        if poller is not None:
            poller.close()
            self._removed.append(poller)

    def close(self) -> None:
        """Receive nothing more."""
        for poller in self._pollers.values():
            poller.close()

    def join(self) -> None:
        """Wait for all threads, with a deadline."""
        for poller in (*self._pollers.values(), *self._removed):
            poller.join()

    def _invoke(self, function_name: str, event: str) -> str | None:
        """The response of a function; None if it failed.

        Raises:
            LambdaError: Lambda refuses the call
        """
        answer = self._service.invoke(
            Invocation(function_name, None, "RequestResponse", None, event)
        )
        return None if "X-Amz-Function-Error" in answer.headers else answer.payload
