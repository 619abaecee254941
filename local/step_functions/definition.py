# SPDX-License-Identifier: MIT-0
"""A state machine's definition, and the parts of it that cannot run here."""

import json
from collections.abc import Iterator
from typing import Any

from ..errors import LocalError
from .integrations.resources import states_of, unserved_parts
from .machines.type import STANDARD
from .validation.definition import check_definition
from .values.resource_arn import SYNC, parse_service_resource


def require_definition(definition: str, kind: str = STANDARD, unknown: str | None = None) -> None:
    """Refuse what the service refuses, then tasks and fields that are not served here.

    Args:
        kind: the type of the state machine
        unknown: a text within each value that is not known yet: nothing is refused for it

    Raises:
        LocalError: names every finding with its location, or everything that is not served by its
            state, its field and the reason
    """
    try:
        document = json.loads(definition)
    except ValueError as error:
        if unknown is not None and unknown in definition:
            return
        raise LocalError(f"the property DefinitionString is not JSON: {error}") from None
    if findings := check_definition(definition, kind):
        refused = "; ".join(f"{each.message} at {each.location or '/'}" for each in findings)
        if unknown is not None:
            unknown_at = set(_locations(document, unknown))
            if unknown in refused or any((each.location or "") in unknown_at for each in findings):
                # The other findings may follow from it.
                return
        raise LocalError(f"the property DefinitionString is refused: {refused}")
    unserved = [
        f"in state {each.state}, the {each.shown}, not supported here: {each.reason}"
        for each in unserved_parts(document)
        if unknown is None or unknown not in each.shown
    ]
    if unserved:
        raise LocalError(f"the property DefinitionString has, {'; '.join(unserved)}")


def _locations(value: Any, text: str, at: str = "") -> Iterator[str]:
    """Where a definition has values with a text in them."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _locations(item, text, f"{at}/{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _locations(item, text, f"{at}[{index}]")
    elif isinstance(value, str) and text in value:
        yield at


def waits_for_child(definition: str) -> bool:
    """Whether a task of a sound definition waits for the end of an execution that it starts."""
    resources = [state.get("Resource", "") for _, _, state in states_of(json.loads(definition))]
    called = filter(None, map(parse_service_resource, resources))
    return any((each.pattern or "").startswith(SYNC) for each in called)
