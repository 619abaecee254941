# SPDX-License-Identifier: MIT-0
"""Every test counts the faults that it injects; the sum is told at the end."""

from collections.abc import Iterator

import pytest

from ..scenario import Scenario
from .injection import Faults


@pytest.fixture
def faults(
    scenario: Scenario, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Faults]:
    endpoint = scenario.deployment.endpoint
    injected = Faults(endpoint)
    sandboxes = endpoint.lambda_service.sandboxes
    invoke = sandboxes.invoke
    monkeypatch.setattr(endpoint.gateway, "intercept", injected.intercept)
    monkeypatch.setattr(sandboxes, "invoke", lambda *args: injected.invoke(invoke, *args))
    yield injected
    assert injected.outstanding() == []
    request.node.user_properties.append(("faults", injected.injected))
