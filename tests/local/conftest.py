# SPDX-License-Identifier: MIT-0
"""The real assembly, deployed once a session to an endpoint on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from aws_durable_execution_sdk_python_testing.clock import SkipClock

from local.assembly import PROJECT, read_stack, synthesize
from local.deployment import Deployment
from local.endpoint import Endpoint

from .scenario import Scenario


@pytest.fixture(scope="session")
def assembly() -> Path:
    """The assembly that `cdk deploy` would deploy, layer and all."""
    return synthesize(PROJECT / "cdk.out")


@pytest.fixture(scope="session")
def scenario(assembly: Path) -> Iterator[Scenario]:
    with deployed(assembly) as ready:
        yield ready


class deployed:  # noqa: N801 (a context manager reads as a word)
    """An endpoint with one assembly deployed to it, for as long as the context lasts."""

    def __init__(self, assembly: Path) -> None:
        self._stack = read_stack(assembly)
        self._endpoint = Endpoint(SkipClock())

    def __enter__(self) -> Scenario:
        self._endpoint.__enter__()
        deployment = Deployment(self._stack, self._endpoint)
        deployment.create()
        return Scenario(deployment)

    def __exit__(self, *_: object) -> None:
        self._endpoint.__exit__(None, None, None)
