# SPDX-License-Identifier: MIT-0
"""The services that an endpoint gives its interpreter: clocks, and clients for each role."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..clocks import modelled_clock
from ..clocks.clocks import Clocks, CurrentClock


@dataclass(frozen=True)
class Services:
    """The services of the one endpoint of this process: moto keeps its state in the process.

    Args:
        clocks: the sources of time, one for each family of executions
        client: makes the client of a service, by boto3's name of it, with which a state machine of
            a role's ARN calls that service
    """

    clocks: Clocks
    client: Callable[[str, str], Any]

    @property
    def clock(self) -> CurrentClock:
        """The clock of this thread's execution; real time outside of every execution."""
        return CurrentClock()

    def now(self, env: Any = None) -> datetime:
        """The modelled time.

        Args:
            env: the interpreter's environment of an execution, which may be another thread's
        """
        if env is not None:
            arn = env.states.context_object.context_object_data["Execution"]["Id"]
            if self.clocks.knows(arn):
                return self.clocks.of(arn).now()
        return modelled_clock.now()


_services: list[Services] = []


def use_services(services: Services) -> None:
    """Give the interpreter the services of a new endpoint."""
    _services[:] = [services]


def services() -> Services:
    """The services of the endpoint that is up."""
    [current] = _services
    return current
