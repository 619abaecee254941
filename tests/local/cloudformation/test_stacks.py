# SPDX-License-Identifier: MIT-0
"""Assemblies of several stacks: exports, stages, environments, one choice among state machines."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloudformation.assembly import Assembly, read_assembly
from local.cloudformation.deployed import deployed
from local.errors import UsageError

from ...support.assemblies.hand_made import set_environment, write_assembly
from ...support.stacks.scenario import wait_until
from .function_stacks import functions_stack, machine_stack


def test_a_stack_runs_with_what_another_one_exports(tmp_path: Path) -> None:
    assembly = write_assembly(
        tmp_path / "a", {"Functions": functions_stack(), "Machines": machine_stack()}
    )
    with deployed(assembly) as deployment:
        step_functions = deployment.endpoint.client("stepfunctions")
        arn = step_functions.start_execution(
            stateMachineArn=deployment.state_machine("calls"), input='{"a": 1}'
        )["executionArn"]
        waiter_end = ended(step_functions, arn)
        names = [stack["StackName"] for stack in stacks(deployment.endpoint)]

    assert (waiter_end["status"], json.loads(waiter_end["output"])) == ("SUCCEEDED", [{"a": 1}])
    assert names == ["Functions", "Machines"]


def stacks(endpoint: Any) -> list[dict[str, Any]]:
    return list(endpoint.client("cloudformation").describe_stacks()["Stacks"])


def ended(step_functions: Any, arn: str) -> dict[str, Any]:
    described: dict[str, Any] = {}

    def has_ended() -> bool:
        described.update(step_functions.describe_execution(executionArn=arn))
        return str(described["status"]) != "RUNNING"

    wait_until(has_ended, "the end of the execution")
    return described


def test_a_state_machine_is_chosen_by_name_where_there_are_several(tmp_path: Path) -> None:
    with deployed(
        write_assembly(tmp_path / "a", {"F": functions_stack(), "M": machine_stack()})
    ) as deployment:
        chosen = deployment.state_machine("passes")
        with pytest.raises(UsageError) as without_a_name:
            deployment.state_machine(None)
        with pytest.raises(UsageError) as another_name:
            deployment.state_machine("nobody")

    assert chosen.endswith(":stateMachine:passes")
    assert str(without_a_name.value) == (
        "several state machines: choose one with --machine NAME: calls, passes"
    )
    assert str(another_name.value) == (
        "no state machine is called nobody: choose one with --machine NAME: calls, passes"
    )


def test_the_stacks_of_stages_are_deployed_or_one_of_them_is_chosen(tmp_path: Path) -> None:
    assembly = read_assembly(
        write_assembly(tmp_path / "a", {"Root": {}}, {"Prod": {"ProdStack": machine_stack()}})
    )

    assert sorted(stack.name for stack in assembly.stacks) == ["ProdStack", "Root"]
    assert [stack.name for stack in assembly.select("Prod*").stacks] == ["ProdStack"]
    with pytest.raises(UsageError, match=r"^no stack matches Dev\*; .*/a has Root, ProdStack$"):
        assembly.select("Dev*")


def test_a_stack_runs_in_the_account_and_region_of_its_environment(tmp_path: Path) -> None:
    assembly = write_assembly(tmp_path / "a", {"F": functions_stack(), "M": machine_stack()})
    with deployed(set_environment(assembly, "aws://210987654321/eu-west-1")) as deployment:
        machine = deployment.state_machine("calls")
        step_functions = deployment.endpoint.client("stepfunctions")
        arn = step_functions.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
        end = ended(step_functions, arn)
        [described] = [each for each in stacks(deployment.endpoint) if each["StackName"] == "F"]

    assert machine == "arn:aws:states:eu-west-1:210987654321:stateMachine:calls"
    assert (end["status"], end["output"]) == ("SUCCEEDED", "[{}]")
    assert described["Outputs"][0]["OutputValue"] == (
        "arn:aws:lambda:eu-west-1:210987654321:function:F-Echo"
    )


def test_stacks_of_two_environments_are_told_apart_by_name(tmp_path: Path) -> None:
    one = set_environment(
        write_assembly(tmp_path / "a", {"One": {}}), "aws://210987654321/eu-west-1"
    )
    other = write_assembly(tmp_path / "b", {"Other": {}})
    assembly = Assembly(one, read_assembly(one).stacks + read_assembly(other).stacks)

    with pytest.raises(UsageError) as refused:
        _ = assembly.environment
    assert str(refused.value) == (
        "choose stacks of one account and Region with --stack: "
        "One in 210987654321/eu-west-1, Other in 123456789012/us-east-1"
    )
    assert assembly.select("Other").environment.region == "us-east-1"


def test_a_call_that_is_not_served_is_refused_in_the_protocol_of_its_service(
    tmp_path: Path,
) -> None:
    with deployed(write_assembly(tmp_path / "a", {"One": {}})) as deployment:
        cloudformation = deployment.endpoint.client("cloudformation")
        with pytest.raises(ClientError) as refused:
            cloudformation.list_stack_resources(StackName="One")

    assert refused.value.response["Error"] == {
        "Type": "Sender",
        "Code": "NotImplemented",
        "Message": "ListStackResources is not served on this machine",
    }
