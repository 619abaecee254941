# SPDX-License-Identifier: MIT-0
"""`python -m benchmarks.inspection`: what the longest execution there can be takes to show."""

import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from inspect_execution.page import page
from inspect_execution.prices import Prices
from inspect_execution.redaction import Redaction
from inspect_execution.terminal import render
from inspect_execution.view import build
from tests.browser.chromium import chromium, executable
from tests.long_history import long_recording

WIDTH = 120
KIBIBYTES_IN_MEBIBYTE = 1024
T = TypeVar("T")


def timed(what: str, do: Callable[[], T]) -> T:
    """Do it and print how long it took."""
    started = time.perf_counter()
    done = do()
    print(f"{what:<28} {time.perf_counter() - started:6.2f} s")
    return done


def main() -> None:
    recording = long_recording()
    print(f"{len(recording.events):,} events")
    redaction = Redaction.of(recording.events, recording.definition)
    timed("take out task tokens", lambda: redaction.apply(recording.events))
    view = timed("join both sides", lambda: build(recording, Prices()))
    output = Console(file=io.StringIO(), width=WIDTH)
    timed("show it in a terminal", lambda: output.print(render(view, WIDTH)))
    text = timed("write the page", lambda: page(view))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTES_IN_MEBIBYTE
    print(f"{'the page':<28} {len(text) / 2**20:6.1f} MiB")
    print(f"{'memory at most':<28} {peak:6.0f} MiB")
    path = executable()
    if path is None:
        sys.exit("no browser here: the page is not opened")
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "page.html"
        file.write_text(text)
        with chromium(path) as browser:
            opened = browser.new_page()
            timed("open it in a browser", lambda: opened.goto(file.as_uri()))
            switch = opened.get_by_label("to scale")
            timed("switch the axis", switch.check)
            timed("filter the events", lambda: opened.locator("#filter").fill("Choice"))


if __name__ == "__main__":
    main()
