# SPDX-License-Identifier: MIT-0
"""The refusal of --ignore and --parameters with names that no template has."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from ..errors import LocalError
from .assembly import StackArtifact
from .refusal import Refusals
from .types.nested_stacks import NESTED_STACK


def refuse_unknown_options(
    stacks: Iterable[StackArtifact],
    ignored: Iterable[str],
    parameters: Iterable[str],
    refusals: Refusals,
) -> None:
    """Refuse the types and the parameters that no template has.

    Args:
        ignored: the resource types that the user ignores
        parameters: the names of the parameters that the user gives a value
        refusals: takes what is refused
    """
    stacks = list(stacks)
    types = {each for stack in stacks for each in _types(stack)}
    # Those of a nested stack have the values that the stack around it gives them.
    declared = {name for stack in stacks for name in stack.template.get("Parameters") or {}}
    for name in ignored:
        if name not in types:
            refusals.add(f"--ignore {name}", f"no resource has this type; there are {_all(types)}")
    for name in parameters:
        if name not in declared:
            refusals.add(
                f"--parameters {name}", f"there is no such parameter; there are {_all(declared)}"
            )


def _types(stack: StackArtifact) -> Iterator[str]:
    """The types of the resources of a stack and of those nested in it."""
    for logical_id, definition in stack.template["Resources"].items():
        yield definition["Type"]
        if definition["Type"] == NESTED_STACK:
            with suppress(LocalError):
                yield from _types(stack.nested(logical_id, definition))


def _all(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
