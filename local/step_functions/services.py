# SPDX-License-Identifier: MIT-0
"""What the interpreter takes from its endpoint: the clock, and a Lambda client for each role."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_durable_execution_sdk_python_testing.clock import Clock


@dataclass(frozen=True)
class Services:
    """The services of the one endpoint of this process: moto keeps its state in the process.

    Args:
        clock: the one source of time
        lambda_client: makes the client with which a state machine of a role's ARN invokes functions
    """

    clock: Clock
    lambda_client: Callable[[str], Any]

    def now(self) -> datetime:
        """The modelled time."""
        return self.clock.now()


_services: list[Services] = []


def use_services(services: Services) -> None:
    """Give the interpreter the services of a new endpoint."""
    _services[:] = [services]


def services() -> Services:
    """The services of the endpoint that is up."""
    [current] = _services
    return current
