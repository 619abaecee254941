# SPDX-License-Identifier: MIT-0
"""The contract of the stack, row by row, on the synthesized template."""

import json
import re
import tarfile
from pathlib import Path
from typing import Any

import aws_cdk
import pytest

import app
from cdk_stepfunction_durable_lambda_function import dependency_layer, stack
from cdk_stepfunction_durable_lambda_function.prefix import InvalidPrefix
from local.template import Identity, Template

from .conftest import synthesize
from .differences import differences

TemplateDict = dict[str, Any]
ASYNC, SYNC = "sfn-dfn-async-durable-fn", "sfn-dfn-sync-durable-fn"
GUARD = "sfn-dfn-callback-guard-fn"


def resources(template: TemplateDict, resource_type: str) -> dict[str, Any]:
    return {
        logical_id: resource
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == f"AWS::{resource_type}"
    }


def only(template: TemplateDict, resource_type: str) -> tuple[str, dict[str, Any]]:
    [(logical_id, resource)] = resources(template, resource_type).items()
    return logical_id, resource["Properties"]


def function_id(template: TemplateDict, name: str) -> str:
    [logical_id] = [
        logical_id
        for logical_id, function in resources(template, "Lambda::Function").items()
        if function["Properties"]["FunctionName"] == name
    ]
    return logical_id


def arn_of(template: TemplateDict, name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [function_id(template, name), "Arn"]}


def version_id(template: TemplateDict, name: str) -> str:
    versions = [
        logical_id
        for logical_id, version in resources(template, "Lambda::Version").items()
        if version["Properties"]["FunctionName"] == {"Ref": function_id(template, name)}
    ]
    assert len(versions) == 1, f"{name} has no version of its own: it needs .current_version"
    return versions[0]


def definition(template: TemplateDict) -> dict[str, Any]:
    """The state machine's definition, its references resolved to plain names."""
    _, machine = only(template, "StepFunctions::StateMachine")
    names = {version_id(template, ASYNC): "ASYNC:1", version_id(template, SYNC): "SYNC:1"}
    resolver = Template(
        template,
        {"AWS::Partition": "aws"},
        {logical_id: Identity(name) for logical_id, name in names.items()},
    )
    parsed: dict[str, Any] = json.loads(resolver.resolve(machine["DefinitionString"]))
    return parsed


def statements(template: TemplateDict, role: str) -> list[dict[str, Any]]:
    return [
        statement
        for policy in resources(template, "IAM::Policy").values()
        if {"Ref": role} in policy["Properties"]["Roles"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def test_the_stack_needs_no_account_and_no_region(tmp_path: Path) -> None:
    stack = app.build({"aws:cdk:bundling-stacks": []}, outdir=str(tmp_path)).synth().stacks[0]

    assert stack.stack_name == "CdkStepfunctionDurableLambdaFunctionStack"
    assert stack.environment.account == "unknown-account"
    assert stack.environment.region == "unknown-region"


def test_any_working_directory_makes_the_same_template(
    template: TemplateDict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert synthesize(tmp_path / "cdk.out", {}) == template


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
    {"ErrorEquals": ["Lambda.TooManyRequestsException"], "MaxAttempts": 6},
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
                    "FunctionName": "ASYNC:1",
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
                "Arguments": {"FunctionName": "SYNC:1", "Payload": "{% $states.input %}"},
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
    template: TemplateDict, name: str, handler: str, execution_timeout: int
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
    assert function["Environment"]["Variables"] == {
        "EXECUTION_TIMEOUT_SECONDS": str(execution_timeout)
    }
    assert function["LoggingConfig"]["LogFormat"] == "JSON"
    assert function["LoggingConfig"]["LogGroup"]["Ref"] in resources(template, "Logs::LogGroup")


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
        }
    ]


def test_the_sync_function_may_call_nobody_back(template: TemplateDict) -> None:
    function = template["Resources"][function_id(template, SYNC)]["Properties"]

    assert statements(template, function["Role"]["Fn::GetAtt"][0]) == []


def test_the_guard_may_read_durable_executions_and_send_failures_and_nothing_else(
    template: TemplateDict,
) -> None:
    machine, _ = only(template, "StepFunctions::StateMachine")
    function = template["Resources"][function_id(template, GUARD)]["Properties"]
    role = function["Role"]["Fn::GetAtt"][0]
    every_version = {"Fn::Join": ["", [arn_of(template, ASYNC), ":*"]]}

    assert [
        (statement["Effect"], statement["Action"], statement["Resource"])
        for statement in statements(template, role)
    ] == [
        ("Allow", "lambda:GetDurableExecution", every_version),
        ("Allow", "states:SendTaskFailure", {"Ref": machine}),
    ]
    [managed] = template["Resources"][role]["Properties"]["ManagedPolicyArns"]
    assert managed["Fn::Join"][1][-1].endswith(":policy/service-role/AWSLambdaBasicExecutionRole")


def test_the_guard_is_an_ordinary_function_with_code_of_its_own(template: TemplateDict) -> None:
    guard, watched = (
        template["Resources"][function_id(template, name)]["Properties"] for name in (GUARD, ASYNC)
    )

    assert "DurableConfig" not in guard
    assert (guard["Handler"], guard["Timeout"]) == ("callback_guard.handler", 180)
    assert guard["Code"] != watched["Code"]
    assert guard["Environment"]["Variables"] == {
        "AWS_MAX_ATTEMPTS": "8",
        "AWS_RETRY_MODE": "standard",
    }
    for same in ("Architectures", "Layers", "MemorySize", "Runtime"):
        assert guard[same] == watched[same]


def test_the_guard_is_one_file_and_no_part_of_the_handlers_code() -> None:
    deployed = app.ROOT / "lambda" / "callback_guard"

    assert [path.name for path in deployed.iterdir() if path.suffix] == ["callback_guard.py"]


def test_the_guard_is_invoked_for_every_bad_end_of_the_async_functions_executions(
    template: TemplateDict,
) -> None:
    rule_id, rule = only(template, "Events::Rule")
    _, permission = only(template, "Lambda::Permission")

    assert rule["State"] == "ENABLED"
    assert rule["EventPattern"] == {
        "source": ["aws.lambda"],
        "detail-type": ["Durable Execution Status Change"],
        "detail": {
            "status": ["FAILED", "TIMED_OUT", "STOPPED"],
            "durableExecutionArn": [{"prefix": {"Fn::Join": ["", [arn_of(template, ASYNC), ":"]]}}],
        },
    }
    assert [target["Arn"] for target in rule["Targets"]] == [arn_of(template, GUARD)]
    assert permission == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": arn_of(template, GUARD),
        "Principal": "events.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": [rule_id, "Arn"]},
    }


def test_the_guard_can_be_left_out_and_nothing_else_changes(
    template: TemplateDict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack, "CallbackGuard", lambda *_args, **_properties: None)
    without = synthesize(tmp_path, {})

    assert without["Resources"] == {
        logical_id: resource
        for logical_id, resource in template["Resources"].items()
        if not logical_id.startswith("CallbackGuard")
    }


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


PHYSICAL_NAMES = ("FunctionName", "StateMachineName", "LogGroupName", "RoleName", "LayerName")


def physical_names(template: TemplateDict) -> set[str]:
    return {
        properties[name]
        for resource in template["Resources"].values()
        for properties in [resource["Properties"]]
        for name in PHYSICAL_NAMES
        if isinstance(properties.get(name), str)
    }


def test_two_prefixes_share_no_name(template: TemplateDict, tmp_path: Path) -> None:
    context = {"prefix": "blue", "aws:cdk:bundling-stacks": []}
    blue = app.build(context, outdir=str(tmp_path)).synth().stacks[0]

    assert blue.stack_name == "CdkStepfunctionDurableLambdaFunctionStack-blue"
    assert "sfn-dfn" not in json.dumps(blue.template)
    assert physical_names(blue.template) == {
        "blue-async-durable-fn",
        "blue-callback-guard-fn",
        "blue-sync-durable-fn",
        "blue-integration-pattern-cdk",
        "/aws/vendedlogs/states/blue-integration-pattern-cdk",
    }
    assert not physical_names(blue.template) & physical_names(template)


@pytest.mark.parametrize("prefix", ["", "a b", "-a", "1a", "a_b", "a" * 41, 5])
def test_a_prefix_that_cannot_be_in_a_name_is_refused(prefix: object) -> None:
    with pytest.raises(InvalidPrefix, match=r"prefix must be 1 to 40 letters.*, got "):
        app.build({"prefix": prefix})


def test_every_recommended_feature_flag_of_the_pinned_release_is_set() -> None:
    [bundle] = (Path(aws_cdk.__file__).parent / "_jsii").glob("aws-cdk-lib@*.tgz")
    with tarfile.open(bundle) as archive:
        member = archive.extractfile("package/recommended-feature-flags.json")
        assert member is not None
        recommended = json.load(member)
    context = json.loads((app.ROOT / "cdk.json").read_text())["context"]

    assert context == recommended
    assert context["@aws-cdk/core:validateAgainstDefaultRules"] is True
