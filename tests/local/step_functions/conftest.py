# SPDX-License-Identifier: MIT-0
"""One endpoint a module, with a function and a role for the machines that its tests make."""

from collections.abc import Iterator

import pytest

from ...support.step_functions.bare_machines import BareMachines
from ...support.step_functions.bare_machines import bare_machines as an_endpoint_of_machines
from ...support.step_functions.integrations import MACHINES, Integrations, integrations
from ...support.step_functions.machines import Machines
from ...support.step_functions.machines import machines as small_machines


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with small_machines(tmp_path_factory.mktemp("machines")) as ready:
        yield ready


@pytest.fixture(scope="module")
def bare_machines() -> Iterator[BareMachines]:
    """An endpoint with nothing but state machines."""
    with an_endpoint_of_machines() as ready:
        yield ready


@pytest.fixture(scope="module")
def nested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Integrations]:
    """State machines that start others, an activity, and no other service."""
    with integrations(tmp_path_factory.mktemp("nested"), MACHINES) as app:
        yield app
