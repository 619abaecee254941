# SPDX-License-Identifier: MIT-0
"""A stack at the endpoint: its physical resources, outputs and exports."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..endpoint.endpoint import Endpoint
from ..environment import environment
from .assembly import StackArtifact
from .plan import Plan, plan
from .refusal import Refusals
from .resource import Resource, StackContext
from .templates.draft import Draft
from .templates.intrinsics import references
from .templates.parameters import Lookups
from .templates.physical_resource import PhysicalResource, Removable
from .templates.template import Template
from .types.functions import VERSION
from .types.nested_stacks import NESTED_STACK
from .types.registry import RESOURCE_TYPES
from .types.state_machines import STATE_MACHINE, problem_of_draft


@dataclass(frozen=True)
class Created:
    """A resource as a deployment made it."""

    type: str
    properties: Mapping[str, Any]
    physical: PhysicalResource


@dataclass
class DeployedStack:
    """One stack, and what its deployments have created."""

    artifact: StackArtifact
    endpoint: Endpoint
    parameters: Mapping[str, str] = field(default_factory=dict)
    lookups: Lookups = field(default_factory=Lookups)
    outputs: dict[str, str] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)
    resources: dict[str, Created] = field(default_factory=dict)
    # By the logical id of the resource in this stack.
    nested: dict[str, "DeployedStack"] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        return environment().arn("cloudformation", f"stack/{self.artifact.name}/local")

    def plan(self, ignored: frozenset[str], refusals: Refusals) -> Plan:
        """What a deployment of the template does; its refusals are added to the others."""
        refusals = refusals.of(self.artifact)
        planned = plan(self._template({}), ignored, refusals)
        nested: dict[str, Plan] = {}
        for logical_id, definition in planned.resources:
            if definition.get("Type") == NESTED_STACK:
                with refusals.collect(logical_id, definition):
                    stack = self._nested(logical_id, definition)
                    nested[logical_id] = stack.plan(ignored, refusals)
        return replace(planned, nested=nested)

    def check_definitions(
        self, planned: Plan, refusals: Refusals, passed: Collection[str] = ()
    ) -> None:
        """Refuse what definitions of state machines show before anything is created.

        Args:
            passed: the parameters whose values come from the stack around this one
        """
        refusals = refusals.of(self.artifact)
        template = self._template({}, planned.ignored)
        declared = template.document.get("Parameters") or {}
        known = {name: each for name, each in declared.items() if name not in passed}
        draft = Draft(replace(template, document={**template.document, "Parameters": known}))
        for logical_id, definition in planned.resources:
            properties = definition.get("Properties") or {}
            if definition.get("Type") == STATE_MACHINE:
                if problem := problem_of_draft(properties, draft, self.artifact):
                    refusals.add(logical_id, problem, definition)
            elif logical_id in planned.nested:
                stack, inner = self.nested[logical_id], planned.nested[logical_id]
                stack.check_definitions(inner, refusals, properties.get("Parameters") or {})

    def all_resources(self) -> Iterator[Created]:
        """The resources of this stack and of those nested in it."""
        yield from self.resources.values()
        for stack in self.nested.values():
            yield from stack.all_resources()

    def _nested(self, logical_id: str, definition: Mapping[str, Any]) -> "DeployedStack":
        artifact = self.artifact.nested(logical_id, definition)
        if logical_id not in self.nested:
            self.nested[logical_id] = DeployedStack(artifact, self.endpoint, lookups=self.lookups)
        self.nested[logical_id].artifact = artifact
        return self.nested[logical_id]

    def apply(self, planned: Plan, imports: Mapping[str, str], refusals: Refusals) -> None:
        """Create or update every resource, each after what it refers to.

        Functions, state machines and retained versions that a new template no longer has stay,
        because executions may still be on them; all else is deleted. A resource that refers to
        a refused one is not tried.

        Args:
            imports: the exports of the stacks deployed before
            refusals: takes what cannot be created
        """
        refusals = refusals.of(self.artifact)
        template = self._template(imports, planned.ignored)

        def deploy_nested(resource: Resource) -> PhysicalResource:
            stack = self.nested[resource.logical_id]
            stack.parameters = {k: str(v) for k, v in resource.of("Parameters", {}).items()}
            stack.apply(planned.nested[resource.logical_id], imports, refusals)
            outputs = {f"Outputs.{name}": value for name, value in stack.outputs.items()}
            return PhysicalResource(stack.arn, outputs)

        context = StackContext(self.artifact, self.endpoint, deploy_nested)
        before = list(self._removables())
        refused: set[str] = set()
        for logical_id, definition in planned.resources:
            if refused & {*references(definition), *_depends_on(definition)}:
                refused.add(logical_id)
                continue
            known = len(refusals.found)
            with refusals.collect(logical_id, definition):
                resource = self._resource(logical_id, definition, template)
                physical = RESOURCE_TYPES[resource.type].create(resource, context)
                template.physical[logical_id] = physical
                self.resources[logical_id] = Created(resource.type, resource.properties, physical)
            if len(refusals.found) > known:
                refused.add(logical_id)
        if refused:
            return
        self._forget(template.physical, before, refusals)
        with refusals.collect("Outputs"):
            self.outputs, self.exports = template.outputs(), template.exported()
            self.endpoint.gateway.stacks.deployed(self.artifact.name, self.arn, self.outputs)

    def _forget(
        self, current: Mapping[str, PhysicalResource], before: list[Removable], refusals: Refusals
    ) -> None:
        """Delete what the template no longer has, each before what it was made of."""
        kept = {each for physical in current.values() for each in physical.removables}
        # What was created later may depend on what was created before.
        for removable in reversed([each for each in before if each not in kept]):
            with refusals.collect(str(removable)):
                removable.delete(self.endpoint)
        self.resources = {
            logical_id: created
            for logical_id, created in self.resources.items()
            if logical_id in current or _stays_known(created)
        }

    def _removables(self) -> Iterator[Removable]:
        for created in self.resources.values():
            yield from created.physical.removables

    def _resource(
        self, logical_id: str, definition: Mapping[str, Any], template: Template
    ) -> Resource:
        existing = self.resources.get(logical_id)
        return Resource(
            logical_id,
            definition["Type"],
            template.resolve(definition.get("Properties", {})),
            is_retained=str(definition.get("DeletionPolicy")).startswith("Retain"),
            existing=existing.physical if existing else None,
            previous=existing.properties if existing else {},
        )

    def _template(
        self, imports: Mapping[str, str], ignored: frozenset[str] = frozenset()
    ) -> Template:
        return Template(
            self.artifact.template,
            self._pseudo_parameters(),
            lookups=self.lookups,
            given=self.parameters,
            exports=imports,
            ignored=ignored,
        )

    def _pseudo_parameters(self) -> dict[str, str]:
        return {
            "AWS::AccountId": environment().account,
            "AWS::Region": environment().region,
            "AWS::Partition": environment().partition,
            "AWS::URLSuffix": environment().url_suffix,
            "AWS::StackName": self.artifact.name,
            "AWS::StackId": self.arn,
        }


def _stays_known(created: Created) -> bool:
    """Whether a resource that the template no longer has is found again when it comes back.

    A retained version is not: it has left the stack, and Lambda publishes another one.
    """
    return not created.physical.removables and created.type != VERSION


def _depends_on(definition: Mapping[str, Any]) -> list[str]:
    named = definition.get("DependsOn", [])
    return [named] if isinstance(named, str) else list(named)
