# SPDX-License-Identifier: MIT-0
"""Requests of every type, deletions, and what a client may leave out or ask for besides."""

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ....support.stacks.scenario import wait_until
from ....support.step_functions.bare_machines import ROLE, BareMachines, definition, refusal

PASS = {"A": {"Type": "Pass", "End": True}}
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:work"
WAITING = {"A": {"Type": "Task", "Resource": ACTIVITY, "End": True}}
MAP_RUN = "arn:aws:states:us-east-1:123456789012:mapRun:m/x:1"


@pytest.fixture(scope="module")
def unchecked(bare_machines: BareMachines) -> Any:
    """A client that does not validate its parameters."""
    return boto3.client(
        "stepfunctions",
        endpoint_url=bare_machines.step_functions.meta.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(parameter_validation=False, inject_host_prefix=False),
    )


@pytest.mark.parametrize(
    ("operation", "parameters", "message"),
    [
        ("start_execution", {"input": 5}, "NUMBER_VALUE can not be converted to a String"),
        ("start_execution", {"input": {}}, "START_OBJECT can not be converted to a String"),
        ("list_executions", {"maxResults": "2"}, "STRING_VALUE can not be converted to a Number"),
        ("list_executions", {"maxResults": True}, "TRUE_VALUE can not be converted to a Number"),
    ],
)
def test_a_value_of_another_type_is_refused(
    bare_machines: BareMachines,
    unchecked: Any,
    operation: str,
    parameters: dict[str, Any],
    message: str,
) -> None:
    arn = bare_machines.create(PASS)
    assert refusal(getattr(unchecked, operation), stateMachineArn=arn, **parameters) == (
        "SerializationException",
        message,
    )


def test_an_execution_keeps_its_trace_header_and_the_spaces_of_its_input(
    bare_machines: BareMachines,
) -> None:
    client, given = bare_machines.step_functions, '{"a": [1,  2]}'
    arn = client.start_execution(
        stateMachineArn=bare_machines.create(PASS), input=given, traceHeader="Root=1-a-b"
    )["executionArn"]

    described = client.describe_execution(executionArn=arn)
    [started, *_] = client.get_execution_history(executionArn=arn)["events"]
    assert (described["traceHeader"], described["input"]) == ("Root=1-a-b", given)
    assert started["executionStartedEventDetails"]["input"] == given


def test_metadata_is_described_without_data(bare_machines: BareMachines) -> None:
    client, arn = bare_machines.step_functions, bare_machines.create(PASS)
    ended = bare_machines.start(arn)
    only = {"includedData": "METADATA_ONLY"}

    described = client.describe_execution(executionArn=ended["executionArn"], **only)
    assert {name: value for name, value in described.items() if "put" in name} == {
        "inputDetails": {"included": False},
        "outputDetails": {"included": False},
    }
    assert client.describe_state_machine(stateMachineArn=arn, **only)["definition"] == "{}"


def test_what_does_not_exist_has_no_tags_and_no_map_runs(bare_machines: BareMachines) -> None:
    client, arn = bare_machines.step_functions, bare_machines.create(PASS)
    tags = [{"key": "a", "value": "b"}]

    client.tag_resource(resourceArn=arn, tags=tags)
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == tags
    for call, parameters in (
        (client.tag_resource, {"resourceArn": f"{arn}x", "tags": tags}),
        (client.describe_map_run, {"mapRunArn": MAP_RUN}),
        (client.list_executions, {"mapRunArn": MAP_RUN}),
    ):
        assert refusal(call, **parameters)[0] == "ResourceNotFound"


def test_states_are_not_tested(unchecked: Any) -> None:
    with pytest.raises(ClientError, match=r"TestState is not served"):
        unchecked.test_state(definition=json.dumps(PASS["A"]), roleArn=ROLE)


def test_a_log_level_needs_a_destination(bare_machines: BareMachines) -> None:
    assert refusal(
        bare_machines.step_functions.create_state_machine,
        name="logging",
        definition=definition(PASS),
        roleArn=ROLE,
        loggingConfiguration={"level": "ERROR"},
    ) == (
        "InvalidLoggingConfiguration",
        "Invalid Logging Configuration: Must specify exactly one Log Destination.",
    )


def test_a_machine_is_being_deleted_until_its_executions_have_ended(
    bare_machines: BareMachines,
) -> None:
    client = bare_machines.step_functions
    client.create_activity(name="work")
    arn = bare_machines.create(WAITING, name="deleted")
    execution = client.start_execution(stateMachineArn=arn)["executionArn"]

    client.delete_state_machine(stateMachineArn=arn)
    assert client.describe_state_machine(stateMachineArn=arn)["status"] == "DELETING"
    deleting = ("StateMachineDeleting", f"State Machine is being deleted: '{arn}'")
    assert refusal(client.start_execution, stateMachineArn=arn) == deleting
    again = {"name": "deleted", "definition": definition(WAITING), "roleArn": ROLE}
    assert refusal(client.create_state_machine, **again) == deleting

    client.stop_execution(executionArn=execution)
    wait_until(
        lambda: "deleted" not in [m["name"] for m in client.list_state_machines()["stateMachines"]],
        "the end of the deletion",
    )
    assert client.create_state_machine(**again)["stateMachineArn"] == arn
    assert client.describe_execution(executionArn=execution)["status"] == "ABORTED"
    [*_, last] = client.get_execution_history(executionArn=execution)["events"]
    assert last["type"] == "ExecutionAborted"


def test_texts_that_look_evaluated_are_warnings_on_request(
    bare_machines: BareMachines,
) -> None:
    states = {
        "A": {"Type": "Pass", "Parameters": {"a": "$.x", "b.$": "$.y"}, "Next": "B"},
        "B": {"Type": "Pass", "Result": ["States.UUID()"], "Next": "C"},
        "C": {"Type": "Fail", "Cause": "$.x"},
    }
    validate = bare_machines.step_functions.validate_state_machine_definition
    machine = {"StartAt": "A", "States": states}

    assert validate(definition=json.dumps(machine))["diagnostics"] == []
    found = validate(definition=json.dumps(machine), severity="WARNING")
    assert found["result"] == "OK"
    assert [
        (each["severity"], each["code"], each["location"]) for each in found["diagnostics"]
    ] == [
        ("WARNING", "NO_DOLLAR", "/States/A/Parameters/a"),
        ("WARNING", "PASS_RESULT_IS_STATIC", "/States/B/Result[0]"),
        ("WARNING", "NO_PATH", "/States/C/Cause"),
    ]
