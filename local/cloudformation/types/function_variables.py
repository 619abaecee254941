# SPDX-License-Identifier: MIT-0
"""The environment variables of a function, as a template gives them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ...functions.variables import variable_problems
from ..templates.intrinsics import is_intrinsic


def environment_problems(properties: Mapping[str, Any]) -> Iterable[str]:
    """Why the variables are refused, as far as they have no intrinsic functions."""
    for problem in _problems(properties.get("Environment", {})):
        yield f"the property Environment is refused: {problem}"


def variables(environment: Mapping[str, Any]) -> dict[str, str]:
    """The variables as text: CloudFormation takes numbers and booleans for it, too."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in environment.get("Variables", {}).items()
        if isinstance(value, str | int | float)
    }


def _problems(environment: Any) -> Iterable[str]:
    if is_intrinsic(environment):
        return
    if not isinstance(environment, Mapping):
        yield "it must be an object"
        return
    given = environment.get("Variables", {})
    if is_intrinsic(given):
        return
    if not isinstance(given, Mapping):
        yield "Variables must be an object"
        return
    for name, value in given.items():
        if not isinstance(value, str | int | float) and not is_intrinsic(value):
            yield f"the value of the variable {name} must be text, a number or a boolean"
    yield from variable_problems(variables(environment))
