# SPDX-License-Identifier: MIT-0
"""Expressions of a definition that the service refuses when a state machine is created.

Codes, words and locations as measured on AWS with ValidateStateMachineDefinition.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from .errors import EvaluationError
from .expression import parse_expression, symbols_of

_JSONATA, _JSON_PATH = "JSONata", "JSONPath"
# Fields that no expression is read from. States inside of a state come as states of their own.
_NOT_EVALUATED = frozenset(
    {"Type", "Comment", "Next", "End", "Default", "Resource", "QueryLanguage", "Retry", "Label"}
    | {"Branches", "ItemProcessor", "Iterator", "ErrorEquals"}
)
# https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
_STATES_FIELDS = frozenset({"input", "context"})
_WITH_RESULT = ("Task", "Parallel", "Map")
_NOT_DELIMITED = "JSONata string must start with {% and end with %}"
# What a symbol evaluates in the context that it is itself in.
_SAME_CONTEXT = (
    *("procedure", "arguments", "body", "lhs", "rhs", "lhs_object"),
    *("condition", "then", "_else", "expression", "expressions"),
)
_CONTEXT_READERS = {"name": None, "wildcard": "*", "descendant": "**", "parent": "%"}


@dataclass(frozen=True)
class ExpressionFinding:
    """One thing that the service refuses.

    Args:
        location: where, such as /States/Pay/Output/total
        code: the service's code
        message: the service's sentence
    """

    location: str
    code: str
    message: str


def definition_findings(definition: dict[str, Any]) -> list[ExpressionFinding]:
    """What is wrong with the expressions of a definition, those of inner states too."""
    return list(_machine(definition, "", str(definition.get("QueryLanguage", _JSON_PATH))))


def _machine(machine: Any, path: str, language: str) -> Iterator[ExpressionFinding]:
    states = machine.get("States") if isinstance(machine, dict) else None
    for name, state in states.items() if isinstance(states, dict) else ():
        if not isinstance(state, dict):
            continue
        here = f"{path}/States/{name}"
        if state.get("QueryLanguage", language) == _JSONATA:
            yield from _state(state, here)
        for key in ("ItemProcessor", "Iterator"):
            yield from _machine(state.get(key), f"{here}/{key}", language)
        branches = state.get("Branches")
        for index, branch in enumerate(branches if isinstance(branches, list) else ()):
            yield from _machine(branch, f"{here}/Branches[{index}]", language)


def _state(state: dict[str, Any], here: str) -> Iterator[ExpressionFinding]:
    fields = {key: value for key, value in state.items() if key not in _NOT_EVALUATED}
    for location, text in located_texts(fields, ""):
        if text.startswith("{%") and text.endswith("%}"):
            known = _STATES_FIELDS | _results(str(state.get("Type")), location)
            for code, message in expression_findings(text[2:-2].strip(), known):
                yield ExpressionFinding(here + location, code, message)
        elif (shown := text.strip()).startswith("{%") or shown.endswith("%}"):
            yield ExpressionFinding(here + location, "SCHEMA_VALIDATION_FAILED", _NOT_DELIMITED)
    for location, assigned in _assigned(state):
        if "states" in assigned:
            yield ExpressionFinding(
                f"{here}{location}/states",
                "SCHEMA_VALIDATION_FAILED",
                "Variable name 'states' is reserved",
            )


def _results(kind: str, location: str) -> frozenset[str]:
    """The fields of $states that only that place has."""
    if location.startswith("/Catch["):
        return frozenset({"errorOutput"})
    is_after = location.startswith(("/Output", "/Assign"))
    return frozenset({"result"} if is_after and kind in _WITH_RESULT else ())


def located_texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The texts in a value, each with its location."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from located_texts(item, f"{path}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from located_texts(item, f"{path}[{index}]")


def _assigned(state: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    places = [("", state)]
    for key in ("Catch", "Choices"):
        listed = state.get(key)
        places += [
            (f"/{key}[{index}]", item)
            for index, item in enumerate(listed if isinstance(listed, list) else ())
        ]
    for path, place in places:
        if isinstance(place, dict) and isinstance(place.get("Assign"), dict):
            yield f"{path}/Assign", place["Assign"]


def expression_findings(source: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """The codes and messages for one expression.

    Args:
        source: its text, without {% and %}
        known: the fields of $states that there are where the expression is
    """
    try:
        expression = parse_expression(source)
    except EvaluationError as error:
        yield "INVALID_JSONATA_EXPRESSION", error.message
        return
    unsupported = dict.fromkeys(
        f"Reference to '{name}' at the top level is not supported."
        for name in _top_level(expression.tree)
    )
    variables = [each.value for each in symbols_of(expression.tree) if each.type == "variable"]
    if "$" in variables:
        unsupported["Reference to '$$' is not supported."] = None
    for field in sorted((expression.states_fields or frozenset()) - set(known)):
        unsupported[f"Field '$states.{field}' does not exist."] = None
    for message in unsupported:
        yield "UNSUPPORTED_JSONATA_EXPRESSION", message


def _top_level(symbol: Any) -> Iterator[str]:
    """The names that are read where there is nothing to read them from.

    A later step, a predicate, a sort term and a group are read from what comes before them.
    """
    if isinstance(symbol, list | tuple):
        for item in symbol:
            yield from _top_level(item)
    elif symbol is None or not hasattr(symbol, "type"):
        return
    elif symbol.type in _CONTEXT_READERS:
        yield _CONTEXT_READERS[symbol.type] or str(symbol.value)
    elif symbol.type == "variable" and symbol.value == "":
        yield "$"
    elif symbol.type == "path":
        yield from _top_level(symbol.steps[0])
    elif symbol.type != "transform":
        for name in _SAME_CONTEXT:
            yield from _top_level(getattr(symbol, name))
