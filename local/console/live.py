# SPDX-License-Identifier: MIT-0
"""The updates of an open page of an execution: its view at this moment, as data."""

import json
from dataclasses import replace
from typing import Any

from inspect_execution.histories.recording import Recording
from inspect_execution.model.execution_view import ExecutionView
from inspect_execution.model.timelines.timeline import is_unfinished
from inspect_execution.model.waits.pending_wait import PendingWait
from inspect_execution.page.html_page import state_statuses
from inspect_execution.page.page_data import page_data
from inspect_execution.text import printable

from ..endpoint.endpoint import Endpoint
from .actions.catalogue import offers
from .view import durable_arns, view_of


def view_now(endpoint: Endpoint, recording: Recording) -> ExecutionView:
    """The view of a recording at this moment of the execution's own modelled time."""
    arn = str(recording.execution["executionArn"])
    if not endpoint.clocks.knows(arn):
        return view_of(recording)
    now = max(recording.read_at, endpoint.clocks.of(arn).now())
    return view_of(replace(recording, read_at=now))


def has_ended(view: ExecutionView) -> bool:
    """Whether nothing of it goes on: what it has started may end after it."""
    return not view.is_running and not is_unfinished(view.rows)


def live_data(endpoint: Endpoint, view: ExecutionView) -> dict[str, Any]:
    """All that the page's script needs to show a view."""
    return {
        "execution": page_data(view),
        "states": {
            printable(name): [
                status.status.name.lower(),
                f"{status.status.icon} {status.description}",
                status.description,
            ]
            for name, status in state_statuses(view).items()
        },
        "offers": [
            [each.label, each.address]
            for each in offers(endpoint, view.arn, durable_arns(endpoint, view.arn))
        ],
        "waits": [_wait(view, wait) for wait in view.waits],
    }


def _wait(view: ExecutionView, wait: PendingWait) -> dict[str, Any]:
    """A wait, with the seconds that are left of it and of the limits around it."""
    limits = [(each.at, each.effect) for each in wait.deadlines]
    ends = [(wait.until, wait.then or "it goes on"), *limits] if wait.until else limits
    return {
        "place": printable(wait.place),
        "what": printable(wait.kind.value + (f": {wait.awaited}" if wait.awaited else "")),
        "since": round(wait.seconds(view.now), 3),
        "then": "" if wait.until else wait.then,
        "ends": [
            [None if at is None else round((at - view.now).total_seconds(), 3), printable(effect)]
            for at, effect in ends
        ],
    }


def event(name: str, data: dict[str, Any]) -> bytes:
    """A server-sent event: JSON has no line breaks of its own.

    https://html.spec.whatwg.org/multipage/server-sent-events.html
    """
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


ALIVE = b": alive\n\n"
