# SPDX-License-Identifier: MIT-0
"""Deploys the stacks of a cloud assembly to the endpoint: the templates are the only input."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from ..endpoint.endpoint import Endpoint
from ..errors import UsageError
from ..functions.function import FunctionVersion
from .assembly import Assembly
from .deployed_stack import DeployedStack
from .refusal import Refusals
from .templates.parameters import Lookups
from .types.functions import VERSION
from .types.state_machines import STATE_MACHINE
from .unknown_options import refuse_unknown_options


@dataclass
class Deployment:
    """The stacks of an assembly at the endpoint. Applied again, they are updated.

    Args:
        ignored: the resource types that the user ignores
        parameters: the values of template parameters that are not the defaults
    """

    assembly: Assembly
    endpoint: Endpoint
    ignored: frozenset[str] = frozenset()
    parameters: Mapping[str, str] = field(default_factory=dict)
    omissions: list[str] = field(default_factory=list)
    stacks: dict[str, DeployedStack] = field(default_factory=dict)

    def apply(self) -> None:
        """Create or update every stack, each after those that it depends on.

        Raises:
            UsageError: a resource, or a property that matters, is not supported here; all that
                the templates show is refused at once, before any change; with it, what the
                definitions of state machines show without the resources that they refer to; or
                the first templates have nothing of what the user ignores or gives a value
        """
        refusals = Refusals()
        if not self.stacks and (self.ignored or self.parameters):
            with refusals.collect("the template"):
                refuse_unknown_options(
                    self.assembly.stacks, self.ignored, self.parameters, refusals
                )
        for artifact in self.assembly.stacks:
            stack = self.stacks.get(artifact.name)
            if stack is None:
                lookups = endpoint_lookups(self.endpoint)
                self.stacks[artifact.name] = DeployedStack(
                    artifact, self.endpoint, self.parameters, lookups
                )
            else:
                stack.artifact = artifact
        current = [self.stacks[artifact.name] for artifact in self.assembly.stacks]
        plans = [(stack, stack.plan(self.ignored, refusals)) for stack in current]
        if refusals.found:
            for stack, planned in plans:
                stack.check_definitions(planned, refusals)
        refusals.raise_any()
        self.omissions = list(dict.fromkeys(line for _, each in plans for line in each.omissions))
        for stack, planned in plans:
            stack.apply(planned, self.exports, refusals)
        refusals.raise_any()

    def update(self, assembly: Assembly) -> None:
        """Deploy another assembly of the same stacks over this one.

        Raises:
            UsageError: it has other stacks, or cannot be deployed: see apply
        """
        if assembly.names != self.assembly.names:
            raise UsageError(f"this endpoint runs {self.assembly.names}, not {assembly.names}")
        self.assembly = assembly
        self.apply()

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs of all stacks; of equal names, the last stack's."""
        return {
            name: value for stack in self.stacks.values() for name, value in stack.outputs.items()
        }

    @property
    def exports(self) -> dict[str, str]:
        return {
            name: value for stack in self.stacks.values() for name, value in stack.exports.items()
        }

    @property
    def state_machine_arns(self) -> list[str]:
        return self._refs(STATE_MACHINE)

    @property
    def versions(self) -> list[FunctionVersion]:
        """The published versions of the templates that are deployed now."""
        functions = self.endpoint.lambda_service.functions
        return [functions.version(arn) for arn in self._refs(VERSION)]

    def state_machine(self, name: str | None) -> str:
        """The ARN of the state machine of that name; without a name, of the only one.

        Raises:
            UsageError: there is none, or more than one and no name
        """
        arns = {arn.rsplit(":", 1)[-1]: arn for arn in self.state_machine_arns}
        if name in arns:
            return arns[name]
        if name is None and len(arns) == 1:
            return next(iter(arns.values()))
        if not arns:
            raise UsageError(f"{self.assembly.names} has no state machine")
        reason = "several state machines" if name is None else f"no state machine is called {name}"
        raise UsageError(f"{reason}: choose one with --machine NAME: {', '.join(arns)}")

    def _refs(self, resource_type: str) -> list[str]:
        return [
            created.physical.ref
            for stack in self.stacks.values()
            for created in stack.all_resources()
            if created.type == resource_type
        ]


def endpoint_lookups(endpoint: Endpoint) -> Lookups:
    """Finds SSM parameters and secrets at the endpoint."""

    def ssm_parameter(name: str) -> str | None:
        try:
            found = endpoint.client("ssm").get_parameter(Name=name, WithDecryption=True)
        except (ClientError, BotoCoreError):
            return None
        return str(found["Parameter"]["Value"])

    def secret(name: str) -> str | None:
        try:
            found = endpoint.client("secretsmanager").get_secret_value(SecretId=name)
        except (ClientError, BotoCoreError):
            return None
        return str(found["SecretString"]) if "SecretString" in found else None

    return Lookups(ssm_parameter, secret)
