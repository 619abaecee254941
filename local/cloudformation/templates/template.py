# SPDX-License-Identifier: MIT-0
"""A CloudFormation template whose names become known while its resources are created."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from ...errors import LocalError
from .intrinsics import NO_VALUE, names_in, references, resolve_intrinsics
from .parameters import Lookups, parameter_value
from .physical_resource import PhysicalResource

MISSING = "{} is neither a resource nor a parameter of the template"
NOT_PSEUDO = "the pseudo parameter {} is not known here"
NO_ENTRY = "the {} {} is not in the template"
# What the entries of a section are called, and the function that names one.
NAMED = {"Conditions": ("condition", "Fn::If"), "Mappings": ("mapping", "Fn::FindInMap")}


@dataclass
class Template:
    """The values of a template's names, as far as they are known.

    Args:
        pseudo_parameters: AWS::Region and its kin
        lookups: finds SSM parameters and secrets that the endpoint holds
        given: the values of parameters that are not the defaults
        exports: the outputs of other stacks that this one may import
        ignored: the resources that the user ignores: their names stand for themselves
        physical: the resources created so far, by logical id
    """

    document: Mapping[str, Any]
    pseudo_parameters: Mapping[str, str]
    physical: dict[str, PhysicalResource] = field(default_factory=dict)
    lookups: Lookups = field(default_factory=Lookups)
    given: Mapping[str, str] = field(default_factory=dict)
    exports: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()

    @property
    def region(self) -> str:
        return self.pseudo_parameters["AWS::Region"]

    def in_creation_order(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Logical id and resource, each after everything it refers to, wanted or not.

        Raises:
            LocalError: the resources refer to each other in a circle
        """
        resources = self.document.get("Resources", {})
        graph = {
            logical_id: needs(logical_id, resource, resources)
            for logical_id, resource in resources.items()
        }
        try:
            order = tuple(TopologicalSorter(graph).static_order())
        except CycleError as error:
            raise LocalError(f"circular dependency: {' -> '.join(error.args[1])}") from None
        for logical_id in order:
            if logical_id in resources:
                yield logical_id, resources[logical_id]

    def unresolved(self, value: Any) -> Iterator[str]:
        """What is wrong with the names that a value mentions and the template does not have."""
        sections = [self.document.get(key) or {} for key in ("Resources", "Parameters")]
        for name in dict.fromkeys(references(value)):
            if name.startswith("AWS::"):
                if name not in self.pseudo_parameters and name != NO_VALUE["Ref"]:
                    yield NOT_PSEUDO.format(name)
            elif not any(name in each for each in sections):
                yield MISSING.format(name)
        for section, (kind, function) in NAMED.items():
            for name in dict.fromkeys(names_in(function, value)):
                if name not in (self.document.get(section) or {}):
                    yield NO_ENTRY.format(kind, name)

    def outputs(self) -> dict[str, str]:
        return {name: str(self.resolve(output["Value"])) for name, output in self._outputs()}

    def exported(self) -> dict[str, str]:
        """The values of the outputs that other stacks may import, by the name of the export."""
        return {
            str(self.resolve(output["Export"]["Name"])): str(self.resolve(output["Value"]))
            for _, output in self._outputs()
            if "Export" in output
        }

    def resolve(self, value: Any) -> Any:
        """The value with every intrinsic function in it resolved.

        Raises:
            LocalError: a function is not supported here, or a name is not defined
        """
        return resolve_intrinsics(value, self)

    def is_wanted(self, entry: Mapping[str, Any]) -> bool:
        """Whether the condition of a resource or an output holds."""
        return "Condition" not in entry or self.condition(entry["Condition"])

    def condition(self, name: str) -> bool:
        conditions = self.document.get("Conditions", {})
        if name not in conditions:
            raise LocalError(NO_ENTRY.format("condition", name))
        return bool(self.resolve(conditions[name]))

    def ref(self, name: str) -> Any:
        if name in self.pseudo_parameters:
            return self.pseudo_parameters[name]
        if name in self.physical:
            return self.physical[name].ref
        if name in self.ignored:
            return name
        declared = self.document.get("Parameters", {}).get(name)
        if declared is None:
            raise LocalError(f"Ref {name} refers to nothing that was created")
        return parameter_value(name, declared, self.given.get(name), self.lookups)

    def attribute(self, logical_id: str, attribute: str) -> Any:
        if logical_id in self.ignored:
            return f"{logical_id}.{attribute}"
        physical = self.physical.get(logical_id)
        if physical is None or attribute not in physical.attributes:
            raise LocalError(f"{logical_id} has no attribute {attribute} here")
        return physical.attributes[attribute]

    def mapping(self, name: str) -> Any:
        return self.document.get("Mappings", {}).get(name, {})

    def export(self, name: str) -> str:
        if name not in self.exports:
            raise LocalError(f"no stack of this assembly exports {name}")
        return self.exports[name]

    def dynamic_reference(self, service: str, key: str) -> str:
        return self.lookups.dynamic_reference(service, key)

    def _outputs(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for name, output in self.document.get("Outputs", {}).items():
            if self.is_wanted(output):
                yield name, output


def needs(logical_id: str, resource: Any, resources: Mapping[str, Any]) -> set[str]:
    """The resources of a template that are created before this one."""
    if not isinstance(resource, dict):
        return set()
    named = (name for name in references(resource) if name in resources)
    return {*named, *depends_on(resource)} - {logical_id}


def depends_on(resource: Mapping[str, Any]) -> list[str]:
    named = resource.get("DependsOn", [])
    return [named] if isinstance(named, str) else named
