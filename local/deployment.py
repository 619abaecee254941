# SPDX-License-Identifier: MIT-0
"""Deploys a stack of a cloud assembly to the endpoint: the template is the only input."""

from dataclasses import dataclass, field

from botocore.exceptions import ClientError

from .assembly import StackArtifact
from .endpoint import Endpoint
from .errors import LocalError
from .function import ACCOUNT, PARTITION, REGION, FunctionVersion
from .resources import Resource, Target, create
from .template import Identity, Template


@dataclass
class Deployment:
    """A stack as it stands at the endpoint. Deployed again, it is updated."""

    stack: StackArtifact
    endpoint: Endpoint
    outputs: dict[str, str] = field(default_factory=dict)
    state_machine_arns: list[str] = field(default_factory=list)
    versions: list[FunctionVersion] = field(default_factory=list)
    _identities: dict[str, Identity] = field(default_factory=dict)

    def create(self) -> None:
        """Create or update every resource, each after what it refers to.

        What a new template no longer has stays: versions, because executions may still be on
        them, and the rest because nothing here costs anything.

        Raises:
            LocalError: a resource, or a property that matters, is not supported here
        """
        target = Target(self.stack, self.endpoint, self.state_machine_arns, self.versions)
        template = Template(self.stack.template, self._pseudo_parameters())
        for logical_id, definition in template.in_creation_order():
            try:
                properties = template.resolve(definition.get("Properties", {}))
                resource = Resource(
                    logical_id, definition["Type"], properties, self._identities.get(logical_id)
                )
                template.identities[logical_id] = create(resource, target)
            except (LocalError, ClientError) as error:
                raise LocalError(f"{logical_id} ({definition['Type']}): {error}") from None
        self._identities |= template.identities
        self.outputs = template.outputs()

    def update(self, stack: StackArtifact) -> None:
        """Deploy another assembly of the same stack over this one.

        Raises:
            LocalError: see create; what was updated before it stays updated
        """
        if stack.name != self.stack.name:
            raise LocalError(f"this endpoint runs {self.stack.name}, not {stack.name}")
        self.stack = stack
        self.create()

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
