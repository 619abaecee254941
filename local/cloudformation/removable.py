# SPDX-License-Identifier: MIT-0
"""What stands for as long as the template has it, and ends with the update that takes it out."""

from dataclasses import dataclass
from typing import Any

from ..endpoint.endpoint import Endpoint
from ..iam.function_policy import InvokePermission


@dataclass(frozen=True)
class RolePolicy:
    """A policy that stands in a role."""

    role: str
    policy: str

    def delete(self, endpoint: Endpoint) -> None:
        endpoint.client("iam").delete_role_policy(RoleName=self.role, PolicyName=self.policy)


@dataclass(frozen=True)
class FunctionPermission:
    """Leave for a service to invoke a function."""

    function_name: str
    permission: InvokePermission

    def delete(self, endpoint: Endpoint) -> None:
        endpoint.lambda_service.functions.remove_permission(self.function_name, self.permission)


@dataclass(frozen=True)
class EventRule:
    """A rule of the event bus."""

    name: str

    def put(
        self, endpoint: Endpoint, pattern: str, state: str, targets: list[dict[str, str]]
    ) -> str:
        """Create or replace the rule, with these targets and no others, and return its ARN."""
        events = endpoint.client("events")
        arn = events.put_rule(Name=self.name, EventPattern=pattern, State=state)["RuleArn"]
        if targets:
            events.put_targets(Rule=self.name, Targets=targets)
        self._remove_targets(events, but={target["Id"] for target in targets})
        return str(arn)

    def delete(self, endpoint: Endpoint) -> None:
        events = endpoint.client("events")
        self._remove_targets(events, but=set())
        events.delete_rule(Name=self.name)

    def _remove_targets(self, events: Any, but: set[str]) -> None:
        there = {target["Id"] for target in events.list_targets_by_rule(Rule=self.name)["Targets"]}
        if there - but:
            events.remove_targets(Rule=self.name, Ids=sorted(there - but))


@dataclass(frozen=True)
class Version:
    """A published version that the template does not retain: CloudFormation deletes it."""

    arn: str

    def delete(self, endpoint: Endpoint) -> None:
        endpoint.lambda_service.functions.delete_version(self.arn)


Removable = RolePolicy | FunctionPermission | EventRule | Version
