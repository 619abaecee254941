# SPDX-License-Identifier: MIT-0
"""The report of the running executions of a state machine: what each waits for."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from ..model.execution_view import ExecutionView
from ..model.waiting_list import WaitingList
from ..text import count, duration, printable
from .summary_lines import summary_lines


def render_waiting(waiting: WaitingList) -> RenderableType:
    """The report: the execution that waits longest first."""
    head = Text(printable(waiting.state_machine), "bold")
    head.append(f"  {count(len(waiting.executions), 'running execution')}", "not bold")
    parts: list[RenderableType] = [head]
    for view in waiting.executions:
        parts += _execution(view)
    if waiting.omissions:
        parts += [Text(), Text("Omissions", "bold"), *(Text(f"  {o}") for o in waiting.omissions)]
    return Group(*parts)


def _execution(view: ExecutionView) -> Iterator[RenderableType]:
    yield Text()
    name = Text(printable(view.name), "bold")
    yield name.append(f"  has run for {duration(view.seconds)}", "not bold")
    yield Text(f"  {printable(view.arn, 400)}", "dim")
    yield from summary_lines(view)
