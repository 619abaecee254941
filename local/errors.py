# SPDX-License-Identifier: MIT-0
"""What a user of `python -m local` may do wrong, or find broken."""

import traceback
from pathlib import Path

from inspect_execution.program import ProgramError


class LocalError(ProgramError):
    """What ends the command."""


class UsageError(LocalError):
    """The command cannot begin with what it was given."""

    status = 2


def without_data(error: BaseException) -> str:
    """Name an unexpected exception and where it was raised, not its words: they may quote data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
