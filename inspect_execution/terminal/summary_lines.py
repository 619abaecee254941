# SPDX-License-Identifier: MIT-0
"""Where an execution failed or waits, why, and what can happen next, as lines."""

from collections.abc import Iterator

from rich.text import Text

from ..model.execution_view import ExecutionView
from ..text import count
from .timeline_table import STYLES

MAX_SUMMARIES = 5


def summary_lines(view: ExecutionView) -> Iterator[Text]:
    """The lines of a view's summaries."""
    style = STYLES.get(view.status, "")
    for summary in view.summaries[:MAX_SUMMARIES]:
        if summary.where:
            yield Text(f"  where  {summary.where}", style)
        yield Text(f"  why    {summary.why}", style)
        for number, text in enumerate(summary.next):
            yield Text(f"  {'' if number else 'next':4}   {text}")
    rest = len(view.summaries) - MAX_SUMMARIES
    if rest > 0:
        yield Text(f"  and {count(rest, 'more wait')}")
