# SPDX-License-Identifier: MIT-0
"""How something ended, in an icon and a word: never by colour alone."""

from enum import Enum


class Status(Enum):
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
    def is_unsuccessful(self) -> bool:
        return self in (Status.FAILED, Status.TIMED_OUT, Status.ABORTED, Status.CAUGHT)

    @classmethod
    def of_status(cls, status: str) -> "Status":
        """The outcome that a status of either service stands for."""
        return _STATUSES.get(status, cls.UNKNOWN)


_ICONS = {
    Status.SUCCEEDED: "✓",
    Status.CAUGHT: "!",
    Status.FAILED: "✗",
    Status.TIMED_OUT: "◷",
    Status.ABORTED: "■",
    Status.RUNNING: "▶",
    Status.OVER: "-",
    Status.NOT_REACHED: "○",
    Status.UNKNOWN: "?",
}
_STATUSES = {
    "SUCCEEDED": Status.SUCCEEDED,
    "FAILED": Status.FAILED,
    "TIMED_OUT": Status.TIMED_OUT,
    "ABORTED": Status.ABORTED,
    "STOPPED": Status.ABORTED,
    "CANCELLED": Status.ABORTED,
    "RUNNING": Status.RUNNING,
    "PENDING_REDRIVE": Status.FAILED,
    "PAUSING": Status.RUNNING,
    "PAUSED": Status.RUNNING,
}
