# SPDX-License-Identifier: MIT-0
"""The part of the stack's contract that is about the callback guard."""

from pathlib import Path

import pytest

from local.environment import PROJECT

from ...support.assemblies.resources import (
    ASYNC,
    GUARD,
    TemplateDict,
    arn_of,
    function_id,
    only,
    statements,
)
from ..conftest import synthesize
from .conftest import leave_out_the_guard


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
    deployed = PROJECT / "lambda" / "callback_guard"

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
    leave_out_the_guard(monkeypatch)
    without = synthesize(tmp_path, {})

    assert without["Resources"] == {
        logical_id: resource
        for logical_id, resource in template["Resources"].items()
        if not logical_id.startswith("CallbackGuard")
    }
