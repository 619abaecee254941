# SPDX-License-Identifier: MIT-0
"""The stack with `-c start_once=true` and a key for its durable data: template and behaviour."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Response

from local.endpoint.interception import intercepting

from ..support.assemblies.resources import definition, only, statements
from ..support.assemblies.variants import synthesized
from ..support.project.differences import differences
from ..support.stacks.histories import ABANDONED, FULFILLED, Finished
from ..support.stacks.scenario import ASYNC, SYNC, Scenario, deployed
from .faults.injection import Faults, Serve, refusal, refused

MINUTES = {"minutes_to_wait": 20}
KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b"
ASYNC_STATE, SYNC_STATE = (
    "Async Durable Lambda Fn Invoke",
    "Synchronous Durable Lambda Fn Invoke",
)
ORDER_KEY = (
    "$substring($hash($states.context.Execution.Id & '/' & $states.context.Execution.StartTime"
    " & '/' & $states.context.State.Name, 'SHA-256'), 0, 32)"
)
NAME = (
    "$substring($replace($states.context.Execution.Name, /[^A-Za-z0-9_-]/, '-'), 0, 24) & '-'"
    f" & $string($states.context.Execution.RedriveCount) & '-' & {ORDER_KEY}"
)


@pytest.fixture(scope="module")
def variant(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    context = {"start_once": "true", "durable_key_arn": KEY}
    return synthesized(assembly, tmp_path_factory.mktemp("variant"), context)


@pytest.fixture(scope="module")
def template(variant: Path) -> dict[str, Any]:
    [path] = variant.glob("*.template.json")
    document: dict[str, Any] = json.loads(path.read_text())
    return document


@pytest.fixture(scope="module")
def scenario(variant: Path) -> Iterator[Scenario]:
    with deployed(variant) as ready:
        yield ready


@pytest.fixture
def faults(scenario: Scenario) -> Iterator[Faults]:
    endpoint = scenario.deployment.endpoint
    injected = Faults(endpoint)
    with intercepting(endpoint, injected.intercept, injected.invoke):
        yield injected
    assert injected.outstanding() == []


def redrive(scenario: Scenario, execution: str) -> Finished:
    scenario.step_functions.redrive_execution(executionArn=execution)
    return scenario.finished(execution)


def name_of(arn: str) -> str:
    return arn.split("/")[2]


def test_the_state_names_its_durable_execution_and_its_order(template: dict[str, Any]) -> None:
    state = definition(template)["States"][ASYNC_STATE]
    retried = [retrier["ErrorEquals"] for retrier in state.pop("Retry")]

    assert retried == [
        ["Lambda.TooManyRequestsException"],
        ["Lambda.ServiceException", "Lambda.SdkClientException"],
    ]
    expected = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:lambda:invoke.waitForTaskToken",
        "Arguments": {
            "FunctionName": f"{ASYNC}:1",
            "InvocationType": "Event",
            "DurableExecutionName": f"{{% {NAME} %}}",
            "Payload": {
                "TaskToken": "{% $states.context.Task.Token %}",
                "minutes_to_wait": "{% $states.input.minutes_to_wait %}",
                "order_key": f"{{% {ORDER_KEY} %}}",
            },
        },
        "HeartbeatSeconds": 3600,
        "Output": "{% $states.result %}",
        "Next": SYNC_STATE,
    }
    assert differences(state, expected) == []


def test_the_roles_may_decrypt_with_the_key_through_lambda(template: dict[str, Any]) -> None:
    functions = [
        each["Properties"]
        for each in template["Resources"].values()
        if each["Type"] == "AWS::Lambda::Function"
    ]
    through = {"Fn::Join": [".", ["lambda", {"Ref": "AWS::Region"}, {"Ref": "AWS::URLSuffix"}]]}
    decrypt = {
        "Action": "kms:Decrypt",
        "Condition": {"StringEquals": {"kms:ViaService": through}},
        "Effect": "Allow",
        "Resource": KEY,
    }

    keys = {each["FunctionName"]: each.get("DurableConfig", {}) for each in functions}
    assert {name: config.get("KMSKeyArn") for name, config in keys.items()} == {
        ASYNC: KEY,
        SYNC: KEY,
        "sfn-dfn-callback-guard-fn": None,
    }
    for each in functions:
        assert decrypt in statements(template, each["Role"]["Fn::GetAtt"][0])
    machine = only(template, "StepFunctions::StateMachine")[1]["RoleArn"]["Fn::GetAtt"][0]
    assert decrypt not in statements(template, machine)


def test_an_execution_runs_and_its_data_shows_the_key(scenario: Scenario) -> None:
    arn = scenario.step_functions.start_execution(
        stateMachineArn=scenario.state_machine,
        # As long as a name may be, and with a character that a durable execution's may not have.
        name="order.7" + "x" * 73,
        input=json.dumps(MINUTES),
    )["executionArn"]
    finished = scenario.finished(arn)
    [order], [invoice] = finished.asynchronous, finished.synchronous
    name = name_of(order.arn)
    described = scenario.lambda_.get_durable_execution(DurableExecutionArn=order.arn)
    listed = scenario.lambda_.list_durable_executions_by_function(FunctionName=ASYNC)
    function = scenario.lambda_.get_function_configuration(FunctionName=ASYNC)

    assert finished.outcome.status == "SUCCEEDED"
    assert order.story() == FULFILLED
    assert name.startswith(f"order-7{'x' * 17}-0-")
    assert len(name) <= 64
    assert order.result["order_id"] == f"order-{name.rsplit('-', 1)[1]}"
    assert invoice.result["order_id"] == order.result["order_id"]
    assert described["DurableConfig"]["KMSKeyArn"] == KEY
    assert listed["DurableExecutions"][0]["KMSKeyArn"] == KEY
    assert function["DurableConfig"]["KMSKeyArn"] == KEY


def test_a_second_delivery_joins_the_first_durable_execution(
    scenario: Scenario, faults: Faults
) -> None:
    def twice(serve: Serve) -> Any:
        first, second = serve(), serve()
        header = "X-Amz-Durable-Execution-Arn"
        assert first.headers[header] == second.headers[header]
        return second

    faults.inject("Invoke", twice)
    finished = scenario.run(MINUTES)
    [order] = finished.asynchronous

    assert finished.outcome.status == "SUCCEEDED"
    assert order.story() == FULFILLED
    assert faults.accepted("SendTaskSuccess") == 1


def unknown(_serve: Serve) -> Response:
    """The invocation may have started the durable execution, or not: here, it has not."""
    return refusal("ServiceException", 500, "We are sorry")


def test_a_retry_starts_what_was_not_started(scenario: Scenario, faults: Faults) -> None:
    faults.inject("Invoke", unknown)
    finished = scenario.run(MINUTES)

    assert finished.outcome.status == "SUCCEEDED"
    assert finished.types().count("TaskFailed") == 1
    assert [each.story() for each in finished.asynchronous] == [FULFILLED]


def test_a_retry_never_starts_a_second_durable_execution(
    scenario: Scenario, faults: Faults
) -> None:
    """The payload of a retry has a new token, so that the retry cannot join: it is refused."""

    def started(serve: Serve) -> Response:
        serve()
        return unknown(serve)

    faults.inject("Invoke", started)
    failed = scenario.run(MINUTES)
    again = redrive(scenario, failed.execution)
    [first], [second] = failed.asynchronous, again.asynchronous

    assert (failed.outcome.status, failed.outcome.error) == (
        "FAILED",
        "Lambda.DurableExecutionAlreadyStartedException",
    )
    assert first.story() == ABANDONED
    assert again.outcome.status == "SUCCEEDED"
    assert second.result["order_id"] == first.result["order_id"]
    assert name_of(second.arn) == name_of(first.arn).replace("-0-", "-1-")


def test_a_redrive_after_a_failed_fulfilment_is_of_the_same_order(
    scenario: Scenario, faults: Faults
) -> None:
    faults.inject("SendTaskSuccess", refused("InvalidOutput"))
    failed = scenario.run(MINUTES)
    again = redrive(scenario, failed.execution)
    [first], [second] = failed.asynchronous, again.asynchronous
    created = json.dumps(first.events, default=str)

    assert (failed.outcome.status, again.outcome.status) == ("FAILED", "SUCCEEDED")
    assert (first.status, second.status) == ("FAILED", "SUCCEEDED")
    # Both effects happen again, with the id of the same order: their receivers can tell.
    assert second.story() == FULFILLED
    assert second.result["order_id"] in created
    assert second.result["notification"] in created
