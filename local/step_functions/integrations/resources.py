# SPDX-License-Identifier: MIT-0
"""The tasks and maps of a definition that are not served here, and why."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..validation.finding import Finding
from ..values.resource_arn import ACTIVITY, FUNCTION, parse_service_resource
from .catalogue import LAMBDA_ERRORS, Integration, NotServed, find_integration

NOT_SERVED = "NOT_SERVED_HERE"
INLINE = "INLINE"
_DISTRIBUTED_MAP_FIELDS = (
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
)
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


@dataclass(frozen=True)
class Unserved:
    """A part of a sound definition that is not served here.

    Args:
        location: of the state, such as /States/Pay
        state: its name
        part: the field
        shown: the part in a sentence
        reason: why it is not served
    """

    location: str
    state: str
    part: str
    shown: str
    reason: str


def unserved_parts(machine: Mapping[str, Any]) -> Iterator[Unserved]:
    """Everything of a sound definition that is not served here."""
    for location, name, state in states_of(machine):
        if state["Type"] == "Task":
            for part, shown, reason in _unserved_task(state):
                yield Unserved(location, name, part, shown, reason)
        if state["Type"] == "Map":
            for part, shown in _unserved_map(state):
                yield Unserved(location, name, part, shown, "distributed maps are not served here")


def check_resources(definition: str) -> list[Finding]:
    """A finding for each part of a sound definition that is not served here."""
    return [
        Finding(each.reason, f"{each.location}/{each.part}", NOT_SERVED)
        for each in unserved_parts(json.loads(definition))
    ]


def _unserved_task(state: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    resource = state["Resource"]
    if reason := unserved_reason(resource):
        yield "Resource", f"Resource {resource}", reason
        return
    for field, reason in parameter_problems(state):
        yield field, f"field {field}", reason


def _unserved_map(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    key = "ItemProcessor" if "ItemProcessor" in state else "Iterator"
    if (mode := state[key].get("ProcessorConfig", {}).get("Mode", INLINE)) != INLINE:
        yield f"{key}/ProcessorConfig/Mode", f"Mode {mode}"
    for name in _DISTRIBUTED_MAP_FIELDS:
        if name in state:
            yield name, f"field {name}"


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
    if integration is None:
        return
    for field in PARAMETER_FIELDS:
        if isinstance(parameters := state.get(field), dict):
            given = {name.removesuffix(".$") for name in parameters}
            for name, reason in _problems(integration, given):
                yield f"{field}/{name}", reason


def _problems(integration: Integration, given: set[str]) -> Iterator[tuple[str, str]]:
    if integration.parameters is not None:
        # On AWS the execution fails.
        for name in sorted(given - integration.parameters):
            yield name, f'The field "{name}" is not supported by Step Functions'
    else:
        for name in sorted(given - set(integration.fields)):
            names = (each for each in integration.fields if each.lower() == name.lower())
            hint = f", but {known}" if (known := next(names, None)) else ""
            yield name, f"{integration.operation} has no such field{hint}"
    # Of Lambda's Invoke, without a look at its model, which takes long to load.
    is_invoke = integration.errors is LAMBDA_ERRORS
    for name in ["FunctionName"] if is_invoke else integration.required:
        if name not in given:
            yield name, f"{integration.operation} requires it"
