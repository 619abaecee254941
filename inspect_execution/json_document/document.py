# SPDX-License-Identifier: MIT-0
"""The JSON document of a view, and its texts: indented, or as one line."""

import json
from typing import Any

from ..model.cost_estimate import CostEstimate
from ..model.execution_view import ExecutionView
from .durable_values import durable_values
from .state_values import state_values
from .values import optional_text, optional_time, seconds_between, status_value, time_value
from .wait_values import wait_value

# A document of the same version may get more fields; it loses none, and none changes its meaning.
FORMAT_VERSION = 1


def document_text(view: ExecutionView) -> str:
    """The document of a view, indented."""
    # In ASCII, because format characters such as U+202E reverse a text in a terminal.
    return json.dumps(view_document(view), indent=2)


def json_line(view: ExecutionView) -> str:
    """The document of a view on one line."""
    return json.dumps(view_document(view), separators=(",", ":"))


def view_document(view: ExecutionView) -> dict[str, Any]:
    """The document of a view: execution_view.schema.json describes each field."""
    return {
        "format_version": FORMAT_VERSION,
        "read_at": time_value(view.now),
        "execution": _execution(view),
        "summaries": [
            {"where": optional_text(each.where), "why": each.why, "next": list(each.next)}
            for each in view.summaries
        ],
        "waits": [wait_value(each, view.now) for each in view.waits],
        "states": list(state_values(view)),
        "durable_executions": list(durable_values(view)),
        "events": [
            {
                "time": time_value(each.time),
                "service": each.service.name,
                "subject": each.subject,
                "type": each.type,
                "text": each.text,
            }
            for each in view.events
        ],
        "cost": _cost(view.cost),
        "omissions": list(view.omissions),
    }


def _execution(view: ExecutionView) -> dict[str, Any]:
    return {
        "arn": view.arn,
        "state_machine": None if view.is_durable_alone else view.state_machine,
        "name": view.name,
        "status": status_value(view.status),
        "started": time_value(view.started),
        "ended": optional_time(view.ended),
        "seconds": seconds_between(view.started, view.ended or view.now),
        "input": optional_text(view.input),
        "output": optional_text(view.output),
        "error": optional_text(view.error),
        "cause": optional_text(view.cause),
    }


def _cost(cost: CostEstimate) -> dict[str, Any]:
    return {
        "currency": "USD",
        "total": float(cost.total),
        "items": [
            {
                "name": item.name,
                "quantity": float(item.quantity),
                "unit": optional_text(item.unit),
                "dollars": float(item.dollars),
            }
            for item in cost.items
        ],
        "prices": {
            "region": cost.prices.region,
            "date": cost.prices.date,
            "source": cost.prices.source,
        },
        "omissions": list(cost.omissions),
    }
