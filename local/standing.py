# SPDX-License-Identifier: MIT-0
"""What stands for as long as the template has it, and ends with the update that takes it out."""

from dataclasses import dataclass

from .endpoint import Endpoint
from .permissions import InvokePermission


@dataclass(frozen=True)
class RolePolicy:
    """A policy that stands in a role."""

    role: str
    policy: str

    def withdraw(self, endpoint: Endpoint) -> None:
        endpoint.client("iam").delete_role_policy(RoleName=self.role, PolicyName=self.policy)


@dataclass(frozen=True)
class FunctionPermission:
    """Leave for a service to invoke a function."""

    function_name: str
    permission: InvokePermission

    def withdraw(self, endpoint: Endpoint) -> None:
        endpoint.lambda_service.functions.remove_permission(self.function_name, self.permission)


@dataclass(frozen=True)
class EventRule:
    """A rule of the event bus."""

    name: str

    def withdraw(self, endpoint: Endpoint) -> None:
        events = endpoint.client("events")
        targets = events.list_targets_by_rule(Rule=self.name)["Targets"]
        if targets:
            events.remove_targets(Rule=self.name, Ids=[target["Id"] for target in targets])
        events.delete_rule(Name=self.name)


@dataclass(frozen=True)
class Version:
    """A published version that the template does not retain: CloudFormation deletes it."""

    arn: str

    def withdraw(self, endpoint: Endpoint) -> None:
        endpoint.lambda_service.functions.delete_version(self.arn)


Standing = RolePolicy | FunctionPermission | EventRule | Version
