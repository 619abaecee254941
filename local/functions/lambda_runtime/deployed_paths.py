# SPDX-License-Identifier: MIT-0
"""Where deployed files are in Lambda: the paths that stack traces and messages show."""

import os
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

TASK_ROOT = "/var/task"
LAYER_ROOT = "/opt/python"
_OWN_FILES = str(Path(__file__).parent)

_shown: dict[str, str] = {}


def show_deployed_paths(path: list[str]) -> None:
    """Show files of the directories of a sandbox's path as Lambda names them.

    Args:
        path: the code's directory, then those of the layers, site-packages before `python`
    """
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    _shown.clear()
    # From the end: to replace `python` is right for the site-packages in it, too.
    _shown.update(dict.fromkeys(reversed(path[1:]), LAYER_ROOT))
    _shown.update({path[0]: TASK_ROOT, os.path.dirname(os.__file__): f"/var/lang/lib/{version}"})  # noqa: PTH120


def shown(text: str) -> str:
    """A path, or a text that has paths in it, as in Lambda."""
    for directory, name in _shown.items():
        text = text.replace(directory, name)
    return text


def frames(trace: TracebackType | None) -> list[traceback.FrameSummary]:
    """The frames of a traceback without those of this runtime, which come first."""
    summaries = traceback.extract_tb(trace)
    start = 0
    while start < len(summaries) and summaries[start].filename.startswith(_OWN_FILES):
        start += 1
    return summaries[start:]


def plain_stack_trace(trace: TracebackType | None) -> list[str]:
    """The lines that an error's `stackTrace` has: without the marks below an expression."""
    return traceback.format_list(
        [(shown(each.filename), each.lineno or 0, each.name, each.line) for each in frames(trace)]
    )


def marked_stack_trace(trace: TracebackType | None) -> list[str]:
    """The lines that a log record's `stackTrace` has."""
    return [shown(text) for text in traceback.format_tb(trace)]


def formatted_exception(exc_info: Any) -> str:
    """What `logging` appends to a record in text."""
    return shown("".join(traceback.format_exception(*exc_info))).removesuffix("\n")
