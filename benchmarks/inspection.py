# SPDX-License-Identifier: MIT-0
"""The time and the memory that it takes to show the longest possible execution."""

import io
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.page.html_page import render_page
from inspect_execution.reading.redaction import Redaction
from inspect_execution.terminal.report import render_report

from .instruments.chromium import chromium, executable
from .instruments.long_history import long_recording
from .instruments.peak_memory import peak_bytes
from .report import Table

WIDTH = 120
NO_BROWSER = "No Chromium here: the page was not opened."
T = TypeVar("T")


@dataclass
class Stopwatch:
    """What was done, and how long each took."""

    rows: list[tuple[str, str]] = field(default_factory=list)

    def timed(self, what: str, do: Callable[[], T]) -> T:
        started = time.perf_counter()
        done = do()
        self.rows.append((what, f"{time.perf_counter() - started:.2f} s"))
        return done


def figures() -> Iterator[Table]:
    recording = long_recording()
    watch = Stopwatch()
    redaction = Redaction.of(recording.events, recording.definition)
    watch.timed("take out task tokens", lambda: redaction.apply(recording.events))
    view = watch.timed("join both sides", lambda: build_view(recording, Prices()))
    output = Console(file=io.StringIO(), width=WIDTH)
    watch.timed("show it in a terminal", lambda: output.print(render_report(view, WIDTH)))
    text = watch.timed("write the page", lambda: render_page(view))
    peak = peak_bytes() / 2**20
    watch.rows.append(("the page", f"{len(text) / 2**20:.1f} MiB"))
    watch.rows.append(("memory at most", f"{peak:.0f} MiB"))
    path = executable()
    if path is not None:
        _open(path, text, watch)
    yield Table(
        (f"{len(recording.events):,} events", "figure"),
        tuple(watch.rows),
        () if path else (NO_BROWSER,),
    )


def _open(path: str, text: str, watch: Stopwatch) -> None:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "page.html"
        file.write_text(text)
        with chromium(path) as browser:
            opened = browser.new_page()
            watch.timed("open it in a browser", lambda: opened.goto(file.as_uri()))
            switch = opened.get_by_label("to scale")
            watch.timed("switch the axis", switch.check)
            watch.timed("filter the events", lambda: opened.locator("#filter").fill("Choice"))
