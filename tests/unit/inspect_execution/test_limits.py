# SPDX-License-Identifier: MIT-0
"""The longest execution there can be is shown in 5 seconds and 500 MB."""

import json
import subprocess
import sys

from local.environment import PROJECT

MAX_SECONDS, MAX_BYTES = 5, 500 * 10**6
# In a process of its own, whose memory has been nobody else's. Of the time, only what its own
# work took of a processor: how busy the machine is says nothing of the work.
PROGRAM = """
import io, json, time
from rich.console import Console
from inspect_execution.page.html_page import render_page
from inspect_execution.model.prices import Prices
from inspect_execution.reading.redaction import Redaction
from inspect_execution.terminal.report import render_report
from inspect_execution.model.execution_view import build_view
from benchmarks.long_history import long_recording
from benchmarks.peak_memory import peak_bytes

recording = long_recording()
began = time.process_time()
redaction = Redaction.of(recording.events, recording.definition)
recording.events[:] = redaction.apply(recording.events)
for record in recording.durable:
    record.details.update(redaction.apply(record.details))
redacted = time.process_time()
view = build_view(recording, Prices())
Console(file=io.StringIO(), width=120).print(render_report(view, 120))
text = render_page(view)
peak = peak_bytes()
ended = time.process_time()
print(json.dumps({
    "seconds": ended - began, "redaction": redacted - began, "bytes": peak,
    "events": len(view.events), "durable": len(view.durable), "page": len(text),
    "tokens": text.count("AAAAK"),
}))
"""


def test_the_longest_execution_is_shown_within_the_limits() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=PROJECT, capture_output=True, text=True, timeout=240
    )
    assert finished.returncode == 0, finished.stderr
    told = json.loads(finished.stdout)

    assert (told["durable"], told["tokens"]) == (500, 0)
    assert told["events"] == 25_000 + 500 * 7
    assert told["seconds"] < MAX_SECONDS, told
    assert told["bytes"] < MAX_BYTES, told
