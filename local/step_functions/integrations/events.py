# SPDX-License-Identifier: MIT-0
"""The optimized integration of EventBridge's PutEvents.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
"""

import json
from collections.abc import Mapping
from typing import Any

from .errors import TaskError


def add_resources(parameters: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """Add the ARNs of the state machine and of the execution to the resources of each event."""
    arns = [context["StateMachine"]["Id"], context["Execution"]["Id"]]
    return {
        **parameters,
        "Entries": [
            {**entry, "Resources": [*(entry.get("Resources") or []), *arns]}
            for entry in parameters.get("Entries") or []
        ],
    }


def require_all_entries(result: Mapping[str, Any]) -> None:
    """Return if EventBridge has taken all events.

    Raises:
        TaskError: it has not; the cause is its answer
    """
    if result.get("FailedEntryCount"):
        raise TaskError("EventBridge.FailedEntry", json.dumps(result, separators=(",", ":")))
