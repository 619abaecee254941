# SPDX-License-Identifier: MIT-0
"""Validation of states: their fields by type, their retriers and catchers."""

from collections.abc import Mapping
from typing import Any

from .choices import check_choices
from .fields import (
    CATCH_FIELDS,
    ERROR_PREFIX,
    JSON_PATH,
    JSONATA,
    NECESSARY_CHOICES,
    QUERY_LANGUAGES,
    REQUIRED_FIELDS,
    RESERVED_ERRORS,
    RETRY_FIELDS,
    STATE_FIELDS,
)
from .finding import Finding, Findings
from .objects import check_fields, check_language, names_of, objects_of
from .values import one_of, text


def check_state(state: Any, location: str, machine_language: str) -> Findings:
    """Findings in one state, without those in states inside it."""
    if not isinstance(state, dict):
        yield Finding("Expected value of type [OBJECT]", location)
        return
    kind = state.get("Type")
    if not isinstance(kind, str) or kind not in STATE_FIELDS:
        is_missing = "Type" not in state
        message = "These fields are required: [Type]" if is_missing else one_of(*STATE_FIELDS)(kind)
        yield Finding(str(message), location if is_missing else f"{location}/Type")
        return
    language = state.get("QueryLanguage", machine_language)
    if "QueryLanguage" in state and (message := check_query_language(language)):
        yield Finding(message, f"{location}/QueryLanguage")
    language = language if language in QUERY_LANGUAGES else JSONATA
    if (language, machine_language) == (JSON_PATH, JSONATA):
        yield Finding(
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
            location,
        )
    else:
        yield from check_language(
            {name: None for name in state if name in STATE_FIELDS[kind]}, location, language
        )
    yield from check_fields(
        state, location, language, STATE_FIELDS[kind], REQUIRED_FIELDS.get(kind, ())
    )
    yield from _check_necessary(state, location, kind)
    if kind == "Choice":
        yield from check_choices(state, location, language)
    yield from _check_error_handling(state, location, language)


def check_query_language(language: Any) -> str | None:
    """What is wrong with the value of QueryLanguage."""
    return text(language) or one_of(*QUERY_LANGUAGES)(language)


def _check_necessary(state: Mapping[str, Any], location: str, kind: str) -> Findings:
    for names in NECESSARY_CHOICES:
        if STATE_FIELDS[kind].issuperset(names) and not set(names) & set(state):
            yield Finding(
                f"This object should have only one of the following fields: [{', '.join(names)}]",
                location,
            )
    heartbeat, timeout = state.get("HeartbeatSeconds"), state.get("TimeoutSeconds")
    if isinstance(heartbeat, int) and isinstance(timeout, int) and heartbeat >= timeout:
        yield Finding(
            "HeartbeatSeconds must be smaller than TimeoutSeconds", f"{location}/HeartbeatSeconds"
        )
    if state.get("Branches") == []:
        yield Finding("Value cannot be empty", f"{location}/Branches")


def _check_error_handling(state: Mapping[str, Any], location: str, language: str) -> Findings:
    for name, allowed, required in (
        ("Retry", RETRY_FIELDS, ("ErrorEquals",)),
        ("Catch", CATCH_FIELDS, ("ErrorEquals", "Next")),
    ):
        handlers = list(objects_of(state, name)) if name in STATE_FIELDS[state["Type"]] else []
        for index, handler in handlers:
            at = f"{location}/{index}"
            yield from check_fields(handler, at, language, allowed, required)
            yield from check_language(
                {name: None for name in handler if name in allowed}, at, language
            )
            if handler.get("ErrorEquals") == []:
                yield Finding("Value cannot be empty", f"{at}/ErrorEquals")
            names = list(names_of(handler.get("ErrorEquals")))
            for name in names:
                if name.startswith(ERROR_PREFIX) and name not in RESERVED_ERRORS:
                    yield Finding(
                        f"No error of the service has the name {name}", f"{at}/ErrorEquals"
                    )
            if "States.ALL" in names and (len(names) > 1 or handler is not handlers[-1][1]):
                yield Finding(
                    "States.ALL must appear alone and at end of list",
                    f"{at}/ErrorEquals[{names.index('States.ALL')}]",
                )
