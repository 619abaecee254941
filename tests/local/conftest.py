# SPDX-License-Identifier: MIT-0
"""The real assembly, deployed once a module to an endpoint on this machine.

A process has one endpoint at a time: a module either shares this one, or opens its own.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.assembly import PROJECT, synthesize

from .assemblies import link, synthesizing
from .scenario import Scenario, deployed


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assembly that `cdk deploy` would deploy, layer and all, for this process alone."""
    with synthesizing():
        return link(synthesize(PROJECT / "cdk.out"), tmp_path_factory.mktemp("assembly") / "copy")


@pytest.fixture(scope="module")
def scenario(assembly: Path) -> Iterator[Scenario]:
    with deployed(assembly) as ready:
        yield ready
