# SPDX-License-Identifier: MIT-0
"""Rules: their targets, inputs, retries, dead-letter queues and permissions."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.endpoint.error_response import error_response

from ...support.assemblies.event_apps import (
    EventApp,
    arn,
    event_app,
    noting,
    permission,
    queue_policy,
    ref,
    resource,
)
from ...support.assemblies.hand_made import Resources, role, state_machine
from ...support.stacks.scenario import wait_until

HERE = "us-east-1:123456789012"
TEMPLATE = '{"id": <id>, "text": "order <id>: \\"<note>\\"", "rule": "<aws.events.rule-name>"}'


def rule(kind: str, *targets: Resources, **properties: Any) -> Resources:
    numbered = [{"Id": str(number), **target} for number, target in enumerate(targets)]
    pattern = {"detail-type": [kind]}
    return resource("Events::Rule", EventPattern=pattern, Targets=numbered, **properties)


def resources(notes: Path) -> Resources:
    transformer = {
        "InputPathsMap": {"id": "$.detail.id", "note": "$.detail.notes[0]"},
        "InputTemplate": TEMPLATE,
    }
    topic_statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": ref("Topic"),
    }
    dead = {"DeadLetterConfig": {"Arn": arn("Dead")}}
    return {
        "FunctionRole": role("lambda.amazonaws.com"),
        "MachineRole": role("states.amazonaws.com"),
        "StartRole": role("events.amazonaws.com", "states:StartExecution", "events:PutEvents"),
        "IdleRole": role("events.amazonaws.com"),
        "Machine": state_machine(
            {"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}, StateMachineName="machine"
        ),
        "Whole": noting(notes, "Whole"),
        "Forbidden": noting(notes, "Forbidden"),
        "Queue": resource("SQS::Queue"),
        "Dead": resource("SQS::Queue"),
        "Closed": resource("SQS::Queue"),
        "Topic": resource("SNS::Topic"),
        "Mail": resource("SQS::Queue"),
        "Subscription": resource(
            "SNS::Subscription",
            TopicArn=ref("Topic"),
            Protocol="sqs",
            Endpoint=arn("Mail"),
            RawMessageDelivery=True,
        ),
        "MailPolicy": queue_policy("Mail", "sns", ref("Topic")),
        "TopicPolicy": resource(
            "SNS::TopicPolicy",
            Topics=[ref("Topic")],
            PolicyDocument={"Version": "2012-10-17", "Statement": [topic_statement]},
        ),
        "Bus": resource("Events::EventBus", Name="orders"),
        "All": rule(
            "all",
            {"Arn": arn("Whole")},
            {"Arn": ref("Machine"), "RoleArn": arn("StartRole"), "InputPath": "$.detail"},
            {"Arn": arn("Queue"), "InputTransformer": transformer},
            {"Arn": ref("Topic"), "Input": '"constant"'},
        ),
        "AllPermission": permission("Whole", "events", arn("All")),
        "QueuePolicy": queue_policy("Queue", "events", arn("All")),
        "DeadPolicy": queue_policy(
            "Dead", "events", {"Fn::Sub": "arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/*"}
        ),
        "Forward": rule("forward", {"Arn": arn("Bus"), "RoleArn": arn("StartRole")}),
        "Forwarded": rule("forward", {"Arn": arn("Whole")}, EventBusName=ref("Bus")),
        "ForwardedPermission": permission("Whole", "events", arn("Forwarded")),
        "Denied": rule(
            "denied",
            {"Arn": arn("Forbidden"), **dead},
            {"Arn": ref("Machine"), "RoleArn": arn("IdleRole"), **dead},
        ),
        "Lost": rule("lost", {"Arn": arn("Closed")}),
        "Retried": rule(
            "retried",
            {"Arn": arn("Whole"), "RetryPolicy": {"MaximumRetryAttempts": 2}, **dead},
        ),
        "RetriedPermission": permission("Whole", "events", arn("Retried")),
        "Off": rule("all", {"Arn": arn("Forbidden")}, State="DISABLED"),
        "Scheduled": resource(
            "Events::Rule",
            ScheduleExpression="rate(1 minute)",
            Targets=[{"Id": "0", "Arn": arn("Forbidden")}],
        ),
    }


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventApp]:
    with event_app(tmp_path_factory.mktemp("rules"), resources) as ready:
        yield ready


def put(app: EventApp, kind: str, **detail: Any) -> str:
    entry = {"Source": "shop", "DetailType": kind, "Detail": json.dumps(detail)}
    answer = app.client("events").put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 0
    return str(answer["Entries"][0]["EventId"])


def texts(message: dict[str, Any]) -> dict[str, str]:
    return {name: each["StringValue"] for name, each in message["MessageAttributes"].items()}


def test_a_rule_delivers_to_a_function_a_machine_a_queue_and_a_topic(app: EventApp) -> None:
    event_id = put(app, "all", id=7, notes=['a "b"'])
    [event] = app.wait_for_events("Whole", 1)
    machine = f"arn:aws:states:{HERE}:stateMachine:machine"
    step_functions = app.client("stepfunctions")
    wait_until(
        lambda: bool(step_functions.list_executions(stateMachineArn=machine)["executions"]),
        "an execution",
    )
    [execution] = step_functions.list_executions(stateMachineArn=machine)["executions"]
    described = step_functions.describe_execution(executionArn=execution["executionArn"])

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event.pop("time"))
    assert event == {
        "version": "0",
        "id": event_id,
        "detail-type": "all",
        "source": "shop",
        "account": "123456789012",
        "region": "us-east-1",
        "resources": [],
        "detail": {"id": 7, "notes": ['a "b"']},
    }
    assert json.loads(described["input"]) == {"id": 7, "notes": ['a "b"']}
    assert json.loads(app.receive("Queue")["Body"]) == {
        "id": 7,
        "text": 'order 7: "a "b""',
        "rule": "Events-All",
    }
    assert app.receive("Mail")["Body"] == '"constant"'


def test_an_event_goes_from_bus_to_bus(app: EventApp) -> None:
    app.forget("Whole")
    put(app, "forward", id=8)
    [event] = app.wait_for_events("Whole", 1)

    assert (event["source"], event["detail-type"], event["detail"]) == (
        "shop",
        "forward",
        {"id": 8},
    )


def test_a_target_that_no_policy_allows_sends_the_event_to_the_dead_letter_queue(
    app: EventApp,
) -> None:
    event_id = put(app, "denied", id=9)
    letters = [app.receive("Dead") for _ in range(2)]
    found = {texts(letter)["TARGET_ARN"]: texts(letter) for letter in letters}
    function, machine = (
        f"arn:aws:lambda:{HERE}:function:Forbidden",
        f"arn:aws:states:{HERE}:stateMachine:machine",
    )

    assert {json.loads(letter["Body"])["id"] for letter in letters} == {event_id}
    assert found[function] == {
        "RULE_ARN": f"arn:aws:events:{HERE}:rule/Events-Denied",
        "TARGET_ARN": function,
        "ERROR_CODE": "NO_PERMISSIONS",
        "ERROR_MESSAGE": "User: events.amazonaws.com is not authorized to perform: "
        f"lambda:InvokeFunction on resource: {function} because no resource-based policy allows "
        "the lambda:InvokeFunction action",
        "RETRY_ATTEMPTS": "0",
    }
    assert found[machine]["ERROR_MESSAGE"] == (
        "User: arn:aws:sts::123456789012:assumed-role/Events-IdleRole/local is not authorized to "
        f"perform: states:StartExecution on resource: {machine} because no identity-based policy "
        "allows the states:StartExecution action"
    )
    assert app.noted("Forbidden") == []


def test_an_event_without_a_dead_letter_queue_is_not_lost_in_silence(
    app: EventApp, caplog: pytest.LogCaptureFixture
) -> None:
    put(app, "lost")
    queue = f"arn:aws:sqs:{HERE}:Events-Closed"
    wait_until(lambda: queue in caplog.text, "a line in the log")

    assert caplog.messages == [
        f"arn:aws:events:{HERE}:rule/Events-Lost: an event was not delivered to {queue}: "
        f"AccessDenied: User: events.amazonaws.com is not authorized to perform: sqs:SendMessage "
        f"on resource: {queue} because no resource-based policy allows the sqs:SendMessage action"
    ]


def test_a_target_that_fails_for_a_while_is_tried_again_as_its_policy_says(app: EventApp) -> None:
    app.forget("Whole")
    gateway = app.deployment.endpoint.gateway
    serve, attempts = gateway.intercept, []

    def refuse(request: Any, answer: Any) -> Any:
        if "/invocations" in request.path:
            attempts.append(request.path)
            return error_response(request, "ServiceException", 503, "not now")
        return answer()

    gateway.intercept = refuse
    put(app, "retried")
    letter = texts(app.receive("Dead"))
    gateway.intercept = serve

    assert len(attempts) == 3
    assert letter["RETRY_ATTEMPTS"] == "2"
    assert letter["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
    assert letter["ERROR_CODE"] == "ERROR_FROM_TARGET"


def test_a_schedule_is_listed_as_without_effect_and_matches_no_event(app: EventApp) -> None:
    assert app.deployment.omissions == ["AWS::Events::Rule: ScheduleExpression"]
    assert app.noted("Forbidden") == []
