# SPDX-License-Identifier: MIT-0
"""The contract of the stack, row by row, on the synthesized template."""

import json
import re
from types import ModuleType

import pytest

from local.cloudformation.templates.template import Template

from ...support.assemblies.resources import (
    ASYNC,
    SYNC,
    TemplateDict,
    definition,
    function_id,
    only,
    resources,
    statements,
    version_id,
)
from ...support.project.differences import differences


def test_no_name_fixes_a_partition_an_account_or_a_region(template: TemplateDict) -> None:
    text = json.dumps(template["Resources"])

    assert "arn:aws:" not in text
    assert "us-east-1" not in text
    principals = r"(events|lambda|states)\.amazonaws\.com"
    assert "amazonaws.com" not in re.sub(principals, "", text)


def test_the_state_machine_is_a_traced_standard_jsonata_machine(template: TemplateDict) -> None:
    logical_id, machine = only(template, "StepFunctions::StateMachine")
    log_groups = resources(template, "Logs::LogGroup")
    [logs_id] = [name for name in log_groups if name.startswith("StateMachineLogs")]

    assert logical_id.startswith("StateMachine")
    assert machine["StateMachineName"] == "sfn-dfn-integration-pattern-cdk"
    assert machine["StateMachineType"] == "STANDARD"
    assert machine["TracingConfiguration"] == {"Enabled": True}
    assert machine["LoggingConfiguration"] == {
        "Destinations": [
            {"CloudWatchLogsLogGroup": {"LogGroupArn": {"Fn::GetAtt": [logs_id, "Arn"]}}}
        ],
        "IncludeExecutionData": False,
        "Level": "ERROR",
    }


RETRY_WHAT_WAS_THROTTLED = [
    {
        "ErrorEquals": ["Lambda.TooManyRequestsException"],
        "IntervalSeconds": 5,
        "MaxAttempts": 45,
        "MaxDelaySeconds": 60,
        "JitterStrategy": "FULL",
    },
]


def test_the_definition_is_the_pattern_and_nothing_else(template: TemplateDict) -> None:
    expected = {
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": 7200,
        "StartAt": "Async Durable Lambda Fn Invoke",
        "States": {
            "Async Durable Lambda Fn Invoke": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                "Arguments": {
                    "FunctionName": f"{ASYNC}:1",
                    "InvocationType": "Event",
                    "Payload": {
                        "TaskToken": "{% $states.context.Task.Token %}",
                        "minutes_to_wait": "{% $states.input.minutes_to_wait %}",
                    },
                },
                "HeartbeatSeconds": 3600,
                "Output": "{% $states.result %}",
                "Retry": RETRY_WHAT_WAS_THROTTLED,
                "Next": "Synchronous Durable Lambda Fn Invoke",
            },
            "Synchronous Durable Lambda Fn Invoke": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {"FunctionName": f"{SYNC}:1", "Payload": "{% $states.input %}"},
                "Output": "{% $states.result.Payload %}",
                "Retry": RETRY_WHAT_WAS_THROTTLED,
                "End": True,
            },
        },
    }

    assert differences(definition(template), expected) == []


@pytest.mark.parametrize(
    ("name", "handler", "execution_timeout"),
    [
        (ASYNC, "async_durable_function.handler", 3600),
        (SYNC, "sync_durable_function.handler", 900),
    ],
)
def test_a_function_is_durable_arm64_python_with_json_logs(
    dependency_layer: ModuleType,
    template: TemplateDict,
    name: str,
    handler: str,
    execution_timeout: int,
) -> None:
    logical_id = function_id(template, name)
    function = template["Resources"][logical_id]["Properties"]
    [layer] = resources(template, "Lambda::LayerVersion")

    assert function["Runtime"] == "python3.14"
    assert function["Architectures"] == ["arm64"]
    assert function["Handler"] == handler
    assert function["Timeout"] == 900
    assert function["MemorySize"] == 1024
    assert function["Layers"] == [{"Ref": layer}]
    assert function["DurableConfig"] == {
        "ExecutionTimeout": execution_timeout,
        "RetentionPeriodInDays": 3,
    }
    # One architecture in two vocabularies: that of the function, and that of the layer's wheels.
    assert "manylinux2014_aarch64" in dependency_layer.PIP_INSTALL
    # The handler's own limit is this one, handed over, not a second copy of it.
    variables = function["Environment"]["Variables"]
    assert variables["EXECUTION_TIMEOUT_SECONDS"] == str(execution_timeout)
    assert function["LoggingConfig"]["LogFormat"] == "JSON"
    assert function["LoggingConfig"]["LogGroup"]["Ref"] in resources(template, "Logs::LogGroup")


def test_no_event_is_run_that_is_older_than_its_task(template: TemplateDict) -> None:
    [config] = resources(template, "Lambda::EventInvokeConfig").values()
    heartbeat = definition(template)["States"]["Async Durable Lambda Fn Invoke"]["HeartbeatSeconds"]

    # Of the version that the state machine invokes; and without a number of retries, which a
    # durable function does not need: after a crash, Lambda invokes it again in any case.
    assert config["Properties"] == {
        "FunctionName": {"Ref": function_id(template, ASYNC)},
        "Qualifier": {"Fn::GetAtt": [version_id(template, ASYNC), "Version"]},
        "MaximumEventAgeInSeconds": heartbeat,
    }
    # The next deployment has one for the next version; events may still wait for this one.
    assert (config["DeletionPolicy"], config["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize("name", [ASYNC, SYNC])
def test_old_versions_outlive_a_deploy(template: TemplateDict, name: str) -> None:
    version = template["Resources"][version_id(template, name)]

    assert version["DeletionPolicy"] == "Retain"
    assert version["UpdateReplacePolicy"] == "Retain"


def test_the_state_machine_may_invoke_every_version_and_nothing_unqualified(
    template: TemplateDict,
) -> None:
    role = only(template, "StepFunctions::StateMachine")[1]["RoleArn"]["Fn::GetAtt"][0]
    invoke = [
        statement
        for statement in statements(template, role)
        if statement["Action"] == "lambda:InvokeFunction"
    ]
    every_version = [
        {"Fn::Join": ["", [{"Fn::GetAtt": [function_id(template, name), "Arn"]}, ":*"]]}
        for name in (ASYNC, SYNC)
    ]
    current_version = [{"Ref": version_id(template, name)} for name in (ASYNC, SYNC)]

    assert [statement["Resource"] for statement in invoke] == [every_version + current_version]


def test_the_callback_permission_names_this_state_machine_only(template: TemplateDict) -> None:
    machine, _ = only(template, "StepFunctions::StateMachine")
    function = template["Resources"][function_id(template, ASYNC)]["Properties"]
    granted = statements(template, function["Role"]["Fn::GetAtt"][0])

    assert granted == [
        {
            "Action": [
                "states:SendTaskFailure",
                "states:SendTaskHeartbeat",
                "states:SendTaskSuccess",
            ],
            "Effect": "Allow",
            "Resource": {"Ref": machine},
        },
    ]


def test_the_sync_function_may_send_no_callback(template: TemplateDict) -> None:
    function = template["Resources"][function_id(template, SYNC)]["Properties"]

    assert statements(template, function["Role"]["Fn::GetAtt"][0]) == []


def test_resources_depend_on_each_other_in_no_circle(template: TemplateDict) -> None:
    created = [logical_id for logical_id, _ in Template(template, {}).in_creation_order()]

    assert sorted(created) == sorted(template["Resources"])


def test_log_groups_are_the_stacks_own_and_go_with_it(template: TemplateDict) -> None:
    log_groups = resources(template, "Logs::LogGroup").values()

    assert len(log_groups) == 4
    for group in log_groups:
        assert group["Properties"]["RetentionInDays"] == 14
        assert group["DeletionPolicy"] == "Delete"
        assert group["UpdateReplacePolicy"] == "Delete"


def test_outputs_are_the_names_a_user_looks_for(template: TemplateDict) -> None:
    machine, _ = only(template, "StepFunctions::StateMachine")

    assert template["Outputs"] == {
        "AsyncDurableFunctionName": {"Value": {"Ref": function_id(template, ASYNC)}},
        "SyncDurableFunctionName": {"Value": {"Ref": function_id(template, SYNC)}},
        "StepFunctionDFArn": {"Value": {"Ref": machine}},
    }
