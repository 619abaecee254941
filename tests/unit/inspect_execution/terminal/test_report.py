# SPDX-License-Identifier: MIT-0
"""The report of a view in a terminal."""

import io
import json
import re
from dataclasses import replace

import pytest
from rich.console import Console

from benchmarks.instruments.long_history import long_recording
from inspect_execution.histories.recording import LogRecord, Recording
from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.terminal.report import MAX_LINES, render_report

from ..events import (
    DURABLE,
    FAILED,
    STARTED,
    answered,
    at,
    durable_event,
    durable_record,
    entered,
    exited,
    recording,
    scheduled,
    told,
)

WIDTH = 100


def report_lines(of: Recording, width: int = WIDTH) -> list[str]:
    console = Console(file=io.StringIO(), width=width, soft_wrap=True, highlight=False)
    console.print(render_report(build_view(of, Prices()), width), soft_wrap=True)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_both_sides_are_told_on_one_axis() -> None:
    events = told(entered("A"), scheduled(), answered(header=DURABLE), exited("A"))
    events[2]["timestamp"] = events[3]["timestamp"] = at(1203)
    record = durable_record(
        durable_event(3, "WaitStarted", "rest", Duration=1199),
        durable_event(1202, "WaitSucceeded", "rest"),
        StartTimestamp=at(2),
        EndTimestamp=at(1203),
    )
    lines = report_lines(recording(events, record, stopDate=at(1203)))

    assert lines[0] == "machine  ✓ succeeded"
    assert (
        lines[2] == "20 min 3 s in all · 1 state · 1 durable execution · 1 invocation (0 replays)"
    )
    rest = next(line for line in lines if "rest" in line)
    assert rest.startswith("  ✓ rest ")
    assert rest.endswith("  0:00:03.000  0:20:02.000 19 min 59 s")
    assert "≈" in rest
    assert "░" in rest
    assert any(
        line.startswith("█ ran · ░ only waited · ≈ folded: 2.0 s, 19 min 59 s") for line in lines
    )


def test_each_attempt_and_each_invocation_is_told_with_its_beginning_and_its_end() -> None:
    events = told(entered("A"), scheduled(), FAILED, scheduled(), answered(header=DURABLE))
    record = durable_record(
        durable_event(5, "InvocationCompleted", StartTimestamp=at(4), EndTimestamp=at(4.5)),
        durable_event(9, "InvocationCompleted", StartTimestamp=at(8), EndTimestamp=at(8.75)),
        StartTimestamp=at(4),
    )
    lines = report_lines(recording(events, record, status="RUNNING", stopDate=None))
    words = [re.sub(r"[█░≈▶]{2,}|█ ", "", line).split() for line in lines]

    assert ["✗", "attempt", "1", "0:00:02.000", "0:00:03.000", "1.0", "s"] in words
    assert ["✓", "attempt", "2", "0:00:04.000", "0:00:05.000", "1.0", "s"] in words
    assert ["✓", "invocation", "1", "0:00:04.000", "0:00:04.500", "0.500", "s"] in words
    second = ["✓", "invocation", "2,", "a", "replay", "0:00:08.000", "0:00:08.750", "0.750", "s"]
    assert second in words
    assert any(line.endswith("▶      19.0 s") for line in lines if "▶ A" in line)
    assert "✓ succeeded · ✗ failed" in lines


def test_what_was_joined_what_it_costs_and_what_is_left_out_are_said() -> None:
    events = told(entered("A"), scheduled(), answered())
    lines = report_lines(recording(events, stopDate=at(10)))

    assert "  state transitions: 1 = $0.000025000" in lines
    assert "  total: $0.000025200, at the prices of 2026-11, us-east-1" in lines
    assert (
        "  A: no durable execution was found for 1 invocation, if its function is durable" in lines
    )
    assert any("the end of the history: its last event is TaskSucceeded" in line for line in lines)


@pytest.mark.parametrize(
    ("is_durable", "told_"),
    [(True, ["  A: no durable execution was found for 1 invocation"]), (False, [])],
)
def test_only_a_durable_function_can_lack_its_durable_execution(
    is_durable: bool, told_: list[str]
) -> None:
    events = told(entered("A"), scheduled(), answered(), exited("A"), ("ExecutionSucceeded", {}))
    lines = report_lines(replace(recording(events), durability={"work": is_durable}))

    assert [line for line in lines if "was found" in line] == told_


def test_a_history_that_has_its_end_lacks_nothing() -> None:
    events = told(STARTED, ("ExecutionSucceeded", {}))

    assert "Omissions" not in report_lines(recording(events))


def test_a_paused_durable_execution_is_told_as_paused_up_to_now() -> None:
    events = told(entered("A"), scheduled(), answered("TaskSubmitted", DURABLE))
    record = durable_record(durable_event(3, "StepStarted", "notify"), status="PAUSED")
    lines = report_lines(recording(events, record, status="RUNNING", stopDate=None))
    [execution] = [line for line in lines if line.startswith("‖ work:1")]
    [step] = [line for line in lines if line.startswith("  ‖ notify")]

    assert [line.split()[-3:] for line in (execution, step)] == [
        ["‖", "20.0", "s"],
        ["‖", "17.0", "s"],
    ]
    assert "✓ succeeded · ‖ paused" in lines


def test_an_error_after_a_tasks_success_names_its_state() -> None:
    failure = {"error": "States.QueryEvaluationError", "cause": "nothing", "state": "A"}
    events = told(entered("A"), scheduled(), answered(), ("EvaluationFailed", failure))
    lines = report_lines(recording(events, status="FAILED"))

    assert "  A: States.QueryEvaluationError: nothing" in lines


def test_an_execution_that_never_reached_a_state_is_shown() -> None:
    lines = report_lines(recording(told(STARTED), status="ABORTED", error="Stopped", cause="why"))

    assert lines[0] == "machine  ■ aborted"
    assert "  execution: Stopped: why" in lines


def test_what_steers_a_terminal_is_shown_and_not_obeyed() -> None:
    events = told(entered("\x1b[31m[red]A[/]\u202e"), ("EvaluationFailed", {"error": "\x1b]0;x"}))
    text = "\n".join(report_lines(recording(events, status="FAILED", cause="\x1b[2J")))

    assert "\x1b" not in text
    assert "\\u001b[31m[red]A[/]" in text
    assert "\\u001b[2J" in text


@pytest.mark.parametrize("width", [66, 80, 120, 200])
def test_a_line_fits_its_terminal(width: int) -> None:
    events = told(entered("x" * 80), scheduled(), answered(), exited("x" * 80))
    lines = report_lines(recording(events), width)
    table = lines[lines.index("✓ succeeded") + 2 :][:2]

    assert table[1].startswith("✓ xxxxxxxxx")
    assert table[1].endswith(" 0:00:01.000  0:00:04.000       3.0 s")
    assert len(table[1]) <= width


@pytest.mark.parametrize("width", [60, 67, 68, 80, 120])
def test_names_and_times_are_whole_in_every_terminal(width: int) -> None:
    name = "Asynchronous durable function of the order"
    events = told(entered(name), scheduled(), answered(), exited(name))
    lines = report_lines(recording(events), width)
    table = lines[lines.index("✓ succeeded") + 2 : lines.index("Cost estimate") - 1]

    assert max(map(len, table)) <= width
    assert "…" not in "".join(table)
    assert ("█" in table[1]) == (width >= 68)
    times = " 0:00:01.000  0:00:04.000       3.0 s"
    assert table[1].endswith(times)
    labels = [table[1].removesuffix(times), *table[2:]]
    assert " ".join(re.sub(r"[█░≈]", "", " ".join(labels)).split()) == f"✓ {name}"


def test_of_a_very_long_one_the_rest_is_counted() -> None:
    lines = report_lines(long_recording(3_000))

    assert sum(line.startswith("✓ ") and line.endswith(" s") for line in lines) == MAX_LINES
    assert any(line.endswith("more lines: --html FILE has them all") for line in lines)


def test_the_legend_and_the_waits_come_before_the_timeline() -> None:
    waits = durable_event(3, "WaitStarted", "rest", ScheduledEndTimestamp=at(603))
    events = told(STARTED, entered("A"), scheduled(), answered("TaskSubmitted", header=DURABLE))
    record = durable_record(waits, status="RUNNING", StartTimestamp=at(2))
    lines = report_lines(recording(events, record, status="RUNNING", stopDate=None))

    assert lines[3:6] == [
        "  where  A / work:1 / rest",
        "  why    waits for the end of a durable wait, since 0:00:03.000, for 17.0 s, "
        "until 0:10:03.000 (in 9 min 43 s)",
        "  next   Lambda invokes the handler, which goes on",
    ]
    assert lines[7] == (
        "█ ran · ░ only waited · ≈ folded: 2.0 s, 16.0 s"
        " · ▶ still going on, until the time beside it"
    )
    [rest] = [line for line in lines if line.startswith("  ▶ rest ")]
    assert rest.endswith(" 0:00:03.000 ▶0:10:03.000      17.0 s")


def test_what_handlers_log_is_told_with_its_stack_trace() -> None:
    made = recording(told(STARTED))
    logged = {"level": "ERROR", "message": "it broke", "stackTrace": ["  File x", "    y"]}
    made.log_records.append(LogRecord("group", "work", "1", at(3), json.dumps(logged)))
    lines = report_lines(made)
    place = lines.index("Log")

    assert lines[place + 1 : place + 4] == [
        "  0:00:03.000  work | ERROR it broke",
        "      File x",
        "        y",
    ]
