# SPDX-License-Identifier: MIT-0
"""One endpoint a module, for functions that are made of pieces of code."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ...support.assemblies.variants import find_asset
from ...support.functions.durable_functions import DurableFunctions, durable_functions


@pytest.fixture(scope="module")
def functions(
    assembly: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DurableFunctions]:
    directory = tmp_path_factory.mktemp("functions")
    with durable_functions(directory, find_asset(assembly, "python")) as ready:
        yield ready
