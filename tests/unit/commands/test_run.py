# SPDX-License-Identifier: MIT-0
"""A run on this machine reports the first error, also if the page cannot be written, and what the
execution waits for.
"""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from local.commands import run
from local.errors import LocalError

from ..inspect_execution.events import (
    DURABLE,
    STARTED,
    answered,
    at,
    durable_event,
    durable_record,
    entered,
    recording,
    scheduled,
    told,
)

PAGE = Path("page.html")
FUNCTIONS = SimpleNamespace(latest=list)
NOWHERE: Any = SimpleNamespace(
    endpoint=SimpleNamespace(lambda_service=SimpleNamespace(functions=FUNCTIONS))
)


def refuse(*_: Any) -> None:
    raise LocalError("no page")


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


def test_an_execution_that_does_not_end_is_left_with_what_it_waits_for(tmp_path: Path) -> None:
    events = told(STARTED, entered("A"), scheduled(), answered("TaskSubmitted", header=DURABLE))
    wait = durable_event(5, "WaitStarted", "rest", ScheduledEndTimestamp=at(605))
    made = recording(
        events, durable_record(wait, status="RUNNING"), status="RUNNING", stopDate=None
    )
    source: Any = SimpleNamespace(recording=made)
    options: Any = SimpleNamespace(quiet=False, html=tmp_path / "page.html")
    console = Console(file=io.StringIO(), width=80)
    run._explain(source, options, console, "It waits in")

    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines() == [
        "It waits in the state A, in work:1, in the wait rest.",
        "A / work:1 / rest waits for the end of a durable wait, since 0:00:05.000, for 15.0 s, "
        "until 0:10:05.000 (in 9 min 45 s)",
        "  Lambda invokes the handler, which goes on",
        f"This execution as one timeline: {tmp_path / 'page.html'}",
    ]
