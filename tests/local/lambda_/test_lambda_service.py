# SPDX-License-Identifier: MIT-0
"""Lambda's rules for invoking durable functions."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from ...support.stacks.scenario import ASYNC, SYNC, Scenario

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"


@pytest.mark.parametrize(
    ("function", "invocation_type", "code", "message"),
    [
        (
            "arn:aws:lambda:eu-west-1:123456789012:function:f:1",
            "Event",
            "ResourceNotFoundException",
            "Function not found: arn:aws:lambda:eu-west-1:123456789012:function:f:1",
        ),
        (
            f"{SYNC}:1",
            "Sideways",
            "InvalidParameterValueException",
            "InvocationType must be one of RequestResponse, Event, DryRun",
        ),
        (f"{SYNC}:9", "Event", "ResourceNotFoundException", f"Function not found: {ARN}{SYNC}:9"),
        ("nobody:1", "Event", "ResourceNotFoundException", f"Function not found: {ARN}nobody:1"),
    ],
)
def test_what_lambda_refuses_is_refused(
    scenario: Scenario, function: str, invocation_type: str, code: str, message: str
) -> None:
    with pytest.raises(ClientError) as refused:
        scenario.lambda_.invoke(FunctionName=function, InvocationType=invocation_type)

    assert refused.value.response["Error"] == {"Code": code, "Message": message}


@pytest.mark.parametrize(
    ("invocation_type", "limit"), [("RequestResponse", 6_291_456), ("Event", 1_048_576)]
)
def test_a_payload_over_the_limit_is_refused(
    scenario: Scenario, invocation_type: str, limit: int
) -> None:
    payload = json.dumps("x" * (limit - 1))
    with pytest.raises(ClientError) as refused:
        scenario.lambda_.invoke(
            FunctionName=f"{SYNC}:1", InvocationType=invocation_type, Payload=payload
        )

    assert refused.value.response["Error"] == {
        "Code": "RequestTooLargeException",
        "Message": f"{limit + 1} byte payload is too large for the {invocation_type} invocation "
        f"type (limit {limit} bytes)",
    }


def test_a_version_tells_the_architecture_its_price_depends_on(scenario: Scenario) -> None:
    told = scenario.lambda_.get_function_configuration(FunctionName=f"{ASYNC}:1")

    assert told["Architectures"] == ["arm64"]


def test_the_configuration_of_asynchronous_invocations_is_a_versions_own(
    scenario: Scenario,
) -> None:
    told = scenario.lambda_.get_function_event_invoke_config(FunctionName=ASYNC, Qualifier="1")
    del told["ResponseMetadata"]
    with pytest.raises(ClientError) as refused:
        scenario.lambda_.get_function_event_invoke_config(FunctionName=ASYNC)

    assert told == {
        "FunctionArn": f"{ARN}{ASYNC}:1",
        "MaximumRetryAttempts": 2,
        "MaximumEventAgeInSeconds": 3600,
        "DestinationConfig": {"OnSuccess": {}, "OnFailure": {}},
    }
    assert refused.value.response["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": f"The function {ARN}{ASYNC} doesn't have an EventInvokeConfig",
    }


@pytest.mark.parametrize(
    "function",
    [
        f"{SYNC}:1",
        f"function:{SYNC}:1",
        f"123456789012:function:{SYNC}:1",
        f"arn:aws:lambda:us-east-1:123456789012:function:{SYNC}:1",
    ],
)
def test_names_partial_and_full_arns_all_reach_the_version(
    scenario: Scenario, function: str
) -> None:
    answer = scenario.lambda_.invoke(FunctionName=function, Payload=b'{"order_id": "order-1"}')

    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "1")
    assert json.load(answer["Payload"])["order_id"] == "order-1"


def test_a_durable_execution_has_an_arn_like_lambdas(scenario: Scenario) -> None:
    answer = scenario.lambda_.invoke(
        FunctionName=f"{SYNC}:1",
        InvocationType="Event",
        DurableExecutionName="my-name",
        Payload=b"{}",
    )

    assert answer["StatusCode"] == 202
    assert re.fullmatch(
        rf"arn:aws:lambda:us-east-1:123456789012:function:{SYNC}:1/durable-execution/my-name/\S+",
        answer["DurableExecutionArn"],
    )


def test_an_unknown_durable_execution_is_not_found(scenario: Scenario) -> None:
    with pytest.raises(ClientError) as refused:
        scenario.lambda_.get_durable_execution(
            DurableExecutionArn="arn:aws:lambda:us-east-1:123456789012:function:f:1"
            "/durable-execution/n/i"
        )

    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_payload_that_is_no_json_is_refused(scenario: Scenario) -> None:
    with pytest.raises(scenario.lambda_.exceptions.InvalidRequestContentException):
        scenario.lambda_.invoke(FunctionName=f"{SYNC}:1", Payload=b"{nonsense")


def test_a_dry_run_runs_nothing(scenario: Scenario) -> None:
    scenario.ended_durable_executions(SYNC)
    answer = scenario.lambda_.invoke(
        FunctionName=f"{SYNC}:1", InvocationType="DryRun", Payload=b"{}"
    )

    assert answer["StatusCode"] == 204
    assert scenario.ended_durable_executions(SYNC) == []


def test_a_durable_executions_name_stands_for_one_execution(scenario: Scenario) -> None:
    def invoke(payload: bytes) -> str:
        answer = scenario.lambda_.invoke(
            FunctionName=f"{SYNC}:1",
            InvocationType="Event",
            DurableExecutionName="only-once",
            Payload=payload,
        )
        return str(answer["DurableExecutionArn"])

    first, again = invoke(b'{"order_id": "1"}'), invoke(b'{ "order_id": "1" }')
    with pytest.raises(ClientError) as refused:
        invoke(b'{"order_id": "2"}')

    assert first == again
    assert refused.value.response["Error"]["Code"] == "DurableExecutionAlreadyStartedException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_two_qualifiers_that_differ_are_refused(scenario: Scenario) -> None:
    with pytest.raises(scenario.lambda_.exceptions.InvalidParameterValueException):
        scenario.lambda_.get_function(FunctionName=f"{SYNC}:1", Qualifier="2")


@pytest.mark.parametrize("payload", [b"\xff", b'{"a": NaN}'])
def test_what_is_nearly_json_is_refused_too(scenario: Scenario, payload: bytes) -> None:
    with pytest.raises(scenario.lambda_.exceptions.InvalidRequestContentException):
        scenario.lambda_.invoke(FunctionName=f"{SYNC}:1", Payload=payload)


def listed(scenario: Scenario, **arguments: object) -> list[str]:
    answer = scenario.lambda_.list_durable_executions_by_function(FunctionName=SYNC, **arguments)
    return [execution["Status"] for execution in answer["DurableExecutions"]]


def test_a_listing_is_what_was_asked_for(scenario: Scenario) -> None:
    for payload in (b"{}", b'{"order_id": "1"}'):
        scenario.lambda_.invoke(FunctionName=f"{SYNC}:1", Payload=payload)
    everything = listed(scenario)
    pages = scenario.lambda_.get_paginator("list_durable_executions_by_function").paginate(
        FunctionName=SYNC, PaginationConfig={"PageSize": 1}
    )
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    assert set(listed(scenario, Statuses=["FAILED"])) == {"FAILED"}
    assert set(listed(scenario, Statuses=["FAILED", "SUCCEEDED"])) == {"FAILED", "SUCCEEDED"}
    assert listed(scenario, Statuses=["RUNNING"]) == []
    assert listed(scenario, Qualifier="1") == everything
    # The newest come first, unless the oldest are asked for.
    assert everything[:2] == ["SUCCEEDED", "FAILED"]
    assert listed(scenario, ReverseOrder=True) == everything[::-1]
    assert listed(scenario, StartedAfter=datetime(2026, 1, 1, tzinfo=UTC)) == everything
    assert listed(scenario, StartedAfter=tomorrow + timedelta(days=365)) == []
    assert [len(page["DurableExecutions"]) for page in pages] == [1] * len(everything)
    with pytest.raises(scenario.lambda_.exceptions.InvalidParameterValueException):
        listed(scenario, Statuses=["BOGUS"])
    with pytest.raises(scenario.lambda_.exceptions.InvalidParameterValueException):
        listed(scenario, Marker="zzz")
