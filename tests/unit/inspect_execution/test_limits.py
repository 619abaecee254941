# SPDX-License-Identifier: MIT-0
"""The longest execution there can be is shown in 500 MB, and in work that grows with its events."""

import io
import json
import subprocess
import sys

from rich.console import Console

from benchmarks.instruments.long_history import long_recording
from inspect_execution.histories.recording import Recording
from inspect_execution.model.execution_view import ExecutionView, build_view
from inspect_execution.model.prices import Prices
from inspect_execution.page.html_page import render_page
from inspect_execution.reading.redaction import Redaction
from inspect_execution.terminal.report import render_report
from local.environment import PROJECT

from ...support.work import calls

MAX_BYTES = 500 * 10**6
# In a process of its own, so that its peak memory is of this program alone.
PROGRAM = """
import json
from benchmarks.instruments.long_history import long_recording
from benchmarks.instruments.peak_memory import peak_bytes
from tests.unit.inspect_execution.test_limits import show

view, page = show(long_recording())
print(json.dumps({
    "bytes": peak_bytes(), "events": len(view.events), "durable": len(view.durable),
    "tokens": page.count("AAAAK"),
}))
"""


def show(recording: Recording) -> tuple[ExecutionView, str]:
    """Take out the tokens, and show the execution in both ways."""
    redaction = Redaction.of(recording.events, recording.definition)
    recording.events[:] = redaction.apply(recording.events)
    for record in recording.durable:
        record.details.update(redaction.apply(record.details))
    view = build_view(recording, Prices())
    Console(file=io.StringIO(), width=120).print(render_report(view, 120))
    return view, render_page(view)


def test_twice_the_events_are_at_most_twice_the_work() -> None:
    once, twice = long_recording(500), long_recording(1_000)

    assert calls(lambda: show(twice)) < 2 * calls(lambda: show(once))


def test_the_longest_execution_is_shown_within_the_limits() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=PROJECT, capture_output=True, text=True, timeout=240
    )
    assert finished.returncode == 0, finished.stderr
    told = json.loads(finished.stdout)

    assert (told["durable"], told["tokens"]) == (500, 0)
    assert told["events"] == 25_000 + 500 * 7
    assert told["bytes"] < MAX_BYTES
