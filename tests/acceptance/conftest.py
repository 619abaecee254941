# SPDX-License-Identifier: MIT-0
"""The stack that the acceptance tests drive: on this machine, or at AWS with `--target aws`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ..support.stacks.acceptance_plan import PLAN, PROBES
from ..support.stacks.patience import ON_THIS_MACHINE
from ..support.stacks.stack import Stack
from ..support.stacks.target import AwsTarget


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Probes are collected on request alone; None leaves the question to pytest."""
    is_left_out = collection_path.stem in PROBES and not config.getoption("probes")
    return True if is_left_out else None


@pytest.fixture(scope="module")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """What a module drives; it starts no more than the plan says, on which the cost rests."""
    planned = len({**PLAN, **PROBES}[request.path.stem])
    target = request.config.pluginmanager.get_plugin(AwsTarget.NAME)
    if target is None:
        with on_this_machine(request.getfixturevalue("assembly")) as ready:
            yield replace(ready, most_starts=planned)
    else:
        yield replace(target.stack, most_starts=planned)


@contextmanager
def on_this_machine(assembly: Path) -> Iterator[Stack]:
    # The engines take a second to import, and are not needed for a stack at AWS.
    from ..support.functions.held_waits import HeldWaits
    from ..support.stacks.scenario import deployed

    with deployed(assembly) as scenario:
        endpoint = scenario.deployment.endpoint
        endpoint.gateway.intercept = HeldWaits().intercept
        yield Stack(endpoint.client, scenario.outputs, scenario.prefix, ON_THIS_MACHINE)
