# SPDX-License-Identifier: MIT-0
"""One stack with a resource of each type, deployed once for all modules of this folder."""

from collections.abc import Iterator

import pytest

from local.cloudformation.deployed import deployed
from local.cloudformation.deployment import Deployment

from ...support.assemblies.hand_made import write_assembly
from .stack import STACK, template


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    directory = tmp_path_factory.mktemp("resources")
    with deployed(write_assembly(directory, {STACK: template()})) as ready:
        yield ready
