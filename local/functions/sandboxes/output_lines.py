# SPDX-License-Identifier: MIT-0
"""The lines of a sandbox's output, each cut at the size of a log event."""

from collections.abc import Iterator
from typing import TextIO

from ..lambda_runtime.logs import EVENT_MARK, MAX_EVENT_CHARACTERS

# In JSON, a character is two escape sequences of six at most.
_MAX_JSON_CHARACTERS = 12 * MAX_EVENT_CHARACTERS


def output_lines(output: TextIO) -> Iterator[str]:
    """The lines, and the parts of those that are longer than an event may be."""
    is_in_line = False
    while part := output.readline(MAX_EVENT_CHARACTERS):
        if EVENT_MARK in part and not part.endswith("\n"):
            # An event in JSON makes sense as a whole only. The runtime has cut what is in it.
            part += output.readline(_MAX_JSON_CHARACTERS)
        if not (is_in_line and part == "\n"):
            yield part
        is_in_line = not part.endswith("\n")
