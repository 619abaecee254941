# SPDX-License-Identifier: MIT-0
"""Stacks of one function and of one state machine, by hand."""

import json
from pathlib import Path
from typing import Any

from ...support.assemblies.hand_made import function, role, state_machine

ECHO = "def handler(event, context):\n    return [event]\n"
PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


def functions_stack() -> dict[str, Any]:
    return {
        "Resources": {
            "FunctionRole": role("lambda.amazonaws.com"),
            "Echo": function(ECHO),
        },
        "Outputs": {
            "Echo": {"Value": {"Fn::GetAtt": ["Echo", "Arn"]}, "Export": {"Name": "functions:echo"}}
        },
    }


def machine_stack() -> dict[str, Any]:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "${Echo}", "Payload.$": "$"},
        "OutputPath": "$.Payload",
        "End": True,
    }
    return {
        "Resources": {
            "MachineRole": role("states.amazonaws.com", "lambda:InvokeFunction"),
            "Machine": state_machine(
                {"StartAt": "T", "States": {"T": task}},
                StateMachineName="calls",
                DefinitionSubstitutions={"Echo": {"Fn::ImportValue": "functions:echo"}},
            ),
            "Other": state_machine(PASS, StateMachineName="passes"),
        }
    }


def nested_stack(assembly: Path, template: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    """A nested stack whose template stands in the folder of an assembly."""
    assembly.mkdir()
    (assembly / "inner.json").write_text(json.dumps(template))
    return {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "https://s3/inner.json", "Parameters": parameters},
        "Metadata": {"aws:asset:path": "inner.json"},
    }


def task(resource: Any, **fields: Any) -> dict[str, Any]:
    state = {"Type": "Task", "Resource": resource, "End": True, **fields}
    return {"StartAt": "T", "States": {"T": state}}
