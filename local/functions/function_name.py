# SPDX-License-Identifier: MIT-0
"""A function's name as callers write it: bare or as an ARN, with or without a qualifier."""

import re

from ..environment import environment
from .lambda_error import LambdaError

_FUNCTION = re.compile(
    r"(arn:(?P<partition>[^:]+):lambda:(?P<region>[^:]+):)?((?P<account>\d{12}):)?(function:)?"
    r"(?P<name>[a-zA-Z0-9-_]+)(:(?P<qualifier>[$a-zA-Z0-9-_]+))?"
)


def parse_function_name(function_name: str, qualifier: str | None) -> tuple[str, str | None]:
    """Name and qualifier of a name, a partial or a full ARN, each with or without a qualifier.

    Raises:
        LambdaError: it is of another account or Region, or has two qualifiers
    """
    match = _FUNCTION.fullmatch(function_name)
    if match is None or not _is_here(match):
        raise LambdaError("ResourceNotFoundException", 404, f"Function not found: {function_name}")
    named = match["qualifier"]
    if named and qualifier and named != qualifier:
        message = "The derived qualifier from the function name does not match the specified one."
        raise LambdaError("InvalidParameterValueException", 400, message)
    return match["name"], qualifier or named


def _is_here(match: re.Match[str]) -> bool:
    here = environment()
    expected = {"partition": here.partition, "region": here.region, "account": here.account}
    return all(match[key] in (None, value) for key, value in expected.items())
