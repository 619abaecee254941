# SPDX-License-Identifier: MIT-0
"""Versions and aliases of state machines in a template, deployed and deployed again."""

from pathlib import Path
from typing import Any

import pytest

from local.cloudformation.assembly import read_assembly
from local.cloudformation.deployed import deployed
from local.errors import UsageError

from ....support.assemblies.hand_made import role, state_machine, write_assembly
from ....support.step_functions.bare_machines import BareMachines

RoutingChange = dict[str, Any]


def template(result: str, version: str, alias: RoutingChange | None) -> dict[str, Any]:
    """A machine that returns a text, a version of it, and an alias of the version."""
    state = {"Type": "Pass", "Result": result, "End": True}
    revision = {"Fn::GetAtt": ["Machine", "StateMachineRevisionId"]}
    resources = {
        "MachineRole": role("states.amazonaws.com"),
        "Machine": state_machine(
            {"StartAt": "S", "States": {"S": state}}, StateMachineName="published"
        ),
        version: {
            "Type": "AWS::StepFunctions::StateMachineVersion",
            "Properties": {
                "StateMachineArn": {"Ref": "Machine"},
                "StateMachineRevisionId": revision,
            },
        },
    }
    if alias is not None:
        resources["Live"] = {
            "Type": "AWS::StepFunctions::StateMachineAlias",
            "Properties": {"Name": "live", **alias},
        }
    return {"Resources": resources}


def routed(version: str) -> RoutingChange:
    route = {"StateMachineVersionArn": {"Ref": version}, "Weight": 100}
    return {"RoutingConfiguration": [route]}


def test_an_alias_follows_its_version_and_goes_with_its_template(tmp_path: Path) -> None:
    def assembly(name: str, *parts: Any) -> Path:
        return write_assembly(tmp_path / name, {"Stack": template(*parts)})

    with deployed(assembly("1", "first", "First", routed("First"))) as deployment:
        client = deployment.endpoint.client("stepfunctions")
        machines = BareMachines(client)
        machine = deployment.state_machine("published")
        alias = f"{machine}:live"
        first = machines.start(alias)

        at_once = {
            "DeploymentPreference": {
                "StateMachineVersionArn": {"Ref": "Second"},
                "Type": "ALL_AT_ONCE",
            }
        }
        deployment.update(read_assembly(assembly("2", "second", "Second", at_once)))
        second = machines.start(alias)
        versions = client.list_state_machine_versions(stateMachineArn=machine)

        deployment.update(read_assembly(assembly("3", "second", "Second", None)))
        aliases = client.list_state_machine_aliases(stateMachineArn=machine)

    assert (first["output"], first["stateMachineVersionArn"]) == ('"first"', f"{machine}:1")
    assert (second["output"], second["stateMachineVersionArn"]) == ('"second"', f"{machine}:2")
    [version] = versions["stateMachineVersions"]
    assert version["stateMachineVersionArn"] == f"{machine}:2"
    assert aliases["stateMachineAliases"] == []


def test_an_alias_that_shifts_its_traffic_in_steps_is_refused(tmp_path: Path) -> None:
    steps = {"DeploymentPreference": {"StateMachineVersionArn": "arn", "Type": "CANARY"}}
    assembly = write_assembly(tmp_path, {"Stack": template("first", "First", steps)})

    refusal = r"the property DeploymentPreference must have the Type ALL_AT_ONCE here"
    with pytest.raises(UsageError, match=refusal), deployed(assembly):
        pass
