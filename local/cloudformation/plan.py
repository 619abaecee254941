# SPDX-License-Identifier: MIT-0
"""The plan of a stack's deployment: what is created, what has no effect, what is refused."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import LocalError, shortened
from .refusal import Refusals
from .templates.intrinsics import unknown_functions
from .templates.template import MISSING, NO_ENTRY, Template, depends_on
from .types.custom_resources import ignored_functions
from .types.registry import RESOURCE_TYPES

MAX_SHOWN_CHARACTERS = 100
# The transforms that change nothing but which functions a template may use.
TRANSFORMS = frozenset({"AWS::LanguageExtensions"})
# Properties that describe a resource and have no effect.
DESCRIPTIVE = frozenset(
    {"AlarmDescription", "Analytics", "CompatibleArchitectures", "CompatibleRuntimes"}
    | {"Description", "LicenseInfo", "Tags"}
)


@dataclass(frozen=True)
class Plan:
    """The resources of a stack in the order of their creation.

    Args:
        resources: logical ids with definitions
        ignored: the logical ids of the resources that the user ignores, and of CDK's own
            functions that nothing needs here
        nested: the plans of nested stacks, by the logical id of their resource
        omissions: what is ignored or has no effect, each in one line
    """

    resources: tuple[tuple[str, Mapping[str, Any]], ...]
    ignored: frozenset[str]
    omissions: tuple[str, ...]
    nested: Mapping[str, "Plan"] = field(default_factory=dict)


def plan(template: Template, ignored_types: frozenset[str], refusals: Refusals) -> Plan:
    """What a deployment does, and what it refuses, as far as the template shows.

    Args:
        ignored_types: the resource types that the user ignores
        refusals: takes what is refused
    """
    ordered: list[tuple[str, Mapping[str, Any]]] = []
    with refusals.collect("the template"):
        _refuse_transforms(template.document)
        ordered = list(template.in_creation_order())
    resources = [each for each in ordered if _is_wanted(template, *each, refusals)]
    ignored = ignored_functions(dict(resources))
    resources = [each for each in resources if each[0] not in ignored]
    for logical_id, definition in resources:
        with refusals.collect(logical_id, definition):
            if definition["Type"] not in ignored_types:
                for problem in (*_problems(definition), *_unresolved(template, definition)):
                    refusals.add(logical_id, problem, definition)
    _refuse_outputs(template, refusals)
    ignored |= {name for name, each in resources if each.get("Type") in ignored_types}
    wanted = tuple(each for each in resources if each[0] not in ignored)
    return Plan(wanted, ignored, tuple(_omissions(resources, ignored_types)))


def _is_wanted(template: Template, logical_id: str, entry: Any, refusals: Refusals) -> bool:
    if not isinstance(entry, Mapping):
        shown = shortened(json.dumps(entry), MAX_SHOWN_CHARACTERS)
        refusals.add(logical_id, f"a resource must be a JSON object, got {shown}")
        return False
    # Many resources may share a condition: the list of refusals has it once.
    with refusals.collect("the template"):
        return template.is_wanted(entry)
    return False


def _problems(definition: Mapping[str, Any]) -> Iterator[str]:
    known = RESOURCE_TYPES.get(definition["Type"])
    if known is None:
        yield "this type is not supported here"
        return
    properties = definition.get("Properties", {})
    yield from known.problems(properties)
    for function in dict.fromkeys(unknown_functions(properties)):
        yield f"the function {function} is not supported here"


def _unresolved(template: Template, definition: Mapping[str, Any]) -> Iterator[str]:
    """CloudFormation creates nothing of a template that mentions what it does not have."""
    yield from template.unresolved(definition.get("Properties", {}))
    for name in depends_on(definition):
        if name not in template.document["Resources"]:
            yield f"DependsOn: {MISSING.format(name)}"


def _refuse_outputs(template: Template, refusals: Refusals) -> None:
    with refusals.collect("Outputs"):
        for name, output in template.document.get("Outputs", {}).items():
            with refusals.collect(f"the output {name}"):
                for problem in _output_problems(template, output):
                    refusals.add(f"the output {name}", problem)


def _output_problems(template: Template, output: Mapping[str, Any]) -> Iterator[str]:
    yield from template.unresolved(output)
    name = output.get("Condition")
    # Whether it holds may depend on what the stack around a nested one passes.
    if name is not None and name not in (template.document.get("Conditions") or {}):
        yield NO_ENTRY.format("condition", name)


def _refuse_transforms(document: Mapping[str, Any]) -> None:
    transforms = document.get("Transform", [])
    for transform in [transforms] if isinstance(transforms, str) else transforms:
        if transform not in TRANSFORMS:
            raise LocalError(f"the transform {transform} is not supported here")


def _omissions(
    resources: list[tuple[str, Mapping[str, Any]]], ignored_types: frozenset[str]
) -> Iterator[str]:
    without_effect: dict[str, set[str]] = {}
    for logical_id, definition in resources:
        kind = str(definition.get("Type"))
        if kind in ignored_types:
            yield f"{logical_id} ({kind}) is ignored, as --ignore asks"
        elif kind in RESOURCE_TYPES:
            names = RESOURCE_TYPES[kind].without_effect & set(definition.get("Properties", {}))
            names -= DESCRIPTIVE
            without_effect.setdefault(kind, set()).update(names)
    for kind, found in without_effect.items():
        if found:
            yield f"{kind}: {', '.join(sorted(found))}"
