# SPDX-License-Identifier: MIT-0
"""The operations of Step Functions' API."""

import json
from operator import attrgetter
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import TYPE_RESPONSE, ActionResult
from moto.stepfunctions.exceptions import ResourceNotFound, ValidationException

from ..arns import split_qualifier
from ..machines.type import STANDARD, require_type
from .descriptions import (
    describe_execution,
    describe_machine,
    describe_machine_for_execution,
    describe_sync_execution,
    list_item,
    metadata_only,
)
from .diagnosis import MAX_DIAGNOSTICS, diagnosis
from .pages import items_after, page_of
from .parameters import check_parameters
from .tags import TagOperations
from .versions import VersionOperations


class StepFunctionsResponse(TagOperations, VersionOperations):
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
        return self.page("stateMachines", items, "stateMachineArn")

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
        return ActionResult(described if self._is_data_included() else metadata_only(described))

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
        # One may end while it is described, and the last one of a page before the next page.
        token, newest_first = self._get_param("nextToken"), machine.executions[::-1]
        following = items_after(token, newest_first, attrgetter("execution_arn"))
        candidates = (each for each in following if status in (None, each.status))
        items = [
            item
            for item in map(list_item, candidates)
            if status in (None, item["status"])
            and (qualifier is None or arn in map(item.get, of_qualifier))
        ]
        page, next_token = page_of(items, "executionArn", self._get_int_param("maxResults"), None)
        return ActionResult({"executions": page, **next_token})
