# SPDX-License-Identifier: MIT-0
"""Parameters of requests, checked against the service's model."""

import re
from collections.abc import Iterator
from typing import Any

from moto.stepfunctions.exceptions import AWSError, ValidationException

from ...service_models import service_model
from ..arns import ACTIVITY, EXECUTION, STATE_MACHINE, require_arn

_RESOURCE_TYPES = {
    "stateMachineArn": STATE_MACHINE,
    "stateMachineVersionArn": STATE_MACHINE,
    "stateMachineAliasArn": STATE_MACHINE,
    "executionArn": EXECUTION,
    "activityArn": ACTIVITY,
}
# The types of JSON values for the model's types, and their names in messages.
_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "structure": ((dict,), "an Object"),
    "list": ((list,), "an Array"),
    "string": ((str,), "a String"),
    "boolean": ((bool,), "a Boolean"),
    **dict.fromkeys(("integer", "long", "float", "double"), ((int, float), "a Number")),
}
# How Java's patterns, which the model has, and Python's write a character of ASCII.
_JAVA_ASCII = (r"\p{ASCII}", r"[\x00-\x7f]")
# The service names these in an order of its own.
_ENUMS = {
    "ExecutionStatus": "SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING",
}


class SerializationException(AWSError):
    """A value of another type than the service's model has."""

    TYPE = "SerializationException"


def _model() -> Any:
    return service_model("stepfunctions")


def check_parameters(operation: str, parameters: dict[str, Any]) -> None:
    """Refuse parameters that the service's model does not allow, and ARNs of another resource.

    Raises:
        SerializationException: a parameter has a value of another type
        ValidationException: a parameter is missing, or has a length, number or text of another kind
        InvalidArn: it is no ARN of its resource type
    """
    if operation not in _model().operation_names:
        return
    shape = _model().operation_model(operation).input_shape
    _require_types(shape, parameters)
    if problems := list(_problems(shape, parameters, "")):
        plural = "s" if len(problems) > 1 else ""
        raise ValidationException(
            f"{len(problems)} validation error{plural} detected: {'; '.join(problems)}"
        )
    for name, resource_type in _RESOURCE_TYPES.items():
        if name in parameters:
            require_arn(parameters[name], resource_type)


def _require_types(shape: Any, value: Any) -> None:
    expected, name = _TYPES[shape.type_name]
    is_flag = isinstance(value, bool) and bool not in expected
    if value is not None and (is_flag or not isinstance(value, expected)):
        raise SerializationException(f"{_token(value)} can not be converted to {name}")
    if isinstance(value, dict):
        for member, inner in shape.members.items():
            _require_types(inner, value.get(member))
    if isinstance(value, list):
        for item in value:
            _require_types(shape.member, item)


def _token(value: Any) -> str:
    """The first token of a value, as the service's JSON parser calls it."""
    if isinstance(value, bool):
        return f"{str(value).upper()}_VALUE"
    if isinstance(value, dict | list):
        return "START_OBJECT" if isinstance(value, dict) else "START_ARRAY"
    return "STRING_VALUE" if isinstance(value, str) else "NUMBER_VALUE"


def _problems(shape: Any, value: Any, path: str) -> Iterator[str]:
    if shape.type_name == "structure" and isinstance(value, dict):
        for name in shape.required_members:
            if value.get(name) is None:
                yield (
                    f"Value null at '{_join(path, name)}' failed to satisfy constraint: "
                    "Member must not be null"
                )
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield from _problems(member, value[name], _join(path, name))
        return
    shown = "Value" if shape.metadata.get("sensitive") or _is_secret(path) else f"Value '{value}'"
    for constraint in _broken_constraints(shape, value):
        yield f"{shown} at '{path}' failed to satisfy constraint: Member must {constraint}"
    if shape.type_name == "list" and isinstance(value, list):
        for index, item in enumerate(value, 1):
            yield from _problems(shape.member, item, f"{path}.{index}.member")


def _broken_constraints(shape: Any, value: Any) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    is_number = isinstance(value, int | float)
    size = value if is_number else len(value) if isinstance(value, str | list) else None
    measure = "value" if is_number else "length"
    if size is not None and least is not None and size < least:
        yield f"have {measure} greater than or equal to {least}"
    if size is not None and most is not None and size > most:
        yield f"have {measure} less than or equal to {most}"
    if not isinstance(value, str):
        return
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern.replace(*_JAVA_ASCII), value):
        yield f"satisfy regular expression pattern: {pattern}"
    if shape.metadata.get("enum") and value not in shape.metadata["enum"]:
        names = _ENUMS.get(shape.name) or ", ".join(shape.metadata["enum"])
        yield f"satisfy enum value set: [{names}]"


def _is_secret(path: str) -> bool:
    return path == "taskToken"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
