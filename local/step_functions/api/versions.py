# SPDX-License-Identifier: MIT-0
"""The operations on versions and aliases of state machines."""

from moto.core.responses import ActionResult, EmptyResult

from ..arns import split_qualifier
from .descriptions import describe_alias
from .pages import PagedResponse


class VersionOperations(PagedResponse):
    """The operations that moto lacks."""

    def publish_state_machine_version(self) -> ActionResult:
        version = self.stepfunction_backend.publish_state_machine_version(
            self._get_param("stateMachineArn"),
            self._get_param("description"),
            self._get_param("revisionId"),
        )
        return ActionResult(
            {"stateMachineVersionArn": version.version_arn, "creationDate": version.creation_date}
        )

    def list_state_machine_versions(self) -> ActionResult:
        machine = self.stepfunction_backend.require_machine(self._get_param("stateMachineArn"))
        items = [
            {"stateMachineVersionArn": each.version_arn, "creationDate": each.creation_date}
            for _, each in sorted(machine.versions.items(), reverse=True)
        ]
        return self.page("stateMachineVersions", items, "stateMachineVersionArn")

    def delete_state_machine_version(self) -> ActionResult:
        arn = self._get_param("stateMachineVersionArn")
        self.stepfunction_backend.delete_state_machine_version(arn)
        return EmptyResult()

    def create_state_machine_alias(self) -> ActionResult:
        alias = self.stepfunction_backend.create_state_machine_alias(
            self._get_param("name"),
            self._get_param("routingConfiguration"),
            self._get_param("description"),
        )
        return ActionResult(
            {"stateMachineAliasArn": alias.arn, "creationDate": alias.creation_date}
        )

    def describe_state_machine_alias(self) -> ActionResult:
        arn = self._get_param("stateMachineAliasArn")
        alias = self.stepfunction_backend.describe_state_machine_alias(arn)
        return ActionResult(describe_alias(alias))

    def list_state_machine_aliases(self) -> ActionResult:
        arn = self._get_param("stateMachineArn")
        machine_arn, version = split_qualifier(arn)
        machine = self.stepfunction_backend.require_machine(machine_arn)
        items = [
            {"stateMachineAliasArn": alias.arn, "creationDate": alias.creation_date}
            for alias in machine.aliases.values()
            if version is None
            or any(item["stateMachineVersionArn"] == arn for item in alias.routing)
        ]
        return self.page("stateMachineAliases", items, "stateMachineAliasArn")
