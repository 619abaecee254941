# SPDX-License-Identifier: MIT-0
"""An endpoint for each test that asks for a function of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.endpoint.endpoint import Endpoint

from .plain_function import PlainFunction


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[PlainFunction]:
    with Endpoint() as endpoint:
        yield PlainFunction(endpoint, tmp_path)
