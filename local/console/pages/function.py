# SPDX-License-Identifier: MIT-0
"""The page of a function: its versions, and the durable executions that run on each."""

from typing import Any

from werkzeug.wrappers import Request, Response

from ...functions.function import FunctionVersion
from ..rendering import page
from ..site import Site

MAX_LISTED = 20


def show(site: Site, request: Request) -> Response:
    """The page of the function of a name."""
    name = request.args["name"]
    service = site.endpoint.lambda_service
    versions = service.functions.versions(name)
    executions = service.durable_executions.of_function(name)
    return page(
        site,
        "function.html",
        name=name,
        configuration=versions[0].configuration,
        versions=[_version(each, executions) for each in reversed(versions)],
    )


def _version(version: FunctionVersion, executions: list[Any]) -> dict[str, Any]:
    its = [each for each in executions if each.start_input.function_qualifier == version.number]
    running = [each for each in its if not each.is_complete]
    latest = sorted(its, key=lambda each: each.started, reverse=True)[:MAX_LISTED]
    return {
        "number": version.number,
        "count": len(its),
        "running": len(running),
        "latest": [
            (each.start_input.execution_name, each.durable_execution_arn, each.status().lower())
            for each in latest
        ],
    }
