# SPDX-License-Identifier: MIT-0
"""`python -m tests.browser.picture`: the README's picture of an execution's page, taken anew."""

import sys
import tempfile
from pathlib import Path

from inspect_execution.page import page
from local.assembly import PROJECT, synthesize

from ..examples import examples
from .chromium import chromium, executable
from .opened import opened

PICTURE = PROJECT / "docs" / "execution.png"
SIZE = (1200, 640)


def main() -> None:
    path = executable()
    if path is None:
        sys.exit("there is no Chromium on this machine")
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        file = directory / "page.html"
        with examples(synthesize(PROJECT / "cdk.out"), directory) as ready:
            file.write_text(page(ready.view("failure")), encoding="utf-8")
        with chromium(path) as browser, opened(browser, file, SIZE) as ready_page:
            PICTURE.parent.mkdir(exist_ok=True)
            ready_page.page.screenshot(path=PICTURE)
    print(f"{PICTURE.relative_to(PROJECT)}: {PICTURE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
