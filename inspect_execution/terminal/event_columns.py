# SPDX-License-Identifier: MIT-0
"""Lines about events in a column for each service, or where those do not fit, in one column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len, chop_cells

from ..model.event_lines.event_line import EventLine
from ..model.timelines.timeline import Service
from ..text import offset

TIME_WIDTH, LEFT_WIDTH = 12, 48
GAP = "  "
# Below this the right column has fewer characters than the left one.
TWO_COLUMNS_WIDTH = 110
MIN_TEXT_WIDTH = 20
MARKS = {Service.STEP_FUNCTIONS: "SFN", Service.LAMBDA: "DUR"}
TITLES = {
    Service.STEP_FUNCTIONS: "Step Functions",
    Service.LAMBDA: "Lambda durable executions",
}


@dataclass(frozen=True)
class EventColumns:
    """The layout of lines about events.

    Args:
        width: the characters of a terminal's line; None for a pipe, which takes any line
    """

    width: int | None

    @property
    def _has_one_column(self) -> bool:
        return self.width is not None and self.width < TWO_COLUMNS_WIDTH

    def header(self) -> str:
        """The titles of the columns; of one column, a legend of its marks."""
        if self._has_one_column:
            legend = [f"{mark} = {TITLES[service]}" for service, mark in MARKS.items()]
            return "\n".join(wrapped_lines(", ".join(legend), self.width))
        left, right = TITLES.values()
        return f"{'time':>{TIME_WIDTH}}{GAP}{left:<{LEFT_WIDTH}}{GAP}{right}"

    def row(self, line: EventLine, start: datetime) -> str:
        """An event's time since the start, and its text: wrapped in a terminal."""
        time, is_left = offset(line.time, start), line.service is Service.STEP_FUNCTIONS
        if self._has_one_column:
            before = f"{time:>{TIME_WIDTH}} {MARKS[line.service]} "
            return self._hanging(before, line.text)
        before = f"{time:>{TIME_WIDTH}}{GAP}"
        if is_left:
            return self._hanging(before, line.text, LEFT_WIDTH)
        return self._hanging(before + " " * LEFT_WIDTH + GAP, line.text)

    def _hanging(self, before: str, text: str, text_width: int | None = None) -> str:
        """A text beside what comes before it on its first line."""
        if self.width is None:
            text_width = None
        elif text_width is None:
            text_width = max(MIN_TEXT_WIDTH, self.width - len(before))
        lines = wrapped_lines(text, text_width)
        indent = " " * len(before)
        return "\n".join(
            (before if number == 0 else indent) + line for number, line in enumerate(lines)
        )


def wrapped_lines(text: str, width: int | None) -> list[str]:
    """The lines of a text in so many characters of a terminal; None takes any line."""
    lines = text.splitlines() or [""]
    if width is None:
        return lines
    return [part for line in lines for part in _line_wrapped(line, width)]


def _line_wrapped(line: str, width: int) -> Iterator[str]:
    """The parts of a line that fit the width in a terminal, where a character may be two wide.

    A continued line is indented, so that it does not look like the next line of a trace.
    """
    part = ""
    for word in re.findall(r"\s*\S+", line):
        if cell_len(part + word) <= width:
            part += word
            continue
        if part:
            yield part
            word = GAP + word.lstrip()
        while cell_len(word) > width:
            first = chop_cells(word, width)[0]
            yield first
            word = GAP + word[len(first) :]
        part = word
    yield part
