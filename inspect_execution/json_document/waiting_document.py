# SPDX-License-Identifier: MIT-0
"""The JSON document of the running executions of a state machine."""

from typing import Any

from ..model.execution_view import ExecutionView
from ..model.waiting_list import WaitingList
from .document import FORMAT_VERSION
from .values import seconds_between, time_value
from .wait_values import wait_value


def waiting_document(waiting: WaitingList) -> dict[str, Any]:
    """The document of a list: `waiting_list` in execution_view.schema.json describes it."""
    return {
        "format_version": FORMAT_VERSION,
        "state_machine_arn": waiting.state_machine_arn,
        "executions": [_execution(view) for view in waiting.executions],
        "omissions": list(waiting.omissions),
    }


def _execution(view: ExecutionView) -> dict[str, Any]:
    return {
        "arn": view.arn,
        "name": view.name,
        "started": time_value(view.started),
        "read_at": time_value(view.now),
        "seconds": seconds_between(view.started, view.now),
        "waits": [wait_value(each, view.now) for each in view.waits],
    }
