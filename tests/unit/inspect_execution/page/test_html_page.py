# SPDX-License-Identifier: MIT-0
"""The page holds everything it needs, and nothing from an execution gets out of its place."""

import base64
import hashlib
import json
import re
from typing import Any

import pytest

from benchmarks.instruments.long_history import MAX_EVENTS, long_recording
from inspect_execution.histories.recording import Recording
from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.page.html_page import render_page
from inspect_execution.page.page_data import ALL_TEXTS_CHARACTERS
from inspect_execution.status import Status

from ..events import (
    DURABLE,
    FAILED,
    STARTED,
    answered,
    durable_event,
    durable_record,
    entered,
    exited,
    recording,
    scheduled,
    told,
)

HOSTILE = "</script><!--<script>&\u2028\u2029{{script}}\u202e\ud800"


def written(of: Recording) -> str:
    return render_page(build_view(of, Prices()))


def data(html: str) -> Any:
    [text] = re.findall(r'<script id="data" type="application/json">(.*?)</script>', html, re.S)
    return json.loads(text)


def hostile() -> str:
    events = told((STARTED[0], {"input": HOSTILE}), entered(HOSTILE), exited(HOSTILE))
    return written(recording(events, input=HOSTILE, output=HOSTILE, error=HOSTILE))


def test_markup_in_data_ends_no_element() -> None:
    html = hostile()

    assert html.count("<script") == html.count("</script>") == 2
    assert "<!--<" not in html
    assert "\u2028" not in html
    assert "\u202e" not in html
    assert data(html)["rows"][0]["label"].startswith(
        "</script><!--<script>&\\u2028\\u2029{{script}}"
    )


def test_a_wait_that_outlasts_its_execution_has_the_tone_of_what_runs() -> None:
    events = told(
        STARTED,
        entered("A"),
        scheduled(resource="invoke.waitForTaskToken"),
        answered("TaskSubmitted", header=DURABLE),
        ("ExecutionAborted", {}),
    )
    waiting = durable_record(durable_event(5, "WaitStarted", "rest"), status="RUNNING")
    html = written(recording(events, waiting, status="ABORTED"))

    assert [(each["wait"], each["tone"]) for each in data(html)["head"]["summaries"]] == [
        (False, "aborted"),
        (True, "running"),
    ]


def test_the_policy_names_the_one_style_and_the_one_script() -> None:
    html = hostile()
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    [style] = re.findall(r"<style>(.*?)</style>", html, re.S)
    [script] = re.findall(r"<script>(.*?)</script>", html, re.S)

    assert policy == (
        f"default-src 'none'; style-src '{sha256(style)}'; script-src '{sha256(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def sha256(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def test_nothing_on_the_page_is_elsewhere() -> None:
    assert not re.findall(r"""(?:src|href)=["'](?!#)|url\((?!#)|@import""", hostile())


def test_data_reaches_the_document_as_text_alone() -> None:
    [script] = re.findall(r"<script>(.*?)</script>", hostile(), re.S)

    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in script


@pytest.mark.parametrize("status", Status)
def test_the_style_sheet_has_a_colour_for_every_status(status: Status) -> None:
    [style] = re.findall(r"<style>(.*?)</style>", hostile(), re.S)

    assert re.search(rf"\.{status.name.lower()}\b[^{{}}]*{{ --tone:", style)


def test_a_paused_durable_execution_has_its_tone_and_word() -> None:
    events = told(entered("A"), scheduled(), answered("TaskSubmitted", DURABLE))
    record = durable_record(durable_event(3, "StepStarted", "notify"), status="PAUSING")
    rows = data(written(recording(events, record, status="RUNNING", stopDate=None)))["rows"]

    assert [(row["label"], row["status"], row["tone"], row["ended"]) for row in rows] == [
        ("A", "running", "running", "not yet"),
        ("work:1", "paused", "paused", "not yet"),
        ("1 invocation, 0 replays", "running", "running", "not yet"),
        ("notify", "running", "running", "not yet"),
    ]


def test_both_sides_stand_on_one_axis() -> None:
    events = told(entered("A"), scheduled(), FAILED, scheduled(), answered(header=DURABLE))
    record = durable_record(
        durable_event(4, "StepStarted", "a"),
        durable_event(4.5, "StepSucceeded", "a"),
        durable_event(4.6, "InvocationCompleted"),
        StartTimestamp=events[3]["timestamp"],
        EndTimestamp=events[4]["timestamp"],
    )
    rows = data(written(recording(events, record)))["rows"]
    shape = [
        (r["service"], r["label"], [(b["kind"], b["scaled"]) for b in r["bars"]]) for r in rows
    ]

    assert shape == [
        (
            "Step Functions",
            "A",
            [
                ("attempt 1", [0.2, 0.3, None]),
                ("pause", [0.3, 0.4, 0.3]),
                ("attempt 2", [0.4, 0.5, 0.4]),
            ],
        ),
        ("Durable executions", "work:1", [("durable execution", [0.4, 0.5, 0.4])]),
        ("Durable executions", "1 invocation, 0 replays", [("invocation 1", [0.4, 0.45, None])]),
        ("Durable executions", "a", [("attempt 1", [0.4, 0.45, None])]),
    ]


def test_lines_of_a_payload_stay_lines_in_its_details() -> None:
    given = '{\n  "minutes_to_wait": 20\n}'
    head = data(written(recording(told(STARTED), input=given)))["head"]

    assert ["input", given] in head["details"]


def test_the_longest_history_is_all_there() -> None:
    html = written(long_recording())
    shown = data(html)

    states = [row for row in shown["rows"] if row["service"] == "Step Functions"]

    assert sum(event[1] == "Step Functions" for event in shown["events"]) == MAX_EVENTS
    assert len(states) == sum(event[3].endswith("Entered") for event in shown["events"])
    # Rows are made when they are looked at: the document is as small as that of a short one.
    assert html.count("<button") == hostile().count("<button")


@pytest.mark.parametrize("size", [100, 1_000_000])
def test_payloads_are_bounded_each_and_together(size: int) -> None:
    events = told(STARTED, *(("PassStateEntered", {"name": "A", "input": "x" * size}),) * 100)
    html = written(recording(events, input="y" * size))

    assert len(html) < ALL_TEXTS_CHARACTERS
    assert ("x" * 100 in html, "x" * 2_001 in html) == (True, False)
