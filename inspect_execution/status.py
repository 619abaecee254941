# SPDX-License-Identifier: MIT-0
"""How something ended, in an icon and a word: never by colour alone."""

from enum import Enum


class Outcome(Enum):
    """How a state, an attempt, an operation or an execution ended, if it has."""

    SUCCEEDED = "succeeded"
    CAUGHT = "failed, caught"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    ABORTED = "aborted"
    RUNNING = "running"
    # A pause between two attempts: it ends, and that is all.
    OVER = "over"
    NOT_REACHED = "not reached"
    UNKNOWN = "unknown"

    @property
    def icon(self) -> str:
        return _ICONS[self]

    @property
    def has_gone_wrong(self) -> bool:
        return self in (Outcome.FAILED, Outcome.TIMED_OUT, Outcome.ABORTED, Outcome.CAUGHT)

    @classmethod
    def of_status(cls, status: str) -> "Outcome":
        """The outcome that a status of either service stands for."""
        return _STATUSES.get(status, cls.UNKNOWN)


_ICONS = {
    Outcome.SUCCEEDED: "✓",
    Outcome.CAUGHT: "!",
    Outcome.FAILED: "✗",
    Outcome.TIMED_OUT: "◷",
    Outcome.ABORTED: "■",
    Outcome.RUNNING: "▶",
    Outcome.OVER: "-",
    Outcome.NOT_REACHED: "○",
    Outcome.UNKNOWN: "?",
}
_STATUSES = {
    "SUCCEEDED": Outcome.SUCCEEDED,
    "FAILED": Outcome.FAILED,
    "TIMED_OUT": Outcome.TIMED_OUT,
    "ABORTED": Outcome.ABORTED,
    "STOPPED": Outcome.ABORTED,
    "CANCELLED": Outcome.ABORTED,
    "RUNNING": Outcome.RUNNING,
    "PENDING_REDRIVE": Outcome.FAILED,
    "PAUSING": Outcome.RUNNING,
    "PAUSED": Outcome.RUNNING,
}
