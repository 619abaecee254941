# SPDX-License-Identifier: MIT-0
"""From a sandbox's output to the events of its log."""

import json

from .logs import EVENT_MARK


def log_events(line: str) -> list[str]:
    """The events of the log in one line of a sandbox's output: what was printed, or logged.

    All are text that has UTF-8: in what a handler logs may be half of a surrogate pair.
    """
    line = line.removesuffix("\n")
    printed, mark, event = line.partition(EVENT_MARK)
    if not mark:
        return [line]
    try:
        logged = str(json.loads(event)).removesuffix("\n").encode(errors="replace").decode()
    except ValueError:
        # A handler may print the mark too.
        return [line]
    return [printed, logged] if printed else [logged]
