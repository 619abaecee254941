# SPDX-License-Identifier: MIT-0
"""Validation of an Express state machine: what only a standard one may have.

The messages are recorded from the service.
https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
"""

from collections.abc import Mapping
from typing import Any

from ..values.resource_arn import ACTIVITY, SYNC, TOKEN, parse_service_resource
from .finding import Finding, Findings


def check_express(states: Mapping[str, Any], location: str) -> Findings:
    """Findings in the tasks of an Express state machine's container of states."""
    for name, state in states.items():
        resource = state.get("Resource") if isinstance(state, dict) else None
        if isinstance(resource, str) and (message := _message(resource)):
            yield Finding(message, f"{location}/States/{name}/Resource")


def _message(resource: str) -> str | None:
    if ACTIVITY.fullmatch(resource):
        return "Express state machine does not support Activity ARN"
    called = parse_service_resource(resource)
    pattern = called.pattern if called is not None else None
    if pattern == TOKEN:
        # With the blank at its end, as the service has it.
        return "Express state machine does not support '.waitForTaskToken' service integration "
    if pattern is not None and pattern.startswith(SYNC):
        return "Express state machine does not support '.sync' service integration"
    return None
