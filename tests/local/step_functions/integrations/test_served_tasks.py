# SPDX-License-Identifier: MIT-0
"""Which tasks a definition may have here: what is not served is refused, all of it at once."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.cloudformation.assembly import read_assembly
from local.cloudformation.deployment import Deployment
from local.errors import LocalError, UsageError
from local.step_functions.definition import require_definition
from local.step_functions.integrations.names import sdk_name

from ....support.assemblies.hand_made import role, state_machine, write_assembly
from ....support.step_functions.bare_machines import refusal
from ....support.step_functions.integrations import CHILD, PREFIX, Integrations, task

MANAGED_RULE = (
    "arn:aws:events:us-east-1:123456789012:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"
)


def definition(*tasks: tuple[str, Any]) -> str:
    """A machine of tasks with these resources and arguments, named A, B, C and so on."""
    names = "ABCDEFGH"[: len(tasks)]
    states = {
        name: task(resource, arguments, **({"Next": after} if after else {}))
        for name, after, (resource, arguments) in zip(names, [*names[1:], ""], tasks, strict=True)
    }
    return json.dumps({"QueryLanguage": "JSONata", "StartAt": "A", "States": states})


def test_everything_that_is_not_served_is_refused_at_once_by_state_and_reason() -> None:
    tasks = [
        ("glue:startJobRun.sync", {}),
        ("dynamodb:query", {}),
        ("sqs:sendMessage.sync", {"QueueUrl": "q", "MessageBody": "m"}),
        ("aws-sdk:ec2:describeInstances", {}),
        ("aws-sdk:s3:getobject", {}),
        ("aws-sdk:sqs:sendMessage", {"queueUrl": "q", "MessageBody": "m", "Colour": 1}),
        ("dynamodb:getItem", {"TableName": "t"}),
        ("http:invoke", {}),
    ]
    with pytest.raises(LocalError) as raised:
        require_definition(definition(*tasks))

    assert str(raised.value) == "the property DefinitionString has, " + "; ".join(
        [
            f"in state A, the Resource {PREFIX}glue:startJobRun.sync, not supported here: the "
            "optimized integration of glue is not served here",
            f"in state B, the Resource {PREFIX}dynamodb:query, not supported here: dynamodb has no "
            "optimized integration query",
            f"in state C, the Resource {PREFIX}sqs:sendMessage.sync, not supported here: "
            "sqs:sendMessage has no pattern .sync",
            f"in state D, the Resource {PREFIX}aws-sdk:ec2:describeInstances, not supported here: "
            "the SDK integration of ec2 is not served here",
            f"in state E, the Resource {PREFIX}aws-sdk:s3:getobject, not supported here: s3 has no "
            "API action getobject",
            "in state F, the field Arguments/Colour, not supported here: SendMessage has no such "
            "field",
            "in state F, the field Arguments/queueUrl, not supported here: SendMessage has no such "
            "field, but QueueUrl",
            "in state F, the field Arguments/QueueUrl, not supported here: SendMessage requires it",
            "in state G, the field Arguments/Key, not supported here: GetItem requires it",
            f"in state H, the Resource {PREFIX}http:invoke, not supported here: the optimized "
            "integration of http is not served here",
        ]
    )


def test_the_api_refuses_a_resource_that_is_not_served(nested: Integrations) -> None:
    code, message = refusal(
        nested.step_functions.create_state_machine,
        name="glue",
        definition=definition(("glue:startJobRun", {})),
        roleArn="arn:aws:iam::123456789012:role/App-MachineRole",
    )

    assert (code, message) == (
        "InvalidDefinition",
        "Invalid State Machine Definition: 'NOT_SERVED_HERE: the optimized integration of glue is "
        "not served here at /States/A/Resource'",
    )


def test_the_api_refuses_fields_and_maps_that_are_not_served(nested: Integrations) -> None:
    invoke = task("lambda:invoke", {"FunctionName": "f", "TaskToken": 1}, Next="M")
    item = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
    distributed = {**item, "ProcessorConfig": {"Mode": "DISTRIBUTED"}}
    each = {"Type": "Map", "ItemProcessor": distributed, "Label": "L", "End": True}
    machine = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": invoke, "M": each}}

    code, message = refusal(
        nested.step_functions.create_state_machine,
        name="fields",
        definition=json.dumps(machine),
        roleArn="arn:aws:iam::123456789012:role/App-MachineRole",
    )

    reason = "NOT_SERVED_HERE: distributed maps are not served here at /States/M"
    assert (code, message) == (
        "InvalidDefinition",
        'Invalid State Machine Definition: \'NOT_SERVED_HERE: The field "TaskToken" is not '
        f"supported by Step Functions at /States/A/Arguments/TaskToken, "
        f"{reason}/ItemProcessor/ProcessorConfig/Mode, {reason}/Label'",
    )


@pytest.mark.parametrize(
    ("member", "field"),
    [
        ("TableName", "TableName"),
        ("executionArn", "ExecutionArn"),
        ("DBInstanceIdentifier", "DbInstanceIdentifier"),
        ("MD5OfMessageBody", "Md5OfMessageBody"),
        ("ARN", "Arn"),
        ("ETag", "ETag"),
        ("S3Key", "S3Key"),
        ("ContentMD5", "ContentMD5"),
        ("SSEKMSKeyId", "SsekmsKeyId"),
        ("NULL", "Nul"),
        ("M", "M"),
    ],
)
def test_a_field_of_an_sdk_integration_is_named_as_in_java(member: str, field: str) -> None:
    assert sdk_name(member) == field


@pytest.mark.parametrize("actions", [(), ("events:PutTargets", "events:PutRule")])
def test_a_role_that_may_not_make_the_managed_rule_is_refused(
    nested: Integrations, tmp_path: Path, actions: tuple[str, ...]
) -> None:
    start = task("states:startExecution.sync:2", {"StateMachineArn": CHILD})
    machine = {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": start}}
    resources = {
        "MachineRole": role("states.amazonaws.com", "states:StartExecution", *actions),
        "Machine": state_machine(machine),
    }
    stack = f"Rule{len(actions)}"
    assembly = write_assembly(tmp_path / "assembly", {stack: {"Resources": resources}})
    missing = "events:DescribeRule" if actions else "events:PutTargets"
    role_arn = f"arn:aws:iam::123456789012:role/{stack}-MachineRole"

    with pytest.raises(UsageError) as raised:
        Deployment(read_assembly(assembly), nested.endpoint).apply()
    assert f"'{role_arn}' is not authorized to create managed-rule" in str(raised.value)
    assert f"is not authorized to perform: {missing} on resource: {MANAGED_RULE}" in (
        str(raised.value)
    )
