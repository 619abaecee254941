# SPDX-License-Identifier: MIT-0
"""Every test counts the faults that it injects; the sum is told at the end."""

from collections.abc import Iterator

import pytest

from local.endpoint.interception import intercepting

from ...support.stacks.scenario import Scenario
from .injection import Faults


@pytest.fixture
def faults(scenario: Scenario, request: pytest.FixtureRequest) -> Iterator[Faults]:
    endpoint = scenario.deployment.endpoint
    injected = Faults(endpoint)
    with intercepting(endpoint, injected.intercept, injected.invoke):
        yield injected
    assert injected.outstanding() == []
    request.node.user_properties.append(("faults", injected.injected))
