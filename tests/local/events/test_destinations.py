# SPDX-License-Identifier: MIT-0
"""Asynchronous invocations: retries, destinations and dead-letter queues."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ...support.assemblies.event_apps import (
    FAIL,
    EventApp,
    arn,
    event_app,
    noting,
    permission,
    ref,
    resource,
)
from ...support.assemblies.hand_made import Resources, role

HERE = "us-east-1:123456789012"


def config(name: str, **properties: object) -> Resources:
    return resource(
        "Lambda::EventInvokeConfig", FunctionName=ref(name), Qualifier="$LATEST", **properties
    )


def resources(notes: Path) -> Resources:
    send = ("sqs:SendMessage", "sns:Publish", "events:PutEvents", "lambda:InvokeFunction")
    listens = {"source": ["lambda"]}
    return {
        "FunctionRole": role("lambda.amazonaws.com", *send),
        "Results": resource("SQS::Queue"),
        "Errors": resource("SQS::Queue"),
        "Dead": resource("SQS::Queue"),
        "Bus": resource("Events::EventBus", Name="results"),
        "Heard": noting(notes, "Heard"),
        "Next": noting(notes, "Next"),
        "Rule": resource(
            "Events::Rule",
            EventBusName=ref("Bus"),
            EventPattern=listens,
            Targets=[{"Id": "0", "Arn": arn("Heard")}],
        ),
        "RulePermission": permission("Heard", "events", arn("Rule")),
        "Works": noting(notes, "Works"),
        "WorksConfig": config(
            "Works", DestinationConfig={"OnSuccess": {"Destination": arn("Results")}}
        ),
        "Fails": noting(notes, "Fails", FAIL, DeadLetterConfig={"TargetArn": arn("Dead")}),
        "FailsConfig": config(
            "Fails",
            MaximumRetryAttempts=1,
            DestinationConfig={"OnFailure": {"Destination": arn("Errors")}},
        ),
        "Tells": noting(notes, "Tells", FAIL),
        "TellsConfig": config(
            "Tells",
            MaximumEventAgeInSeconds=60,
            DestinationConfig={"OnFailure": {"Destination": arn("Bus")}},
        ),
        "First": noting(notes, "First"),
        "FirstConfig": config(
            "First", DestinationConfig={"OnSuccess": {"Destination": arn("Next")}}
        ),
    }


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventApp]:
    with event_app(tmp_path_factory.mktemp("destinations"), resources) as ready:
        yield ready


def invoke(app: EventApp, name: str, event: object) -> None:
    app.client("lambda").invoke(
        FunctionName=name, InvocationType="Event", Payload=json.dumps(event)
    )


def test_a_result_goes_to_the_destination_of_success(app: EventApp) -> None:
    invoke(app, "Works", {"n": 1})
    record = json.loads(app.receive("Results")["Body"])
    assert record.pop("timestamp").endswith("Z")
    assert len(record["requestContext"].pop("requestId")) == 36

    assert record == {
        "version": "1.0",
        "requestContext": {
            "functionArn": f"arn:aws:lambda:{HERE}:function:Works:$LATEST",
            "condition": "Success",
            "approximateInvokeCount": 1,
        },
        "requestPayload": {"n": 1},
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST"},
        "responsePayload": {"done": True},
    }


def test_an_error_goes_to_the_destination_of_failure_and_the_event_to_the_dead_letter_queue(
    app: EventApp,
) -> None:
    invoke(app, "Fails", {"n": 2})
    record, letter = json.loads(app.receive("Errors")["Body"]), app.receive("Dead")
    attributes = letter["MessageAttributes"]

    assert app.noted("Fails") == [{"n": 2}, {"n": 2}]
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["responseContext"]["functionError"] == "Unhandled"
    assert record["responsePayload"]["errorMessage"] == "broken"
    assert json.loads(letter["Body"]) == {"n": 2}
    assert attributes["RequestID"]["StringValue"] == record["requestContext"]["requestId"]
    assert attributes["ErrorCode"] == {"DataType": "Number", "StringValue": "200"}
    assert attributes["ErrorMessage"]["StringValue"] == "broken"


def test_a_bus_as_destination_gets_an_event_and_age_ends_the_retries(app: EventApp) -> None:
    invoke(app, "Tells", {"n": 3})
    [event] = app.wait_for_events("Heard", 1)
    function = f"arn:aws:lambda:{HERE}:function:Tells:$LATEST"

    assert event["detail-type"] == "Lambda Function Invocation Result - Failure"
    assert event["resources"] == [f"arn:aws:events:{HERE}:event-bus/results", function]
    assert event["detail"]["requestContext"]["condition"] == "EventAgeExceeded"
    assert event["detail"]["requestContext"]["approximateInvokeCount"] == 2


def test_a_function_as_destination_gets_the_record(app: EventApp) -> None:
    invoke(app, "First", {"n": 4})
    [record] = app.wait_for_events("Next", 1)

    assert (record["requestPayload"], record["responsePayload"]) == ({"n": 4}, {"done": True})
