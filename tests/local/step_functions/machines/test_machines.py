# SPDX-License-Identifier: MIT-0
"""State machines and executions, as clients read them."""

from typing import Any

import boto3
import pytest
from botocore.config import Config

from ....support.step_functions.bare_machines import ROLE, BareMachines, definition, fields, refusal

PASS = {"A": {"Type": "Pass", "End": True}}
OTHER = {"B": {"Type": "Pass", "End": True}}
OFF = {"level": "OFF", "includeExecutionData": False}
PREFIX = "arn:aws:states:us-east-1:123456789012"


def test_a_machine_is_described_with_the_defaults_of_its_settings(
    bare_machines: BareMachines,
) -> None:
    arn = bare_machines.create(PASS, name="described")

    described = fields(bare_machines.step_functions.describe_state_machine(stateMachineArn=arn))

    del described["creationDate"]
    assert described == {
        "stateMachineArn": f"{PREFIX}:stateMachine:described",
        "name": "described",
        "status": "ACTIVE",
        "definition": definition(PASS),
        "roleArn": ROLE,
        "type": "STANDARD",
        "loggingConfiguration": OFF,
        "tracingConfiguration": {"enabled": False},
        "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
    }


def test_a_machine_is_described_with_the_variables_that_its_states_use(
    bare_machines: BareMachines,
) -> None:
    states = {
        "A": {"Type": "Pass", "Assign": {"b": 1, "a": 2}, "Next": "B"},
        "B": {
            "Type": "Pass",
            "Parameters": {"x.$": "$b.c", "y.$": "States.Array($a)", "z": "$c", "n.$": "$$.State"},
            "Assign": {"c": 3},
            "Next": "C",
        },
        "C": {"Type": "Wait", "SecondsPath": "$c", "Next": "D"},
        "D": {
            "Type": "Pass",
            "QueryLanguage": "JSONata",
            "Output": "{% $sum([$a]) %}",
            "End": True,
        },
    }
    arn = bare_machines.create(states)

    described = bare_machines.step_functions.describe_state_machine(stateMachineArn=arn)

    assert described["variableReferences"] == {"B": ["a", "b"], "C": ["c"], "D": ["a"]}


def test_a_second_machine_of_a_name_must_be_the_same(bare_machines: BareMachines) -> None:
    arn = bare_machines.create(PASS, name="twice")

    assert bare_machines.create(PASS, name="twice") == arn
    create = bare_machines.step_functions.create_state_machine
    assert refusal(create, name="twice", definition=definition(OTHER), roleArn=ROLE) == (
        "StateMachineAlreadyExists",
        f"State Machine Already Exists: '{arn}'",
    )


def test_an_update_makes_a_revision_if_it_changes_something(bare_machines: BareMachines) -> None:
    arn = bare_machines.create(PASS)
    update = bare_machines.step_functions.update_state_machine

    same = update(stateMachineArn=arn, definition=definition(PASS))
    changed = update(stateMachineArn=arn, definition=definition(OTHER))
    again = update(stateMachineArn=arn, definition=definition(OTHER), publish=True)

    assert "revisionId" not in same
    assert changed["revisionId"] == again["revisionId"]
    assert again["stateMachineVersionArn"] == f"{arn}:1"
    described = bare_machines.step_functions.describe_state_machine(stateMachineArn=arn)
    assert described["revisionId"] == changed["revisionId"]
    assert refusal(update, stateMachineArn=arn)[0] == "MissingRequiredParameter"
    assert refusal(update, stateMachineArn=f"{arn}:1", roleArn=ROLE) == (
        "StateMachineDoesNotExist",
        f"State Machine Does Not Exist: '{arn}:1'",
    )


def test_an_execution_is_described_with_its_data_and_its_redrive_status(
    bare_machines: BareMachines,
) -> None:
    described = fields(bare_machines.run(PASS, {"x": [1, 2]}))

    assert described.pop("stopDate") >= described.pop("startDate")
    arn, name = described.pop("executionArn"), described["name"]
    assert arn.endswith(f":{name}")
    assert described.pop("stateMachineArn") == arn.replace(
        "execution", "stateMachine"
    ).removesuffix(f":{name}")
    assert described == {
        "name": name,
        "status": "SUCCEEDED",
        "input": '{"x":[1,2]}',
        "inputDetails": {"included": True},
        "output": '{"x":[1,2]}',
        "outputDetails": {"included": True},
        "redriveCount": 0,
        "redriveStatus": "NOT_REDRIVABLE",
        "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
    }


def test_executions_are_listed_newest_first_and_in_pages(bare_machines: BareMachines) -> None:
    arn = bare_machines.create(PASS)
    names = [bare_machines.start(arn)["name"] for _ in range(3)]
    listing = bare_machines.step_functions.get_paginator("list_executions")

    pages = list(listing.paginate(stateMachineArn=arn, PaginationConfig={"PageSize": 2}))

    assert [[each["name"] for each in page["executions"]] for page in pages] == [
        [names[2], names[1]],
        [names[0]],
    ]
    assert "nextToken" not in pages[1]


@pytest.mark.parametrize(
    ("operation", "parameters", "code", "message"),
    [
        (
            "describe_state_machine",
            {"stateMachineArn": "m"},
            "InvalidArn",
            "Invalid Arn: 'Invalid ARN prefix: m'",
        ),
        (
            "start_execution",
            {"stateMachineArn": f"{PREFIX}:execution:m:e"},
            "InvalidArn",
            "Invalid Arn: 'Resource type not valid in this context: execution'",
        ),
        (
            "describe_execution",
            {"executionArn": f"{PREFIX}:stateMachine:m"},
            "InvalidArn",
            "Invalid Arn: 'Resource type not valid in this context: statemachine'",
        ),
        (
            "list_executions",
            {"stateMachineArn": f"{PREFIX}:stateMachine:nope"},
            "StateMachineDoesNotExist",
            f"State Machine Does Not Exist: '{PREFIX}:stateMachine:nope'",
        ),
        (
            "get_execution_history",
            {"executionArn": f"{PREFIX}:execution:m:nope"},
            "ExecutionDoesNotExist",
            f"Execution Does Not Exist: '{PREFIX}:execution:m:nope'",
        ),
        (
            "list_executions",
            {"stateMachineArn": f"{PREFIX}:stateMachine:m", "statusFilter": "succeeded"},
            "ValidationException",
            "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy "
            "constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, "
            "PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
        ),
        (
            "list_state_machines",
            {"maxResults": 1001},
            "ValidationException",
            "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy "
            "constraint: Member must have value less than or equal to 1000",
        ),
        (
            "create_state_machine",
            {"name": "a b", "definition": definition(PASS), "roleArn": ROLE},
            "InvalidName",
            "Invalid Name: 'a b'",
        ),
        (
            "create_state_machine",
            {"name": "x", "definition": "not json", "roleArn": ROLE, "versionDescription": "d"},
            "ValidationException",
            "Version description can only be set when publish is true",
        ),
        (
            "list_state_machines",
            {"nextToken": "x"},
            "InvalidToken",
            "Invalid Token: 'Invalid token'",
        ),
    ],
)
def test_a_request_is_refused_in_the_words_of_the_service(
    bare_machines: BareMachines, operation: str, parameters: dict[str, Any], code: str, message: str
) -> None:
    call = getattr(bare_machines.step_functions, operation)
    assert refusal(call, **parameters) == (code, message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "not json",
            "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token "
            "'null', 'true' or 'false')",
        ),
        (
            "{'a': 1}",
            "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
        ),
    ],
)
def test_an_input_that_is_no_json_is_refused(
    bare_machines: BareMachines, text: str, message: str
) -> None:
    start = bare_machines.step_functions.start_execution
    assert refusal(start, stateMachineArn=bare_machines.create(PASS), input=text) == (
        "InvalidExecutionInput",
        f"Invalid State Machine Execution Input: '{message}'",
    )


def test_an_execution_that_ended_keeps_its_name(bare_machines: BareMachines) -> None:
    ended = bare_machines.run(PASS)
    start = bare_machines.step_functions.start_execution

    assert refusal(start, stateMachineArn=ended["stateMachineArn"], name=ended["name"]) == (
        "ExecutionAlreadyExists",
        f"Execution Already Exists: '{ended['executionArn']}'",
    )


def test_a_standard_machine_has_no_synchronous_executions(bare_machines: BareMachines) -> None:
    # The client puts `sync-` before the address, unless it is told not to.
    client = boto3.client(
        "stepfunctions",
        endpoint_url=bare_machines.step_functions.meta.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(inject_host_prefix=False),
    )
    arn = bare_machines.create(PASS)

    assert refusal(client.start_sync_execution, stateMachineArn=arn) == (
        "StateMachineTypeNotSupported",
        "This operation is not supported by this type of state machine",
    )
