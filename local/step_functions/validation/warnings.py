# SPDX-License-Identifier: MIT-0
"""Warnings of ValidateStateMachineDefinition: texts that look as if they should be evaluated.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
"""

import re
from collections.abc import Mapping
from typing import Any

from ..jsonata.findings import located_texts
from .fields import JSON_PATH
from .finding import Finding, Findings
from .objects import TEMPLATES

_EVALUATED = re.compile(r"\${1,2}(?:[.\[]|$)|States\.\w+\(")
_NO_DOLLAR = "No .$ on a field that appears to be a JSONPath or Intrinsic Function."
_NO_PATH = "Field value looks like a path, but field name does not end with 'Path'."
_STATIC = "Attempt to use a path in the result of a pass state."


def check_warnings(states: Mapping[str, Any], location: str, language: str) -> Findings:
    """The warnings of the JSONPath states of a sound container."""
    for name, state in states.items():
        if state.get("QueryLanguage", language) != JSON_PATH:
            continue
        at = f"{location}/States/{name}"
        for field in TEMPLATES:
            for place, text in located_texts(state.get(field), f"{at}/{field}"):
                if _EVALUATED.match(text) and not place.endswith(".$"):
                    yield Finding(_NO_DOLLAR, place, "NO_DOLLAR")
        for field, value in state.items():
            if isinstance(value, str) and value.startswith("$") and not field.endswith("Path"):
                yield Finding(_NO_PATH, f"{at}/{field}", "NO_PATH")
        for place, text in located_texts(state.get("Result"), f"{at}/Result"):
            if _EVALUATED.match(text):
                yield Finding(_STATIC, place, "PASS_RESULT_IS_STATIC")
