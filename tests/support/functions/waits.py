# SPDX-License-Identifier: MIT-0
"""The durable waits that a request begins."""

from typing import Any


def waits_begun(operation: str, body: dict[str, Any]) -> list[str]:
    """The durable waits that begin with a request, by name."""
    if operation != "CheckpointDurableExecution":
        return []
    return [
        update["Name"]
        for update in body.get("Updates", [])
        if (update["Type"], update["Action"]) == ("WAIT", "START")
    ]
