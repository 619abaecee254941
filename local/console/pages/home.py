# SPDX-License-Identifier: MIT-0
"""The start page: recent executions, state machines and functions."""

import json
from typing import Any

from werkzeug.wrappers import Request, Response

from inspect_execution.status import Status
from inspect_execution.text import count, duration, printable

from ..listing import PAGE_ITEMS, Filter, ListedExecution, listed_executions, state_machines
from ..rendering import link, page
from ..site import Site

INPUT_CHARACTERS = 80
_STATUSES = (
    Status.RUNNING,
    Status.PAUSED,
    Status.SUCCEEDED,
    Status.FAILED,
    Status.TIMED_OUT,
    Status.ABORTED,
)


def show(site: Site, request: Request) -> Response:
    """The page, with the executions that the filter in the address asks for."""
    given = request.args
    wanted = Filter(given.get("status", ""), given.get("name", ""), given.get("text", "").strip())
    everything = listed_executions(site.endpoint)
    found = [execution for execution in everything if wanted.wants(execution)]
    number = max(1, given.get("page", 1, type=int))
    first = (number - 1) * PAGE_ITEMS
    shown = found[first : first + PAGE_ITEMS]
    return page(
        site,
        "home.html",
        filter=wanted,
        statuses=[status.value for status in _STATUSES],
        rows=[_row(site, execution) for execution in shown],
        found=f"{first + 1 if shown else 0} to {first + len(shown)} of "
        + count(len(found), "execution"),
        is_empty=not everything,
        newer=_page_link(wanted, number - 1) if number > 1 else "",
        older=_page_link(wanted, number + 1) if first + PAGE_ITEMS < len(found) else "",
        machines=[_machine(machine) for machine in state_machines()],
        functions=[
            _function(site, each) for each in site.endpoint.lambda_service.functions.latest()
        ],
    )


def costs(site: Site, request: Request) -> Response:
    """The cost estimates of the executions that a list shows, as JSON by ARN."""
    return Response(
        json.dumps(site.costs.of(request.args.getlist("arn"))), content_type="application/json"
    )


def _page_link(wanted: Filter, number: int) -> str:
    return link("", status=wanted.status, name=wanted.name, text=wanted.text, page=number)


def _row(site: Site, execution: ListedExecution) -> dict[str, Any]:
    return {
        "arn": execution.arn,
        "owner": printable(execution.owner),
        "name": printable(execution.name),
        "status": execution.status,
        "started": f"{execution.started:%Y-%m-%d %H:%M:%S}",
        "took": duration(execution.seconds),
        "is_running": execution.status in (Status.RUNNING, Status.PAUSED),
        "cost": site.costs.known(execution.arn),
        "input": printable(execution.input, INPUT_CHARACTERS),
    }


def _machine(machine: Any) -> dict[str, Any]:
    return {
        "name": printable(machine.name),
        "arn": machine.arn,
        "type": machine.type.lower(),
        "executions": len(machine.executions),
    }


def _function(site: Site, latest: Any) -> dict[str, Any]:
    versions = site.endpoint.lambda_service.functions.versions(latest.name)
    return {
        "name": printable(latest.name),
        "version": versions[-1].number,
        "is_durable": latest.configuration.durable is not None,
        "executions": len(site.endpoint.lambda_service.durable_executions.of_function(latest.name)),
    }
