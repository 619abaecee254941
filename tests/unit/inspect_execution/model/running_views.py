# SPDX-License-Identifier: MIT-0
"""Views of executions that still run."""

import json
from dataclasses import replace
from typing import Any

from inspect_execution.histories.recording import DurableRecord
from inspect_execution.model.execution_view import ExecutionView, build_view
from inspect_execution.model.prices import Prices
from inspect_execution.model.waits.pending_wait import PendingWait

from ..events import STARTED, at, recording, told

NOW = 20
CALLBACK = "invoke.waitForTaskToken"


def view(
    *parts: Any,
    states: dict[str, Any],
    durable: list[DurableRecord] | None = None,
    before: dict[int, int] | None = None,
    **given: Any,
) -> ExecutionView:
    """A running execution, read 20 seconds after its start."""
    definition = json.dumps({"StartAt": "A", "States": states, **given})
    events = told(STARTED, *parts, before=before)
    made = recording(events, *(durable or []), status="RUNNING", stopDate=None)
    return build_view(replace(made, definition=definition, read_at=at(NOW)), Prices())


def only(shown: ExecutionView) -> PendingWait:
    [wait] = shown.waits
    return wait


def limited(event: tuple[str, dict[str, Any]], **seconds: int) -> tuple[str, dict[str, Any]]:
    return event[0], {**event[1], **seconds}
