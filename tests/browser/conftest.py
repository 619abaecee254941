# SPDX-License-Identifier: MIT-0
"""Pages of real executions, opened from disk in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.instruments.chromium import NAMES, chromium, executable
from inspect_execution.page.html_page import render_page

from ..support.stacks.examples import examples

# The first sandbox of a busy machine takes longer to start than the five seconds that are usual.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser, which ends with its package: its event loop would count as that of other tests."""
    path = executable()
    if path is None:
        pytest.skip(f"needs a browser: none of {', '.join(NAMES)} is installed")
    with chromium(path) as started:
        yield started


@pytest.fixture(scope="module")
def pages(
    browser: Browser, assembly: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The page of every example, by its name."""
    directory = tmp_path_factory.mktemp("pages")
    with examples(assembly, directory) as ready:
        for name in ready.arns:
            (directory / f"{name}.html").write_text(render_page(ready.view(name)), encoding="utf-8")
        return {name: directory / f"{name}.html" for name in ready.arns}
