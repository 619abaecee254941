# SPDX-License-Identifier: MIT-0
"""The operators of event patterns that are supported; moto takes any other one for a match."""

from collections.abc import Iterator, Mapping
from typing import Any

# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
OPERATORS = frozenset(
    (
        "anything-but",
        "cidr",
        "equals-ignore-case",
        "exists",
        "numeric",
        "prefix",
        "suffix",
        "wildcard",
    )
)


def pattern_problems(pattern: Any) -> Iterator[str]:
    """The operators of a pattern that are not supported here. References may be left in it."""
    if not isinstance(pattern, Mapping):
        return
    for key, value in pattern.items():
        if key == "$or":
            for each in value if isinstance(value, list) else []:
                yield from pattern_problems(each)
        elif isinstance(value, Mapping):
            if not _is_intrinsic(value):
                yield from pattern_problems(value)
        elif isinstance(value, list):
            yield from _operator_problems(value)


def _operator_problems(filters: list[Any]) -> Iterator[str]:
    for each in filters:
        if isinstance(each, Mapping) and not _is_intrinsic(each):
            for operator in sorted(set(each) - OPERATORS):
                yield f"the pattern operator {operator} is not supported here"


def _is_intrinsic(value: Mapping[str, Any]) -> bool:
    return any(key == "Ref" or key.startswith("Fn::") for key in value)
