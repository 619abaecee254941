# SPDX-License-Identifier: MIT-0
"""An endpoint with nothing but state machines."""

from collections.abc import Iterator

import pytest

from ...support.machines import Machines, machines_of_an_endpoint


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    with machines_of_an_endpoint() as ready:
        yield ready
