# SPDX-License-Identifier: MIT-0
"""Probes: what they ask of Lambda is what its API takes, and nothing of them is left behind."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from cdk_stepfunction_durable_lambda_function.prefix import Prefix

from ...support.stacks.patience import ON_THIS_MACHINE
from ...support.stacks.probe import Ended, probe
from ...support.stacks.target import refuse_probes

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f:1/durable-execution/name/id"
LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:layer:1"
CONFIGURATION = {
    "Role": "arn:aws:iam::123456789012:role/order",
    "Runtime": "python3.14",
    "Architectures": ["arm64"],
    "Layers": [{"Arn": LAYER}],
    "MemorySize": 1024,
}
RUNNING: dict[str, Any] = {
    "DurableExecutionArn": ARN,
    "DurableExecutionName": "name",
    "FunctionArn": ARN.split("/")[0],
    "StartTimestamp": 1,
    "Status": "RUNNING",
}
CREATED = {
    **{key: CONFIGURATION[key] for key in ("Role", "Runtime", "Architectures", "MemorySize")},
    "FunctionName": ANY,
    "Description": ANY,
    "Layers": [LAYER],
    "Handler": "index.handler",
    "Code": {"ZipFile": ANY},
    "Timeout": 30,
    "DurableConfig": {"ExecutionTimeout": 600, "RetentionPeriodInDays": 1},
    "Publish": True,
}


@pytest.fixture
def lambda_() -> Iterator[Stubber]:
    """Lambda, which takes only what its model has, and in this order."""
    client = boto3.client(
        "lambda", region_name="us-east-1", aws_access_key_id="-", aws_secret_access_key="-"
    )
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def expect(stubber: Stubber, method: str, answer: dict[str, Any], **arguments: Any) -> None:
    stubber.add_response(method, answer, arguments)


def test_a_probe_is_made_like_the_orders_function_and_deleted_with_what_runs_of_it(
    lambda_: Stubber,
) -> None:
    expect(lambda_, "get_function_configuration", CONFIGURATION, FunctionName="order:1")
    expect(lambda_, "create_function", {}, **CREATED)
    expect(lambda_, "get_function_configuration", {"State": "Active"}, FunctionName=ANY)
    expect(
        lambda_,
        "invoke",
        {"StatusCode": 202, "DurableExecutionArn": ARN},
        FunctionName=ANY,
        InvocationType="Event",
        DurableExecutionName=ANY,
        Payload=b"{}",
    )
    ended = {**RUNNING, "Status": "TIMED_OUT"}
    for answer in (RUNNING, ended):
        expect(lambda_, "get_durable_execution", answer, DurableExecutionArn=ARN)
    events = [{"EventType": "ExecutionStarted"}, *[{"EventType": "InvocationCompleted"}] * 9]
    expect(lambda_, "get_durable_execution_history", {"Events": events}, DurableExecutionArn=ARN)
    expect(lambda_, "get_function_configuration", {}, FunctionName=ANY)
    expect(
        lambda_,
        "list_durable_executions_by_function",
        {"DurableExecutions": [RUNNING]},
        FunctionName=ANY,
        Statuses=["RUNNING", "PAUSED"],
    )
    expect(lambda_, "stop_durable_execution", {"StopTimestamp": 2}, DurableExecutionArn=ARN)
    expect(lambda_, "delete_function", {}, FunctionName=ANY)
    stack: Any = SimpleNamespace(
        lambda_=lambda_.client,
        prefix=Prefix("blue"),
        async_function="order",
        version=lambda name: f"{name}:1",
    )

    with probe(stack, "code", 600, ON_THIS_MACHINE) as function:
        crashed = function.ended(function.start())

    assert function.name.startswith("blue-probe-")
    assert crashed == Ended("TIMED_OUT", None, [event["EventType"] for event in events])
    assert crashed.invocations == 9


def test_probes_are_refused_without_aws() -> None:
    options: Any = SimpleNamespace(getoption={"probes": True, "target": "local"}.__getitem__)

    with pytest.raises(pytest.UsageError, match="--probes needs --target aws"):
        refuse_probes(options)
