# SPDX-License-Identifier: MIT-0
"""An assembly deployed to an endpoint of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..endpoint.endpoint import Endpoint
from .assembly import read_assembly
from .deployment import Deployment


@contextmanager
def deployed(assembly: Path) -> Iterator[Deployment]:
    """The deployment of an assembly's stack, for as long as the context lasts. Waits are skipped.

    Raises:
        UsageError: the assembly cannot be read or deployed
    """
    read = read_assembly(assembly)
    with Endpoint(environment=read.environment) as endpoint:
        deployment = Deployment(read, endpoint)
        deployment.apply()
        yield deployment
