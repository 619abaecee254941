# SPDX-License-Identifier: MIT-0
"""The schema of inspect_execution's JSON, and what in a document differs from it."""

import json
from typing import Any

import jsonschema

from local.environment import PROJECT

PATH = PROJECT / "inspect_execution" / "json_document" / "execution_view.schema.json"


def schema() -> dict[str, Any]:
    """The schema, which is checked to be one, and made to refuse fields that it lacks."""
    read: dict[str, Any] = json.loads(PATH.read_text())
    jsonschema.Draft202012Validator.check_schema(read)
    _make_strict(read)
    return read


def differences(document: Any, part: str = "") -> list[str]:
    """What in a document is against the schema, or not in it.

    Args:
        part: the name of the definition that describes the document, instead of the whole schema
    """
    rules = schema()
    if part:
        rules = {"$ref": f"#/$defs/{part}", "$defs": rules["$defs"]}
    found = jsonschema.Draft202012Validator(rules).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in found]


def _make_strict(rules: Any) -> None:
    if isinstance(rules, list):
        for each in rules:
            _make_strict(each)
    elif isinstance(rules, dict):
        if "properties" in rules and rules.get("type") == "object":
            rules["additionalProperties"] = False
        for each in rules.values():
            _make_strict(each)
