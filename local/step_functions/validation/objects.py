# SPDX-License-Identifier: MIT-0
"""Validation of what an object has: its fields, lists, payload templates and variables."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from .fields import EXCLUSIVE_FIELDS, FOREIGN_FIELDS, JSONATA
from .finding import Finding, Findings
from .values import check_values, path_or_intrinsic

MAX_VARIABLE_CHARACTERS = 80
TEMPLATES = ("Parameters", "ResultSelector", "ItemSelector", "Assign")


def check_fields(
    fields: Mapping[str, Any],
    location: str,
    language: str,
    allowed: Collection[str],
    required: Iterable[str] = (),
) -> Findings:
    """Findings that any object may have: its fields, their values, templates and variables."""
    if missing := [name for name in required if name not in fields]:
        yield Finding(f"These fields are required: [{', '.join(missing)}]", location)
    for name in fields:
        if name not in allowed:
            yield Finding(f"Field '{name}' is not supported", location)
    for choice in EXCLUSIVE_FIELDS:
        yield from check_exclusive([name for name in choice if name in fields], location)
    inside = location.rstrip("/")
    yield from check_values(
        {name: value for name, value in fields.items() if name in allowed}, inside, language
    )
    yield from check_variables(fields.get("Assign"), f"{location}/Assign")
    for name in TEMPLATES if language != JSONATA else ():
        yield from check_template(fields.get(name), f"{location}/{name}")


def check_exclusive(present: Collection[str], location: str) -> Findings:
    """The finding that fields exclude each other."""
    if len(present) > 1:
        yield Finding(
            f"There should only be one of the following fields: [{', '.join(present)}]", location
        )


def check_language(fields: Mapping[str, Any], location: str, language: str) -> Findings:
    """Findings of fields that the other query language has."""
    other, foreign = FOREIGN_FIELDS[language]
    for name in fields:
        if name in foreign:
            yield Finding(
                f"The QueryLanguage is set to '{language}', but field '{name}' is only "
                f"supported for the '{other}' QueryLanguage",
                location,
            )


def objects_of(parent: Mapping[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a list, each with its location in the parent."""
    items = parent.get(name)
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield f"{name}[{index}]", item


def check_template(template: Any, location: str) -> Findings:
    """Findings in a payload template: a field whose name ends with `.$` selects or computes."""
    if isinstance(template, list):
        for index, item in enumerate(template):
            yield from check_template(item, f"{location}[{index}]")
    if isinstance(template, dict):
        for name, value in template.items():
            if not name.endswith(".$"):
                yield from check_template(value, f"{location}/{name}")
            elif path_or_intrinsic(value):
                yield Finding(
                    f"The value for the field '{name}' must be a valid JSONPath or a valid "
                    "intrinsic function call",
                    location,
                )


def check_variables(assignments: Any, location: str) -> Findings:
    """Findings in the names of the variables that a state assigns."""
    for field in assignments if isinstance(assignments, dict) else ():
        name = field.removesuffix(".$")
        if name == "states":
            yield Finding(
                "Cannot assign to reserved variable '$states'.",
                f"{location}/{field}",
                "RESERVED_VARIABLE_NAME",
            )
        elif not name.isidentifier() or len(name) > MAX_VARIABLE_CHARACTERS:
            yield Finding(
                f"Invalid variable name '{name}': the variable name contains invalid characters.",
                f"{location}/{field}",
                "INVALID_VARIABLE_NAME",
            )


def names_of(texts: Any) -> Iterator[str]:
    """The texts of a list, of which some may be none."""
    yield from (item for item in texts if isinstance(item, str)) if isinstance(texts, list) else ()
