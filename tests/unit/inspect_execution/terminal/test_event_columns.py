# SPDX-License-Identifier: MIT-0
"""Lines about events fit every terminal, and lose nothing."""

from datetime import datetime, timedelta

import pytest
from rich.cells import cell_len

from inspect_execution.model.event_lines.event_line import EventLine
from inspect_execution.model.timelines.timeline import Service
from inspect_execution.terminal.event_columns import EventColumns
from inspect_execution.text import offset

from ..events import START

TIME = START + timedelta(seconds=1201, microseconds=234_600)
LONG = "task failed: OutOfStock: " + " ".join(f"word{number}" for number in range(20))


def line(text: str, service: Service = Service.STEP_FUNCTIONS, time: datetime = TIME) -> EventLine:
    return EventLine(("1",), time, service, text)


def test_a_time_is_printed_as_the_joined_view_has_it() -> None:
    row = EventColumns(None).row(line("it began"), START)

    assert row.split()[0] == offset(TIME, START) == "0:20:01.234"


def test_a_pipe_gets_each_line_whole_in_two_columns() -> None:
    columns = EventColumns(None)

    assert columns.header() == f"{'time':>12}  {'Step Functions':<48}  Lambda durable executions"
    assert columns.row(line(LONG), START) == f" 0:20:01.234  {LONG}"
    assert columns.row(line(LONG, Service.LAMBDA), START) == f" 0:20:01.234{' ' * 52}{LONG}"


@pytest.mark.parametrize("width", [110, 140])
@pytest.mark.parametrize(
    ("service", "column"), [(Service.STEP_FUNCTIONS, 14), (Service.LAMBDA, 64)]
)
def test_a_wide_terminal_wraps_each_column(width: int, service: Service, column: int) -> None:
    rows = EventColumns(width).row(line(LONG, service), START).splitlines()

    assert len(rows) > 1
    assert max(map(len, rows)) <= width
    assert {row[:column].strip() for row in rows[1:]} == {""}
    assert " ".join(row[column:].strip() for row in rows) == LONG


@pytest.mark.parametrize("width", [60, 80, 109])
@pytest.mark.parametrize(
    ("service", "mark"), [(Service.STEP_FUNCTIONS, "SFN"), (Service.LAMBDA, "DUR")]
)
def test_a_narrow_terminal_has_one_column_with_a_mark_for_the_service(
    width: int, service: Service, mark: str
) -> None:
    columns = EventColumns(width)
    rows = columns.row(line(LONG, service), START).splitlines()

    assert " ".join(columns.header().split()) == (
        "SFN = Step Functions, DUR = Lambda durable executions"
    )
    assert rows[0].startswith(f" 0:20:01.234 {mark} task failed: OutOfStock:")
    assert max(map(len, rows)) <= width
    assert " ".join(row[17:].strip() for row in rows) == LONG


def test_a_stack_trace_keeps_its_lines_and_their_indentation() -> None:
    trace = "fn | ERROR boom\nTraceback:\n  File x\n    call()"
    rows = EventColumns(80).row(line(trace, Service.LAMBDA), START).splitlines()

    assert [row[17:] for row in rows] == trace.splitlines()


@pytest.mark.parametrize("width", [60, 110])
def test_wide_characters_and_joined_emoji_are_counted_as_a_terminal_shows_them(width: int) -> None:
    text = "漢字" * 60 + " 👩\u200d💻" * 30
    rows = EventColumns(width).row(line(text, Service.LAMBDA), START).splitlines()

    assert max(map(cell_len, rows)) <= width
    assert min(map(cell_len, rows[1:-1])) >= width - 5
    kept = "".join(rows)[len(" 0:20:01.234") :].replace("DUR", "")
    assert "".join(kept.split()) == "".join(text.split())
