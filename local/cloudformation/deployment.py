# SPDX-License-Identifier: MIT-0
"""Deploys a stack of a cloud assembly to the endpoint: the template is the only input."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..endpoint.endpoint import Endpoint
from ..environment import ACCOUNT, PARTITION, REGION
from ..errors import LocalError, UsageError
from ..functions.function import FunctionVersion
from ..functions.lambda_error import LambdaError
from .assembly import StackArtifact
from .removable import Removable, Version
from .resource import Resource, StackContext
from .resource_types import create, refuse_unsupported
from .template import PhysicalResource, Template


@dataclass
class Deployment:
    """A stack as it stands at the endpoint. Deployed again, it is updated."""

    stack: StackArtifact
    endpoint: Endpoint
    outputs: dict[str, str] = field(default_factory=dict)
    state_machine_arns: list[str] = field(default_factory=list)
    versions: list[FunctionVersion] = field(default_factory=list)
    _physical: dict[str, PhysicalResource] = field(default_factory=dict)
    _removable: set[Removable] = field(default_factory=set)

    def apply(self) -> None:
        """Create or update every resource, each after what it refers to.

        What a new template no longer has stays, because executions may still be on it: all but
        what only stands with its template, and versions that are not retained.

        Raises:
            UsageError: a resource, or a property that matters, is not supported here
        """
        removable: set[Removable] = set()
        context = StackContext(
            self.stack, self.endpoint, self.state_machine_arns, self.versions, removable
        )
        template = Template(self.stack.template, self._pseudo_parameters())
        with _telling("the template"):
            resources = list(template.in_creation_order())
        for logical_id, definition in resources:
            with _telling(logical_id, definition):
                refuse_unsupported(definition["Type"], definition.get("Properties", {}))
        try:
            for logical_id, definition in resources:
                with _telling(logical_id, definition):
                    template.physical[logical_id] = create(
                        self._resource(logical_id, definition, template), context
                    )
        finally:
            # What a deployment that fails half-way has created is there all the same.
            self._physical |= template.physical
            self._removable |= removable
        for ended in self._removable - removable:
            with _telling(str(ended)):
                self._delete(ended)
        with _telling("Outputs"):
            self.outputs = template.outputs()
        stack_id = self._pseudo_parameters()["AWS::StackId"]
        self.endpoint.gateway.stacks.deployed(self.stack.name, stack_id, self.outputs)

    def update(self, stack: StackArtifact) -> None:
        """Deploy another assembly of the same stack over this one.

        Raises:
            UsageError: see create; what can be seen beforehand is refused before any change
        """
        if stack.name != self.stack.name:
            raise UsageError(f"this endpoint runs {self.stack.name}, not {stack.name}")
        self.stack = stack
        self.apply()

    def _resource(
        self, logical_id: str, definition: dict[str, Any], template: Template
    ) -> Resource:
        return Resource(
            logical_id,
            definition["Type"],
            template.resolve(definition.get("Properties", {})),
            is_retained=definition.get("DeletionPolicy") == "Retain",
            existing=self._physical.get(logical_id),
        )

    def _delete(self, ended: Removable) -> None:
        ended.delete(self.endpoint)
        self._removable.discard(ended)
        if isinstance(ended, Version):
            self.versions[:] = [each for each in self.versions if each.arn != ended.arn]
            self._physical = {
                logical_id: physical
                for logical_id, physical in self._physical.items()
                if physical.ref != ended.arn
            }

    def _pseudo_parameters(self) -> dict[str, str]:
        name = self.stack.name
        return {
            "AWS::AccountId": ACCOUNT,
            "AWS::Region": REGION,
            "AWS::Partition": PARTITION,
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackName": name,
            "AWS::StackId": f"arn:{PARTITION}:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/local",
        }


@contextmanager
def _telling(logical_id: str, definition: Any = None) -> Iterator[None]:
    """Whatever is wrong with a resource, in one line that names it."""
    resource_type = definition.get("Type") if isinstance(definition, dict) else None
    named = f"{logical_id} ({resource_type})" if resource_type else logical_id
    try:
        yield
    except (LocalError, LambdaError, ClientError) as error:
        raise UsageError(f"{named}: {error}") from None
    except (BotoCoreError, LookupError, ValueError, TypeError, AttributeError) as error:
        what = f"{type(error).__name__} {error}"
        raise UsageError(f"{named}: the template is broken: {what}") from None
