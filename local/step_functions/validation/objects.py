# SPDX-License-Identifier: MIT-0
"""Validation of what an object has: its fields, those that are missing, and lists of objects."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from .fields import EXCLUSIVE_FIELDS, FOREIGN_FIELDS, JSONATA
from .finding import Finding, Findings
from .values import check_template, check_values, check_variables

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
