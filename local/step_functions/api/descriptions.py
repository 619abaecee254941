# SPDX-License-Identifier: MIT-0
"""Descriptions of state machines, versions, aliases and executions, as the service returns them."""

import math
from typing import Any

from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from ..machines.deletion import status_of
from ..machines.variables import variable_references
from ..machines.version import Alias, MachineVersion
from ..services import services

# The unit of billing, and what a small execution takes.
# https://docs.aws.amazon.com/step-functions/latest/dg/express-at-least-once-execution.html
BILLED_MEGABYTES = 64


def describe_machine(machine: Any, *, with_data: bool = True) -> dict[str, Any]:
    """A state machine or a version, for DescribeStateMachine."""
    arn = machine.version_arn if isinstance(machine, MachineVersion) else machine.arn
    return {
        **_machine_fields(machine, with_data),
        "stateMachineArn": arn,
        "status": status_of(machine),
        "type": machine.type,
        "creationDate": machine.creation_date,
        **({"description": machine.description} if machine.description else {}),
    }


def describe_machine_for_execution(execution: Any, *, with_data: bool = True) -> dict[str, Any]:
    """The state machine as the execution runs it, for DescribeStateMachineForExecution."""
    machine = execution.state_machine
    return {
        **_machine_fields(machine, with_data),
        "stateMachineArn": machine.arn,
        "updateDate": machine.update_date,
    }


def _machine_fields(machine: Any, with_data: bool) -> dict[str, Any]:
    described = {
        "name": machine.name,
        # So documented.
        "definition": machine.definition if with_data else "{}",
        "roleArn": machine.roleArn,
        "loggingConfiguration": machine.loggingConfiguration,
        "tracingConfiguration": machine.tracingConfiguration,
        "encryptionConfiguration": machine.encryptionConfiguration,
    }
    if machine.revision_id is not None:
        described["revisionId"] = machine.revision_id
    if with_data and (references := variable_references(machine.definition)):
        described["variableReferences"] = references
    return described


def describe_alias(alias: Alias) -> dict[str, Any]:
    """An alias, for DescribeStateMachineAlias."""
    return {
        "stateMachineAliasArn": alias.arn,
        "name": alias.name,
        "routingConfiguration": alias.routing,
        "creationDate": alias.creation_date,
        "updateDate": alias.update_date,
        **({"description": alias.description} if alias.description is not None else {}),
    }


def describe_execution(execution: Any) -> dict[str, Any]:
    """An execution, for DescribeExecution."""
    described = {
        **list_item(execution),
        "input": execution.execution_input,
        "inputDetails": {"included": True},
    }
    status = described["status"]
    if status == "SUCCEEDED":
        described["output"] = to_json_str(execution.output)
        described["outputDetails"] = {"included": True}
    reason = execution.reason_against_redrive(services().clocks.of(execution.exec_arn).now())
    described["redriveStatus"] = "NOT_REDRIVABLE" if reason else "REDRIVABLE"
    if reason:
        described["redriveStatusReason"] = reason
    if execution.trace_header:
        described["traceHeader"] = execution.trace_header
    for name in ("error", "cause") if status != "RUNNING" else ():
        if getattr(execution, name) is not None:
            described[name] = getattr(execution, name)
    return described


def metadata_only(described: dict[str, Any]) -> dict[str, Any]:
    """The description of an execution for a request with includedData METADATA_ONLY."""
    left_out = {name: {"included": False} for name in ("input", "output") if name in described}
    kept = {name: value for name, value in described.items() if name not in left_out}
    return kept | {f"{name}Details": details for name, details in left_out.items()}


def describe_sync_execution(execution: Any) -> dict[str, Any]:
    """An execution that has ended, for StartSyncExecution."""
    left_out = ("redriveCount", "redriveStatus", "redriveStatusReason")
    described = describe_execution(execution)
    took = (execution.stop_date - execution.start_date).total_seconds()
    return {
        **{name: value for name, value in described.items() if name not in left_out},
        # As recorded, of a failure too.
        "outputDetails": {"included": True},
        "billingDetails": {
            "billedDurationInMilliseconds": max(1, math.ceil(took * 10)) * 100,
            "billedMemoryUsedInMB": BILLED_MEGABYTES,
        },
    }


def list_item(execution: Any) -> dict[str, Any]:
    """An execution, for ListExecutions."""
    machine = execution.state_machine
    # Read first: an execution that ends now has its other fields before its status.
    status = execution.status
    item = {
        "executionArn": execution.execution_arn,
        "name": execution.name,
        "stateMachineArn": machine.arn,
        "status": status,
        "startDate": execution.start_date,
        "redriveCount": execution.redrives.count,
    }
    if execution.redrives.latest is not None:
        item["redriveDate"] = execution.redrives.latest
    # A redrive that begins meanwhile takes the date away.
    if status != "RUNNING" and (stopped := execution.stop_date) is not None:
        item["stopDate"] = stopped
    for name, field in (
        ("version_arn", "stateMachineVersionArn"),
        ("alias_arn", "stateMachineAliasArn"),
    ):
        if getattr(machine, name, None) is not None:
            item[field] = getattr(machine, name)
    return item
