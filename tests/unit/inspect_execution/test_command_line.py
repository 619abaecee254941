# SPDX-License-Identifier: MIT-0
"""The arguments, and `--follow` in a terminal that is smaller than what there is to show."""

import io
import re
from collections.abc import Iterator

import pytest
from rich.console import Console

from inspect_execution.command_line import execute as command
from inspect_execution.command_line.arguments import parse_arguments
from inspect_execution.errors import InvalidArgument
from inspect_execution.model.execution_view import ExecutionView, build_view
from inspect_execution.model.prices import Prices

from .events import EXECUTION, at, entered, exited, recording, told

WIDTH, HEIGHT = 100, 24
WAITS = "waits for the end of a Wait state, since 0:01:21.000, for 0.000 s"


class Terminal(io.StringIO):
    """The lines of a terminal: what scrolled out at its top can be erased no more."""

    def __init__(self) -> None:
        super().__init__()
        self.lines, self.row = [""], 0

    def write(self, text: str) -> int:
        for part in re.findall(r"\x1b\[[\d;?]*[A-Za-z]|\n|\r|[^\x1b\n\r]+", text):
            self._obey(part)
        return len(text)

    def _obey(self, part: str) -> None:
        up = re.fullmatch(r"\x1b\[(\d+)A", part)
        if up:
            self.row = max(self.row - int(up[1]), len(self.lines) - HEIGHT, 0)
        elif part == "\n":
            self.row += 1
            self.lines += [""] * (self.row == len(self.lines))
        elif part == "\x1b[2K":
            self.lines[self.row] = ""
        elif part[0] not in "\x1b\r":
            assert len(self.lines[self.row] + part) <= WIDTH
            self.lines[self.row] += part


def many(last: bool) -> ExecutionView:
    """40 states, of which the last one still runs unless it is the last look."""
    past = [part for n in range(40) for part in (entered(f"S{n}", "Pass"), exited(f"S{n}", "Pass"))]
    events = told(*past, entered("Running", "Wait"), *([exited("Running", "Wait")] * last))
    changes = {} if last else {"status": "RUNNING", "stopDate": None}
    return build_view(recording(events, **({"stopDate": at(90)} | changes)), Prices())


def test_what_runs_stays_in_sight_and_nothing_of_it_is_left_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    console = Console(
        soft_wrap=True,
        file=terminal,
        force_terminal=True,
        width=WIDTH,
        height=HEIGHT,
        color_system=None,
    )
    seen: list[list[str]] = []
    monkeypatch.setattr("time.sleep", lambda _: seen.append(terminal.lines[-HEIGHT:]))
    looks: Iterator[ExecutionView] = iter([many(last=False), many(last=False), many(last=True)])
    view = command._follow(lambda: next(looks), console)

    assert not view.is_running
    assert len(seen) == 2
    for screen in seen:
        assert screen[0] == "machine  ▶ running"
        assert screen[3:5] == ["  where  Running", "  why    " + WAITS]
        assert screen[7] == "… 28 earlier lines"
        assert any(line.startswith("▶ Running ") for line in screen)
    assert [line for line in terminal.lines if line] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([EXECUTION, "--failed"], "need a state machine's ARN or name, got arn:aws:states"),
        (["machine", "--failed"], "^machine: a state machine's name needs --region or AWS_REGION$"),
        (["m", "--waiting", "--limit", "0"], "^--limit must be a number from 1 to 9999, got 0$"),
        (["m", "--waiting", "--follow"], "^--follow is for one execution, and --waiting lists"),
        (["m", "--waiting", "--html", "f"], "^--html is for one execution, and --waiting lists"),
        (["m", "--waiting", "--record", "d"], "^--record is for one execution, and --waiting"),
        (["m", "--waiting", "--prices", "f"], "^--prices is for one execution, and --waiting"),
        ([EXECUTION, "--limit", "3"], "^--limit 3 has an effect with --waiting only$"),
        (["m"], "^ARN must be an execution's, .*, got m$"),
    ],
)
def test_arguments_that_fit_no_use_are_refused(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(InvalidArgument, match=message):
        parse_arguments(arguments)


def test_a_machines_name_is_looked_for_in_the_region_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")

    assert parse_arguments(["machine", "--failed"]).named.region == "eu-west-1"
