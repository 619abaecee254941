# SPDX-License-Identifier: MIT-0
"""`python -m tests.browser.picture`: takes the pictures in README.md and docs/local.md anew."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect

from benchmarks.instruments.chromium import chromium, executable
from inspect_execution.page.html_page import render_page
from local.cloudformation.assembly import read_assembly
from local.cloudformation.deployment import Deployment
from local.cloudformation.synthesis import synthesize
from local.console.application import Console
from local.console.site import Site
from local.endpoint.endpoint import Endpoint
from local.environment import PROJECT

from ..support.opened_page import browsing, opened
from ..support.stacks.examples import examples

PICTURE = PROJECT / "docs" / "execution.png"
CONSOLE_PICTURE = PROJECT / "docs" / "console.png"
SIZE = (1200, 840)
CONSOLE_SIZE = (1200, 860)
GIVEN = {"minutes_to_wait": 20}


def take(browser: Browser, file: Path, picture: Path) -> None:
    """A picture of a page in a file, as high as docs/local.md shows it."""
    with opened(browser, file, SIZE) as ready:
        ready.page.screenshot(path=picture)


def take_console(browser: Browser, address: str, picture: Path) -> None:
    """A picture of the console's page of an execution that waits."""
    with browsing(browser, address, CONSOLE_SIZE) as ready:
        expect(ready.page.locator("#waits")).to_contain_text("wait_for_fulfilment")
        ready.page.screenshot(path=picture)


@contextmanager
def waiting(assembly: Path) -> Iterator[str]:
    """The address of the page of an execution that has begun its real wait of 20 minutes."""
    read = read_assembly(assembly)
    with Endpoint(environment=read.environment, real_time=True) as endpoint:
        deployment = Deployment(read, endpoint)
        deployment.apply()
        endpoint.console = Console(Site(endpoint, lambda: json.dumps(GIVEN)))
        [machine] = deployment.state_machine_arns
        started = endpoint.client("stepfunctions").start_execution(
            stateMachineArn=machine, name="order-1", input=json.dumps(GIVEN)
        )
        yield f"{endpoint.url}/console/execution?arn={started['executionArn']}"


def main() -> None:
    path = executable()
    if path is None:
        sys.exit("there is no Chromium on this machine")
    assembly = synthesize(PROJECT / "cdk.out")
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        file = directory / "page.html"
        with examples(assembly, directory) as ready:
            file.write_text(render_page(ready.view("failure")), encoding="utf-8")
        with chromium(path) as browser:
            take(browser, file, PICTURE)
            with waiting(assembly) as address:
                take_console(browser, address, CONSOLE_PICTURE)
    for picture in (PICTURE, CONSOLE_PICTURE):
        print(f"{picture.relative_to(PROJECT)}: {picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
