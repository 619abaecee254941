# SPDX-License-Identifier: MIT-0
"""The real assembly, deployed once a module to an endpoint on this machine.

A process has one endpoint at a time: a module either shares this one, or opens its own.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.__main__ import main

from ..support.commands import Local, here
from ..support.stacks.scenario import Scenario, deployed


@pytest.fixture(scope="module")
def scenario(assembly: Path) -> Iterator[Scenario]:
    with deployed(assembly) as ready:
        yield ready


@pytest.fixture
def local_here(capsys: pytest.CaptureFixture[str]) -> Local:
    """`python -m local` in this process, which must have no endpoint if the command opens one."""
    return here(main, capsys)
