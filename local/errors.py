# SPDX-License-Identifier: MIT-0
"""The errors of `python -m local` that its user can correct, and the words for all others."""

import traceback
from pathlib import Path

from inspect_execution.program import ProgramError

# Parts of the codes with which services throttle: each service has its own.
THROTTLING = ("RequestLimitExceeded", "Throttl", "TooManyRequests")


class LocalError(ProgramError):
    """What ends the command."""


class UsageError(LocalError):
    """The command cannot begin with what it was given."""

    status = 2


def shortened(text: str, limit: int) -> str:
    """A text for a message, with an ellipsis after so many characters."""
    return text if len(text) <= limit else f"{text[:limit]}…"


def is_throttling(code: str) -> bool:
    """Whether a service says with this error code that it throttles."""
    return any(part in code for part in THROTTLING)


def error_without_data(error: BaseException) -> str:
    """Name an unexpected exception and where it was raised, not its words: they may quote data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
