# SPDX-License-Identifier: MIT-0
"""The page of a state machine: its definition, its versions, and what runs on which."""

import json
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup
from werkzeug.wrappers import Request, Response

from inspect_execution.model.definition_graph import parse_definition
from inspect_execution.page.graph_layout import lay_out
from inspect_execution.page.graph_svg import draw

from ...step_functions.interpreter import interpreter_backend
from ..rendering import page
from ..site import Site

MAX_DRAWN_STATES = 2_000
MAX_LISTED = 20
NOW = "the definition now"


def show(site: Site, request: Request) -> Response:
    """The page of the state machine of an ARN."""
    machine = interpreter_backend().require_machine(request.args["arn"])
    graph = parse_definition(machine.definition)
    is_drawn = graph is not None and 0 < len(graph.nodes) <= MAX_DRAWN_STATES
    return page(
        site,
        "machine.html",
        machine=machine,
        # Of the layout's own: it escapes the names of states.
        graph=Markup(draw(lay_out(graph), None)) if graph and is_drawn else "",
        definition=json.dumps(json.loads(machine.definition), indent=2, ensure_ascii=False),
        versions=list(_versions(machine)),
    )


def _versions(machine: Any) -> Iterator[dict[str, Any]]:
    """What executions run on: the definition now, published versions, and earlier definitions."""
    names = {id(each): _name(machine, each.state_machine) for each in list(machine.executions)}
    ordered = [NOW, *(f"version {n}" for n in sorted(machine.versions, reverse=True))]
    for name in dict.fromkeys([*ordered, *names.values()]):
        its = [each for each in reversed(machine.executions) if names.get(id(each)) == name]
        running = [each for each in its if not each.has_ended]
        yield {
            "name": name,
            "count": len(its),
            "running": [(each.name, each.exec_arn) for each in running[:MAX_LISTED]],
            "more": max(0, len(running) - MAX_LISTED),
        }


def _name(machine: Any, ran: Any) -> str:
    """What an execution's own copy of the machine is."""
    version = getattr(ran, "version_arn", None)
    if version is not None:
        return f"version {version.rsplit(':', 1)[-1]}"
    return NOW if ran.definition == machine.definition else "an earlier definition"
