# SPDX-License-Identifier: MIT-0
"""Policy documents: what their statements allow, deny and leave open for one request.

moto's engine takes a condition that does not hold for a denial, knows no NotResource and no
variables, and tries one policy at a time: there is no seam at which to add the rest.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import conditions
from .conditions import KNOWN_KEYS, Context, element_texts
from .wildcard import ORDINARY, matches_wildcard

Document = Mapping[str, Any]
# The version from which on `${...}` is a variable.
VARIABLES_SINCE = "2012-10-17"
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_ELEMENTS = frozenset(
    ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition", "Principal")
)


@dataclass(frozen=True)
class Access:
    """What a caller asks for: an action on a resource, and the values of condition keys."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)


def parse_policy(document: str | Document) -> Document:
    """The document of JSON text, or of an object."""
    return _parsed(document) if isinstance(document, str) else document


@functools.lru_cache(maxsize=1024)
def _parsed(text: str) -> Document:
    document: Document = json.loads(text)
    return document


def statements(document: Document) -> list[Document]:
    found = document.get("Statement", [])
    return [found] if isinstance(found, Mapping) else list(found)


def effects(document: Document, access: Access) -> set[str]:
    """The effects, of `Allow` and `Deny`, of the statements that apply to a request."""
    has_variables = document.get("Version") == VARIABLES_SINCE
    return {
        str(statement["Effect"])
        for statement in statements(document)
        if statement_applies(statement, access, has_variables=has_variables)
    }


def statement_applies(statement: Document, access: Access, *, has_variables: bool = True) -> bool:
    """Whether action, resource and conditions of a statement are those of a request."""

    def patterns(element: str) -> Iterator[str]:
        for text in element_texts(statement[element]):
            resolved = _resolve(text, access.context) if has_variables else text
            if resolved is not None:
                yield resolved

    def is_action(element: str) -> bool:
        action = access.action.lower()
        return any(matches_wildcard(each.lower(), action) for each in patterns(element))

    def is_resource(element: str) -> bool:
        return any(matches_wildcard(each, access.resource) for each in patterns(element))

    return (
        (is_action("Action") if "Action" in statement else not is_action("NotAction"))
        and ("Resource" not in statement or is_resource("Resource"))
        and ("NotResource" not in statement or not is_resource("NotResource"))
        and conditions.holds(
            _resolved_condition(statement, access.context, has_variables=has_variables),
            access.context,
        )
    )


def _resolved_condition(statement: Document, context: Context, *, has_variables: bool) -> Document:
    condition: Document = statement.get("Condition", {})
    if not condition or not has_variables or "${" not in json.dumps(condition):
        return condition
    return {
        operator: {
            key: [
                each
                for text in element_texts(wanted)
                if (each := _resolve(text, context)) is not None
            ]
            for key, wanted in keys.items()
        }
        for operator, keys in condition.items()
    }


def _resolve(text: str, context: Context) -> str | None:
    """The text with its variables replaced; None if one has no value, which then matches nothing.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    if "${" not in text:
        return text
    missing = False

    def replace(found: re.Match[str]) -> str:
        nonlocal missing
        name, _, default = (part.strip() for part in found[1].partition(","))
        if name in ("*", "?", "$"):
            return name if name == "$" else ORDINARY + name
        values = context.get(name.lower(), ())
        if values:
            return values[0]
        missing = missing or not default
        return default.strip("'")

    resolved = _VARIABLE.sub(replace, text)
    return None if missing else resolved


def policy_problems(document: Any, served: Iterable[str] | None = None) -> Iterator[str]:
    """What of a policy is not supported here. The policy may still have references in it.

    Args:
        served: the prefixes of the actions that can be called here: a statement on others changes
            nothing. None: all.
    """
    for statement in statements(document) if isinstance(document, Mapping) else []:
        if served is not None and not _concerns(statement, served):
            continue
        for element in sorted(set(statement) - _ELEMENTS):
            yield f"{element} is not supported here"
        yield from conditions.problems(statement.get("Condition", {}))
        for name in sorted(_variables(statement)):
            if name.lower() not in KNOWN_KEYS and name not in ("*", "?", "$"):
                yield f"the policy variable ${{{name}}} is not supported here"


def _concerns(statement: Document, served: Iterable[str]) -> bool:
    actions = element_texts(statement["Action"]) if "Action" in statement else ("*",)
    return any(
        matches_wildcard(each.split(":")[0].lower(), name) for each in actions for name in served
    )


def _variables(statement: Document) -> set[str]:
    elements = [statement.get(name) for name in ("Resource", "NotResource", "Condition")]
    found = [text for element in elements for text in _plain_texts(element)]
    return {name.split(",")[0].strip() for text in found for name in _VARIABLE.findall(text)}


def _plain_texts(value: Any) -> Iterator[str]:
    """The texts below a value that are no intrinsic function's."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _plain_texts(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not key.startswith("Fn::"):
                yield from _plain_texts(item)
