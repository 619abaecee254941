# SPDX-License-Identifier: MIT-0
"""The pending waits in a document."""

from datetime import datetime
from typing import Any

from ..model.waits.pending_wait import PendingWait
from .values import optional_text, optional_time, seconds_between, time_value


def wait_value(wait: PendingWait, now: datetime) -> dict[str, Any]:
    """One pending wait.

    Args:
        now: when it was read
    """
    return {
        "kind": wait.kind.name,
        "state": optional_text(wait.state),
        "durable_execution": optional_text(wait.durable_execution),
        "operation": optional_text(wait.operation),
        "awaited": optional_text(wait.awaited),
        "since": time_value(wait.since),
        "until": optional_time(wait.until),
        "seconds": max(0.0, seconds_between(wait.since, now)),
        "then": optional_text(wait.then),
        "deadlines": [
            {"at": optional_time(each.at), "effect": each.effect} for each in wait.deadlines
        ],
    }
