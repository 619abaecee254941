# SPDX-License-Identifier: MIT-0
"""What a run on this machine prints, and what it says when more than one thing goes wrong."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from inspect_execution.text import offset
from local.commands import run
from local.commands.timeline import Moment, Side
from local.errors import LocalError

START = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = Path("page.html")
NOWHERE: Any = None


def refuse(*_: Any) -> None:
    raise LocalError("no page")


def test_a_time_is_printed_as_the_joined_view_has_it() -> None:
    time = START + timedelta(seconds=1201, microseconds=234_600)
    console = Console(file=io.StringIO(), width=200)
    run._print_moment(console, Moment(time, Side.STEP_FUNCTIONS, "it began"), START)

    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().split()[0] == offset(time, START) == "0:20:01.234"


@pytest.mark.parametrize("first", [KeyboardInterrupt(), LocalError("it hangs")])
def test_a_page_that_cannot_be_written_hides_nothing(
    monkeypatch: pytest.MonkeyPatch, first: BaseException
) -> None:
    monkeypatch.setattr(run, "write_view", refuse)
    with pytest.raises(type(first)) as raised, run._page_written(NOWHERE, "arn", PAGE):
        raise first

    assert raised.value is first


def test_a_page_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "write_view", refuse)
    with pytest.raises(LocalError, match="no page"), run._page_written(NOWHERE, "arn", PAGE):
        pass
