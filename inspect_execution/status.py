# SPDX-License-Identifier: MIT-0
"""The status of an execution or of a part of it, as an icon and a word: never by colour alone."""

from enum import Enum


class Status(Enum):
    """The status of an execution, a state, an attempt, an operation or an invocation."""

    SUCCEEDED = "succeeded"
    CAUGHT = "failed, caught"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    ABORTED = "aborted"
    RUNNING = "running"
    PAUSED = "paused"
    # Of the time between two attempts, which can neither succeed nor fail.
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
    def parse(cls, status: str) -> "Status":
        """The status for the word that either service's API uses; UNKNOWN for any other word."""
        return _API_WORDS.get(status, cls.UNKNOWN)

    @classmethod
    def of_unfinished(cls, execution_status: str) -> "Status":
        """The status of a state or attempt that has no end of its own, by its execution's."""
        by_execution = {"RUNNING": cls.RUNNING, "TIMED_OUT": cls.TIMED_OUT}
        return by_execution.get(execution_status, cls.ABORTED)


_ICONS = {
    Status.SUCCEEDED: "✓",
    Status.CAUGHT: "!",
    Status.FAILED: "✗",
    Status.TIMED_OUT: "◷",
    Status.ABORTED: "■",
    Status.RUNNING: "▶",
    Status.PAUSED: "‖",
    Status.OVER: "-",
    Status.NOT_REACHED: "○",
    Status.UNKNOWN: "?",
}
_API_WORDS = {
    "SUCCEEDED": Status.SUCCEEDED,
    "FAILED": Status.FAILED,
    "TIMED_OUT": Status.TIMED_OUT,
    "ABORTED": Status.ABORTED,
    "STOPPED": Status.ABORTED,
    "CANCELLED": Status.ABORTED,
    "RUNNING": Status.RUNNING,
    "PENDING_REDRIVE": Status.FAILED,
    "PAUSING": Status.PAUSED,
    "PAUSED": Status.PAUSED,
}
