# SPDX-License-Identifier: MIT-0
"""The operations of Step Functions' API."""

import json
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import TYPE_RESPONSE, ActionResult, EmptyResult
from moto.stepfunctions.exceptions import ResourceNotFound, ValidationException
from moto.stepfunctions.responses import StepFunctionResponse

from ..arns import split_qualifier
from ..machines.type import STANDARD, require_type
from .descriptions import (
    describe_alias,
    describe_execution,
    describe_machine,
    describe_machine_for_execution,
    describe_sync_execution,
    list_item,
    without_data,
)
from .diagnosis import MAX_DIAGNOSTICS, diagnosis
from .pages import page_of
from .parameters import check_parameters
from .tags import TagOperations


class StepFunctionsResponse(TagOperations, StepFunctionResponse):
    """moto's operations with the service's checks, fields and pages, and those that moto lacks."""

    def call_action(self) -> TYPE_RESPONSE:
        try:
            check_parameters(self._get_action(), self._parameters())
        except ServiceException as error:
            status, headers, body = self.serialized(ActionResult(error))
            return status, headers | {"status": str(status)}, body
        return super().call_action()

    def _parameters(self) -> dict[str, Any]:
        parameters = json.loads(self.body or "{}")
        return parameters if isinstance(parameters, dict) else {}

    def _page(self, name: str, items: list[dict[str, Any]], key: str) -> ActionResult:
        page, token = page_of(
            items, key, self._get_int_param("maxResults"), self._get_param("nextToken")
        )
        return ActionResult({name: page, **token})

    def create_state_machine(self) -> ActionResult:
        self._require_published_description()
        given = self._parameters()
        machine = self.stepfunction_backend.create_state_machine(
            name=given["name"],
            definition=given["definition"],
            roleArn=given["roleArn"],
            tags=given.get("tags"),
            publish=given.get("publish"),
            loggingConfiguration=given.get("loggingConfiguration"),
            tracingConfiguration=given.get("tracingConfiguration"),
            encryptionConfiguration=given.get("encryptionConfiguration"),
            version_description=given.get("versionDescription"),
            sm_type=given.get("type"),
        )
        created = {"stateMachineArn": machine.arn, "creationDate": machine.creation_date}
        if given.get("publish"):
            created["stateMachineVersionArn"] = machine.published.version_arn
        return ActionResult(created)

    def update_state_machine(self) -> ActionResult:
        self._require_published_description()
        given = self._parameters()
        machine = self.stepfunction_backend.update_state_machine(
            arn=given["stateMachineArn"],
            definition=given.get("definition"),
            role_arn=given.get("roleArn"),
            logging_configuration=given.get("loggingConfiguration"),
            tracing_configuration=given.get("tracingConfiguration"),
            encryption_configuration=given.get("encryptionConfiguration"),
            publish=given.get("publish"),
            version_description=given.get("versionDescription"),
        )
        updated = {"updateDate": machine.update_date}
        if machine.revision_id is not None:
            updated["revisionId"] = machine.revision_id
        if given.get("publish"):
            updated["stateMachineVersionArn"] = machine.published.version_arn
        return ActionResult(updated)

    def _require_published_description(self) -> None:
        if self._get_param("versionDescription") and not self._get_param("publish"):
            raise ValidationException("Version description can only be set when publish is true")

    def describe_state_machine(self) -> ActionResult:
        machine = self.stepfunction_backend.describe_state_machine(
            self._get_param("stateMachineArn")
        )
        return ActionResult(describe_machine(machine, with_data=self._is_data_included()))

    def describe_state_machine_for_execution(self) -> ActionResult:
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        described = describe_machine_for_execution(execution, with_data=self._is_data_included())
        return ActionResult(described)

    def _is_data_included(self) -> bool:
        return bool(self._get_param("includedData") != "METADATA_ONLY")

    def list_state_machines(self) -> ActionResult:
        machines = sorted(self.stepfunction_backend.existing_machines(), key=lambda each: each.name)
        items = [
            {
                "stateMachineArn": machine.arn,
                "name": machine.name,
                "type": machine.type,
                "creationDate": machine.creation_date,
            }
            for machine in machines
        ]
        return self._page("stateMachines", items, "stateMachineArn")

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
        return self._page("stateMachineVersions", items, "stateMachineVersionArn")

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
        return self._page("stateMachineAliases", items, "stateMachineAliasArn")

    def validate_state_machine_definition(self) -> ActionResult:
        return ActionResult(
            diagnosis(
                self._get_param("definition"),
                self._get_param("type") or STANDARD,
                with_warnings=self._get_param("severity") == "WARNING",
                limit=self._get_int_param("maxResults") or MAX_DIAGNOSTICS,
            )
        )

    def start_execution(self) -> ActionResult:
        execution = self.stepfunction_backend.start_execution(
            self._get_param("stateMachineArn"),
            self._get_param("name"),
            self._get_param("input", if_none="{}"),
            self._get_param("traceHeader"),
        )
        return ActionResult(
            {"executionArn": execution.execution_arn, "startDate": execution.start_date}
        )

    def redrive_execution(self) -> ActionResult:
        date = self.stepfunction_backend.redrive_execution(
            self._get_param("executionArn"), self._get_param("clientToken")
        )
        return ActionResult({"redriveDate": date})

    def start_sync_execution(self) -> ActionResult:
        execution = self.stepfunction_backend.start_sync_execution(
            self._get_param("stateMachineArn"),
            self._get_param("name"),
            self._get_param("input", if_none="{}"),
            self._get_param("traceHeader"),
        )
        return ActionResult(describe_sync_execution(execution))

    def get_activity_task(self) -> ActionResult:
        task = self.stepfunction_backend.get_activity_task(
            self._get_param("activityArn"), self._get_param("workerName")
        )
        if task is None:
            return ActionResult({})
        return ActionResult({"taskToken": task.task_token, "input": task.task_input})

    def describe_execution(self) -> ActionResult:
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        described = describe_execution(execution)
        return ActionResult(described if self._is_data_included() else without_data(described))

    def describe_map_run(self) -> ActionResult:
        raise ResourceNotFound(self._get_param("mapRunArn"))

    def update_map_run(self) -> ActionResult:
        raise ResourceNotFound(self._get_param("mapRunArn"))

    def list_executions(self) -> ActionResult:
        arn, status = self._get_param("stateMachineArn"), self._get_param("statusFilter")
        map_run = self._get_param("mapRunArn")
        if (arn is None) == (map_run is None):
            raise ValidationException("Specify either a stateMachineArn or a mapRunArn")
        if arn is None:
            raise ResourceNotFound(map_run)
        if self._get_param("redriveFilter"):
            # As recorded: it is for the child executions of a Map Run.
            raise ValidationException(
                "RedriveFilter cannot be applied to ListExecutions call with StateMachine ARN"
            )
        if status == "PENDING_REDRIVE":
            raise ValidationException(
                "PENDING_REDRIVE cannot be applied to ListExecutions call with StateMachine ARN"
            )
        machine_arn, qualifier = split_qualifier(arn)
        machine = self.stepfunction_backend.require_machine(machine_arn)
        require_type(machine, STANDARD)
        of_qualifier = ("stateMachineVersionArn", "stateMachineAliasArn")
        # One may end while it is described.
        candidates = (
            each for each in reversed(machine.executions) if status in (None, each.status)
        )
        items = [
            item
            for item in map(list_item, candidates)
            if status in (None, item["status"])
            and (qualifier is None or arn in map(item.get, of_qualifier))
        ]
        return self._page("executions", items, "executionArn")
