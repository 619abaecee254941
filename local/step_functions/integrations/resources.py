# SPDX-License-Identifier: MIT-0
"""The Resource of each Task state of a definition: what of it is not served here, and why."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..validation.finding import Finding
from ..values.resource_arn import ACTIVITY, FUNCTION, parse_service_resource
from .catalogue import LAMBDA_ERRORS, Integration, NotServed, find_integration

NOT_SERVED = "NOT_SERVED_HERE"
# The fields of a Task state that hold its parameters.
PARAMETER_FIELDS = ("Arguments", "Parameters")


def states_of(machine: Mapping[str, Any], location: str = "") -> Iterator[tuple[str, str, Any]]:
    """The location, the name and the fields of every state, those inside others too."""
    for name, state in machine.get("States", {}).items():
        at = f"{location}/States/{name}"
        yield at, name, state
        for key in ("ItemProcessor", "Iterator"):
            if key in state:
                yield from states_of(state[key], f"{at}/{key}")
        for index, branch in enumerate(state.get("Branches", [])):
            yield from states_of(branch, f"{at}/Branches[{index}]")


def check_resources(definition: str) -> list[Finding]:
    """A finding for each Resource of a sound definition that is not served here."""
    return [
        Finding(reason, f"{location}/Resource", NOT_SERVED)
        for location, _, state in states_of(json.loads(definition))
        if state["Type"] == "Task" and (reason := unserved_reason(state["Resource"]))
    ]


def unserved_reason(resource: str) -> str | None:
    """Why a Resource is not served here; None if it is."""
    if FUNCTION.fullmatch(resource) or ACTIVITY.fullmatch(resource):
        return None
    try:
        integration_of(resource)
    except NotServed as error:
        return str(error)
    return None


def integration_of(resource: str) -> Integration | None:
    """The integration of a Resource; None for a function or an activity.

    Raises:
        NotServed: it is not served here
    """
    if FUNCTION.fullmatch(resource) or ACTIVITY.fullmatch(resource):
        return None
    called = parse_service_resource(resource)
    if called is None:
        raise NotServed("it is no ARN of a function, of an activity or of a service integration")
    return find_integration(called)


def parameter_problems(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields of a served Task state's parameters that are unknown or missing, with reasons."""
    integration = integration_of(state["Resource"])
    # Of Lambda's Invoke, without a look at its model, which takes long to load.
    if integration is None or integration.errors is LAMBDA_ERRORS:
        return
    for field in PARAMETER_FIELDS:
        if isinstance(parameters := state.get(field), dict):
            given = {name.removesuffix(".$") for name in parameters}
            for name, reason in _problems(integration, given):
                yield f"{field}/{name}", reason


def _problems(integration: Integration, given: set[str]) -> Iterator[tuple[str, str]]:
    # An optimized integration drops what it does not know.
    unknown = given - set(integration.fields) if integration.parameters is None else set()
    for name in sorted(unknown):
        names = (each for each in integration.fields if each.lower() == name.lower())
        hint = f", but {known}" if (known := next(names, None)) else ""
        yield name, f"{integration.operation} has no such field{hint}"
    for name in integration.required:
        if name not in given:
            yield name, f"{integration.operation} requires it"
