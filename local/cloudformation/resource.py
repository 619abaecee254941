# SPDX-License-Identifier: MIT-0
"""A resource of a template, the type that creates it, and the stack that it is created in."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..endpoint.endpoint import Endpoint
from ..errors import LocalError
from ..functions.registry import Functions
from .assembly import StackArtifact
from .templates.physical_resource import PhysicalResource, Removable

# The longest name that every service takes.
MAX_NAME_CHARACTERS = 64
_DIGEST_CHARACTERS = 8


@dataclass(frozen=True)
class Resource:
    """One resource of a template, its properties resolved.

    Args:
        is_retained: CloudFormation keeps it when the template no longer has it
        existing: the resource as an earlier deployment made it
        previous: the properties with which that deployment made it
    """

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    is_retained: bool = False
    existing: PhysicalResource | None = None
    previous: Mapping[str, Any] = field(default_factory=dict)

    def of(self, name: str, default: Any = None) -> Any:
        """The value of a property."""
        return self.properties.get(name, default)

    def refuse_change(self, name: str, old: str, new: str) -> None:
        """Refuse an update that CloudFormation makes by a replacement.

        Raises:
            LocalError: the property has another value than the existing resource
        """
        if old != new:
            raise LocalError(f"the property {name} cannot change here: {old} to {new}")

    def refuse_replacement(self, *names: str) -> None:
        """Refuse an update of properties for which CloudFormation replaces the resource.

        Raises:
            LocalError: one of them has another value than the earlier deployment gave it
        """
        for name in names if self.existing is not None else ():
            if self.previous.get(name) != self.of(name):
                old, new = json.dumps(self.previous.get(name)), json.dumps(self.of(name))
                raise LocalError(f"the property {name} cannot change here: {old} to {new}")

    @property
    def is_unchanged(self) -> bool:
        """Whether an earlier deployment made just this resource."""
        return (
            self.existing is not None
            and self.previous == self.properties
            and self.is_retained != bool(self.existing.removables)
        )

    def removables(self, *removables: Removable) -> tuple[Removable, ...]:
        """These, unless the resource stays when the template no longer has it."""
        return () if self.is_retained else removables


@dataclass(frozen=True)
class StackContext:
    """The stack in which resources are created, and its endpoint.

    Args:
        deploy_nested: deploys the nested stack of a resource
    """

    stack: StackArtifact
    endpoint: Endpoint
    deploy_nested: Callable[[Resource], PhysicalResource]

    @property
    def functions(self) -> Functions:
        return self.endpoint.lambda_service.functions

    def name(self, resource: Resource, name_property: str, end: str = "") -> str:
        """The name that the template gives, or one made of the stack's and the logical id.

        Args:
            end: the end of a generated name
        """
        generated = f"{self.stack.name}-{resource.logical_id}"
        room = MAX_NAME_CHARACTERS - len(end)
        if len(generated) > room:
            # Names that begin alike stay apart.
            digest = hashlib.sha256(generated.encode()).hexdigest()[:_DIGEST_CHARACTERS]
            generated = f"{generated[: room - _DIGEST_CHARACTERS - 1]}-{digest}"
        return str(resource.of(name_property) or generated + end)


PropertiesCheck = Callable[[Mapping[str, Any]], Iterable[str]]
Create = Callable[[Resource, StackContext], PhysicalResource]


def _no_problems(_properties: Mapping[str, Any]) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class ResourceType:
    """How one type is created, and which of its properties matter.

    Args:
        used: the properties that have an effect here
        without_effect: the properties that change nothing here
        required: the properties without which CloudFormation refuses the resource
        check: finds what is not supported in properties that may still have references in them
    """

    create: Create
    used: frozenset[str]
    without_effect: frozenset[str]
    required: tuple[str, ...] = ()
    check: PropertiesCheck = _no_problems

    @classmethod
    def of(
        cls,
        create: Create,
        used: str,
        without_effect: str = "",
        check: PropertiesCheck = _no_problems,
    ) -> "ResourceType":
        """A type from lists of names; a used property that is required has a `!`."""
        names = used.split()
        return cls(
            create,
            frozenset(name.rstrip("!") for name in names),
            frozenset(without_effect.split()),
            tuple(name.rstrip("!") for name in names if name.endswith("!")),
            check,
        )

    def problems(self, properties: Mapping[str, Any]) -> Iterable[str]:
        """What is wrong with the properties of a resource, as far as the template shows."""
        for name in properties:
            if name not in self.used | self.without_effect:
                yield f"the property {name} is not supported here"
        for name in self.required:
            if name not in properties:
                yield f"the property {name} is missing"
        yield from self.check(properties)
