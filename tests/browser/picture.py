# SPDX-License-Identifier: MIT-0
"""`python -m tests.browser.picture`: takes the picture in docs/local.md of an execution anew."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.chromium import chromium, executable
from inspect_execution.page.html_page import render_page
from local.cloudformation.synthesis import synthesize
from local.environment import PROJECT

from ..support.examples import examples
from ..support.opened_page import opened

PICTURE = PROJECT / "docs" / "execution.png"
SIZE = (1200, 840)


def take(browser: Browser, file: Path, picture: Path) -> None:
    """A picture of a page in a file, as high as docs/local.md shows it."""
    with opened(browser, file, SIZE) as ready:
        ready.page.screenshot(path=picture)


def main() -> None:
    path = executable()
    if path is None:
        sys.exit("there is no Chromium on this machine")
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        file = directory / "page.html"
        with examples(synthesize(PROJECT / "cdk.out"), directory) as ready:
            file.write_text(render_page(ready.view("failure")), encoding="utf-8")
        with chromium(path) as browser:
            take(browser, file, PICTURE)
    print(f"{PICTURE.relative_to(PROJECT)}: {PICTURE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
