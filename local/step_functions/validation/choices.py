# SPDX-License-Identifier: MIT-0
"""Validation of the rules of Choice states."""

import math
from collections.abc import Mapping
from typing import Any

from .fields import COMBINATIONS, JSONATA, OPERATORS, RULE_FIELDS
from .finding import Finding, Findings
from .objects import check_exclusive, check_fields, check_language, objects_of
from .values import ValueCheck, choice_path, flag, number_in_range, text, timestamp

_ONLY_AT_THE_TOP = frozenset({"Next", "Output", "Assign"})


def check_choices(state: Mapping[str, Any], location: str, language: str) -> Findings:
    """Findings in the rules of a Choice state."""
    if state.get("Choices") == []:
        yield Finding("Value cannot be empty", f"{location}/Choices")
    for index, rule in objects_of(state, "Choices"):
        yield from check_language(rule, f"{location}/{index}", language)
        yield from _check_rule(rule, f"{location}/{index}", language, is_nested=False)


def _check_rule(rule: Mapping[str, Any], location: str, language: str, is_nested: bool) -> Findings:
    allowed = RULE_FIELDS - _ONLY_AT_THE_TOP if is_nested else RULE_FIELDS
    allowed = allowed | OPERATORS if "Variable" in rule or language == JSONATA else allowed
    required = () if is_nested else ("Next",)
    yield from check_fields(rule, location, language, allowed, required)
    present = [name for name in COMBINATIONS if name in rule]
    if not present:
        yield Finding(
            f"The object must have only one of the following fields, [{', '.join(COMBINATIONS)}]",
            location,
        )
    yield from check_exclusive(present, location)
    if language != JSONATA and "Variable" in rule:
        yield from _check_comparison(rule, location)
    for name in ("And", "Or"):
        if rule.get(name) == []:
            yield Finding("Value cannot be empty", f"{location}/{name}")
        for index, nested in objects_of(rule, name):
            yield from _check_rule(nested, f"{location}/{index}", language, is_nested=True)
    if isinstance(rule.get("Not"), dict):
        yield from _check_rule(rule["Not"], f"{location}/Not", language, is_nested=True)


def _check_comparison(rule: Mapping[str, Any], location: str) -> Findings:
    if message := choice_path(rule["Variable"]):
        yield Finding(message, f"{location}/Variable")
    operators = [name for name in rule if name in OPERATORS]
    if not operators:
        yield Finding("The object must have a comparison operator", location)
    yield from check_exclusive(operators, location)
    for name in operators:
        check = choice_path if name.endswith("Path") else _CHECKS[name[: len("Is")]]
        if message := check(rule[name]):
            yield Finding(message, f"{location}/{name}")


# By the first letters of an operator.
_CHECKS: dict[str, ValueCheck] = {
    "St": text,
    "Nu": number_in_range(-math.inf, kind=float),
    "Bo": flag,
    "Ti": timestamp,
    "Is": flag,
}
