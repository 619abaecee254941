# SPDX-License-Identifier: MIT-0
"""Validation of the values of fields: numbers, texts, paths and payload templates."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..intrinsics.syntax import (
    TEXT_FUNCTIONS,
    IntrinsicCall,
    IntrinsicSyntaxError,
    Path,
    parse_intrinsic,
)
from ..values.json_path import PathSyntaxError, parse_path
from ..values.timestamp import parse_timestamp
from .fields import JSONATA
from .finding import Finding, Findings

MAX_SECONDS = 99_999_999
MAX_DELAY_SECONDS = 31_622_400
INVALID_PATH = "Value must be a valid JSONPath."
_CONTEXT_OR_VARIABLE = re.compile(r"\$\$(?=[.\[]|$)|\$(?!\$)\w+")
_NO_REFERENCE = re.compile(r"\.\.|[*?@]|\[[^\]'\"]*[,:]")
_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+", re.DOTALL)

ValueCheck = Callable[[Any], str | None]


def _is_path(text: Any) -> bool:
    """Whether the text selects from the input, from the context object or from a variable."""
    try:
        parse_path(_CONTEXT_OR_VARIABLE.sub("$", text, count=1) if isinstance(text, str) else "")
    except PathSyntaxError:
        return False
    return True


def _is_intrinsic(text: Any) -> bool:
    def is_sound(call: IntrinsicCall) -> bool:
        return all(
            is_sound(argument)
            if isinstance(argument, IntrinsicCall)
            else not isinstance(argument, Path) or _is_path(argument.text)
            for argument in call.arguments
        )

    try:
        return is_sound(parse_intrinsic(text))
    except (IntrinsicSyntaxError, AttributeError):
        return False


def _path(value: Any) -> str | None:
    return None if value is None or _is_path(value) else INVALID_PATH


def path_or_intrinsic(value: Any) -> str | None:
    """What is wrong with a text that selects or computes a value."""
    return None if _is_path(value) or _is_intrinsic(value) else INVALID_PATH


def _path_or_text_function(value: Any) -> str | None:
    if (message := path_or_intrinsic(value)) is None and not value.startswith("$"):
        is_text = parse_intrinsic(value).name in TEXT_FUNCTIONS
        message = None if is_text else "Value must be a function that returns a string"
    return message


def _reference_path(value: Any) -> str | None:
    if (message := _path(value)) is None and value is not None and _NO_REFERENCE.search(value):
        return "Value is not a Reference Path"
    return message


def _result_path(value: Any) -> str | None:
    message = _reference_path(value)
    if message is None and value is not None and _CONTEXT_OR_VARIABLE.match(value):
        return "Value is not a Reference Path"
    return message


def choice_path(value: Any) -> str | None:
    """What is wrong with the path of a choice rule."""
    if not isinstance(value, str) or not value.startswith("$"):
        return "Value is not a Reference Path: Reference path didn't start with '$'"
    return None if _is_path(value) else "Value is not a Reference Path"


def text(value: Any) -> str | None:
    """What is wrong with a text."""
    return None if isinstance(value, str) else "Expected value of type [STRING]"


def _object(value: Any) -> str | None:
    return None if isinstance(value, dict) else "Expected value of type [OBJECT]"


def _objects(value: Any) -> str | None:
    if not isinstance(value, list):
        return "Expected value of type [ARRAY]"
    return next(filter(None, map(_object, value)), None)


def _texts(value: Any) -> str | None:
    if not isinstance(value, list):
        return "Expected value of type [ARRAY]"
    return next(filter(None, map(text, value)), None)


def flag(value: Any) -> str | None:
    """What is wrong with a boolean value."""
    return None if isinstance(value, bool) else "Expected value of type [BOOLEAN]"


def timestamp(value: Any) -> str | None:
    """What is wrong with a timestamp."""
    return None if parse_timestamp(value) else "String does not match RFC3339 timestamp"


def _resource(value: Any) -> str | None:
    if (message := text(value)) is None and not _ARN.fullmatch(value):
        return "Value is not a valid resource ARN"
    return message


def _expression(value: Any) -> str | None:
    is_one = value.startswith("{%") and value.endswith("%}")
    return None if is_one else "JSONata string must start with {% and end with %}"


def number_in_range(minimum: float, maximum: float | None = None, kind: type = int) -> ValueCheck:
    """A check of a number's range; whole numbers by default."""

    def check(value: Any) -> str | None:
        is_whole = not isinstance(value, float) or value.is_integer() or kind is float
        if isinstance(value, bool) or not isinstance(value, int | float) or not is_whole:
            return f"Expected value of type {'Integer' if kind is int else 'Number'}"
        if value < minimum:
            return f"Minimum value is {minimum}"
        return f"Maximum value is {maximum}" if maximum is not None and value > maximum else None

    return check


def one_of(*values: str) -> ValueCheck:
    """A check that a value is one of a few."""

    def check(value: Any) -> str | None:
        if value in values:
            return None
        return f"Value should be one of the following: [{', '.join(values)}]"

    return check


VALUE_CHECKS: dict[str, ValueCheck] = {
    "Comment": text,
    "StartAt": text,
    "Next": text,
    "Default": text,
    "Resource": _resource,
    "Version": one_of("1.0"),
    "End": flag,
    "Assign": _object,
    "States": _object,
    "ItemProcessor": _object,
    "ItemSelector": _object,
    "Iterator": _object,
    "ProcessorConfig": _object,
    "Not": _object,
    "And": _objects,
    "Or": _objects,
    "Choices": _objects,
    "Branches": _objects,
    "Retry": _objects,
    "Catch": _objects,
    "ErrorEquals": _texts,
    "InputPath": _path,
    "OutputPath": _path,
    "ResultPath": _result_path,
    "ItemsPath": _reference_path,
    "ErrorPath": _path_or_text_function,
    "CausePath": _path_or_text_function,
    **{
        f"{name}Path": _path
        for name in (
            "Seconds",
            "Timestamp",
            "TimeoutSeconds",
            "HeartbeatSeconds",
            "MaxConcurrency",
            "ToleratedFailureCount",
            "ToleratedFailurePercentage",
        )
    },
    "MaxAttempts": number_in_range(0, MAX_SECONDS),
    "IntervalSeconds": number_in_range(0, MAX_SECONDS),
    "BackoffRate": number_in_range(1, kind=float),
    "MaxDelaySeconds": number_in_range(1, MAX_DELAY_SECONDS),
    "JitterStrategy": one_of("NONE", "FULL"),
}
# In JSONata these may be expressions.
COMPUTED_VALUE_CHECKS: dict[str, ValueCheck] = {
    "Error": text,
    "Cause": text,
    "Timestamp": timestamp,
    "Seconds": number_in_range(0, MAX_SECONDS),
    "TimeoutSeconds": number_in_range(1, MAX_SECONDS),
    "HeartbeatSeconds": number_in_range(1, MAX_SECONDS),
    "MaxConcurrency": number_in_range(0),
    "ToleratedFailureCount": number_in_range(0),
    "ToleratedFailurePercentage": number_in_range(0.0, 100.0, float),
}


def check_values(fields: Mapping[str, Any], location: str, language: str) -> Findings:
    """Findings in the values of the fields of an object."""
    for name, value in fields.items():
        check = VALUE_CHECKS.get(name) or COMPUTED_VALUE_CHECKS.get(name)
        if language == JSONATA and isinstance(value, str) and name not in VALUE_CHECKS:
            is_text = name in ("Error", "Cause", "Timestamp") and not value.startswith("{%")
            is_computed = name in COMPUTED_VALUE_CHECKS or name in ("Items", "Condition")
            check = check if is_text else _expression if is_computed else None
        if check is not None and (message := check(value)) is not None:
            yield Finding(message, f"{location}/{name}")
