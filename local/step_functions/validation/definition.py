# SPDX-License-Identifier: MIT-0
"""Validation of a whole definition."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

from ..jsonata import definition_findings
from ..values.json_syntax import describe_json_error
from .express import check_express
from .fields import (
    BRANCH_FIELDS,
    JSON_PATH,
    JSONATA,
    MACHINE_FIELDS,
    PROCESSOR_CONFIG_FIELDS,
    PROCESSOR_FIELDS,
    QUERY_LANGUAGES,
)
from .finding import SCHEMA, Finding, Findings
from .objects import check_fields, objects_of
from .scopes import check_scopes
from .states import check_query_language, check_state
from .transitions import check_reach, check_targets
from .values import one_of
from .warnings import check_warnings

# https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
MAX_NAME_CHARACTERS = 80
NO_OBJECT = Finding("Definition must be a valid JSON object", None)


class Container(NamedTuple):
    """A machine, a branch of a Parallel state or the processor of a Map state."""

    location: str
    fields: Mapping[str, Any]
    allowed: frozenset[str]

    @property
    def states(self) -> Mapping[str, Any]:
        states = self.fields.get("States")
        return states if isinstance(states, dict) else {}


def check_definition(text: str, kind: str = "STANDARD") -> list[Finding]:
    """All findings for which the service refuses a definition, in the order of the definition.

    Args:
        kind: the type of the state machine
    """
    if not text.strip():
        return [NO_OBJECT]
    try:
        machine = json.loads(
            text, parse_constant=_refuse_constant, object_pairs_hook=_require_distinct_fields
        )
    except (ValueError, RecursionError) as error:
        message, location = describe_json_error(text, error)
        return [Finding(message, location, "INVALID_JSON_DESCRIPTION")]
    if not isinstance(machine, dict):
        return [NO_OBJECT]
    expressions = (
        Finding(each.message, each.location, each.code) for each in definition_findings(machine)
    )
    return [*_check_machine(machine, is_express=kind == "EXPRESS"), *expressions]


def check_for_warnings(text: str) -> list[Finding]:
    """What looks wrong in a sound definition, and is not refused."""
    machine = json.loads(text)
    language = str(machine.get("QueryLanguage", JSON_PATH))
    containers = _containers(Container("", machine, MACHINE_FIELDS))
    return [
        warning
        for each in containers
        for warning in check_warnings(each.states, each.location, language)
    ]


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _require_distinct_fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"Duplicate field '{twice}'")
    return fields


def _check_machine(machine: dict[str, Any], *, is_express: bool) -> Findings:
    language = machine.get("QueryLanguage", JSON_PATH)
    if message := check_query_language(language):
        yield Finding(message, "/QueryLanguage")
    language = language if language in QUERY_LANGUAGES else JSONATA
    containers = list(_containers(Container("", machine, MACHINE_FIELDS)))
    schema = [finding for each in containers for finding in _check_container(each, language)]
    yield from schema
    yield from _check_names(containers)
    yield from check_scopes(machine)
    for container in containers if is_express else ():
        yield from check_express(container.states, container.location)
    for container in containers:
        if container.states:
            yield from check_targets(container.fields, container.location)
    if not any(finding.code == SCHEMA for finding in schema):
        for container in containers:
            yield from check_reach(container.fields, container.location)


def _containers(container: Container) -> Iterator[Container]:
    """The container, and those inside its states."""
    yield container
    for name, state in container.states.items():
        at = f"{container.location}/States/{name}"
        fields = state if isinstance(state, dict) else {}
        for key, allowed in (("ItemProcessor", PROCESSOR_FIELDS), ("Iterator", PROCESSOR_FIELDS)):
            if isinstance(fields.get(key), dict):
                yield from _containers(Container(f"{at}/{key}", fields[key], allowed))
        for index, branch in objects_of(fields, "Branches"):
            yield from _containers(Container(f"{at}/{index}", branch, BRANCH_FIELDS))


def _check_container(container: Container, language: str) -> Findings:
    fields = dict(container.fields)
    if container.fields.get("TimeoutSeconds") == 0:
        # The service takes it for no timeout, in a machine and nowhere else.
        del fields["TimeoutSeconds"]
    at = container.location
    yield from check_fields(fields, at or "/", language, container.allowed, ("States", "StartAt"))
    if fields.get("States") == {}:
        yield Finding("Value cannot be empty", f"{at}/States")
    if isinstance(config := fields.get("ProcessorConfig"), dict):
        yield from check_fields(config, f"{at}/ProcessorConfig", language, PROCESSOR_CONFIG_FIELDS)
        if config.get("Mode") != "DISTRIBUTED" and "ExecutionType" in config:
            yield Finding(
                "ExecutionType is for Mode DISTRIBUTED alone",
                f"{at}/ProcessorConfig/ExecutionType",
            )
        for name, check in _CONFIG_CHECKS.items():
            if name in config and (message := check(config[name])):
                yield Finding(message, f"{at}/ProcessorConfig/{name}")
    for name, state in container.states.items():
        yield from check_state(state, f"{at}/States/{name}", language)


_CONFIG_CHECKS = {
    "Mode": one_of("INLINE", "DISTRIBUTED"),
    "ExecutionType": one_of("STANDARD", "EXPRESS"),
}


def _check_names(containers: list[Container]) -> Findings:
    known: set[str] = set()
    for container in containers:
        for name in container.states:
            if len(name) > MAX_NAME_CHARACTERS:
                yield Finding(
                    f"State name is longer than {MAX_NAME_CHARACTERS} characters",
                    f"{container.location}/States/{name}",
                    "INVALID_STATE_NAME",
                )
            if name in known:
                yield Finding(
                    f"Duplicate State name: {name}",
                    f"{container.location}/States/{name}",
                    "DUPLICATE_STATE_NAME",
                )
            known.add(name)
