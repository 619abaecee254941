# SPDX-License-Identifier: MIT-0
"""What of event sources, destinations and rules is refused at deployment, and in which words."""

import json
from pathlib import Path

import pytest

from local.errors import UsageError

from ...support.assemblies.event_apps import arn, event_app, noting, ref, resource
from ...support.assemblies.hand_made import Resources, role

HERE = "us-east-1:123456789012"
READ = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def mapping(source: object, **properties: object) -> Resources:
    names = {"FunctionName": ref("Function"), "EventSourceArn": source, **properties}
    return resource("Lambda::EventSourceMapping", **names)


def target(**properties: object) -> Resources:
    return resource(
        "Events::Rule",
        EventPattern={"source": ["shop"]},
        Targets=[{"Id": "0", "Arn": arn("Queue"), **properties}],
    )


def config(name: str, **properties: object) -> Resources:
    return resource(
        "Lambda::EventInvokeConfig", FunctionName=ref(name), Qualifier="$LATEST", **properties
    )


def common(notes: Path) -> Resources:
    return {
        "FunctionRole": role("lambda.amazonaws.com", *READ),
        "Function": noting(notes, "Function"),
        "Queue": resource("SQS::Queue"),
    }


def visible(notes: Path) -> Resources:
    """What the template alone shows."""
    pattern = {"Filters": [{"Pattern": json.dumps({"body": [{"about": 1}]})}]}
    both = {"Input": "{}", "InputPath": "$.detail"}
    return {
        **common(notes),
        "Url": resource("Lambda::Url", AuthType="NONE", TargetFunctionArn=ref("Function")),
        "Schedule": resource("Scheduler::Schedule", ScheduleExpression="rate(1 minute)"),
        "Filter": mapping(arn("Queue"), FilterCriteria=pattern),
        "Stream": mapping(arn("Queue"), StartingPosition="LATEST"),
        "Twice": target(**both),
        "Path": target(InputPath="$.detail[?(@.a)]"),
        "Nothing": resource("Events::Rule"),
        "Retries": config("Function", MaximumRetryAttempts=3),
    }


def created(notes: Path) -> Resources:
    """What shows when the resource is made."""
    return {
        **common(notes),
        "Machines": role("states.amazonaws.com"),
        "Poor": role("lambda.amazonaws.com"),
        "PoorFunction": noting(notes, "PoorFunction", role_id="Poor"),
        "SlowFunction": noting(notes, "SlowFunction", Timeout=60),
        "Long": noting(notes, "Long", DurableConfig={"ExecutionTimeout": 3600}),
        "Kinesis": mapping("arn:aws:kinesis:us-east-1:123456789012:stream/s"),
        "Batch": mapping(arn("Queue"), BatchSize=11),
        "Denied": mapping(arn("Queue"), FunctionName=ref("PoorFunction")),
        "Slow": mapping(arn("Queue"), FunctionName=ref("SlowFunction")),
        "Unqualified": mapping(arn("Queue"), FunctionName=ref("Long")),
        "Untrusted": target(RoleArn=arn("Machines")),
        "Destination": config(
            "Function", DestinationConfig={"OnFailure": {"Destination": arn("Queue")}}
        ),
        "Durable": config("Long", DestinationConfig={"OnSuccess": {"Destination": arn("Queue")}}),
        "Letters": noting(notes, "Letters", DeadLetterConfig={"TargetArn": arn("Queue")}),
    }


ROLE = "arn:aws:iam::123456789012:role/Events"
VISIBLE = [
    "Url (AWS::Lambda::Url): this type is not supported here",
    "Schedule (AWS::Scheduler::Schedule): this type is not supported here",
    "Filter (AWS::Lambda::EventSourceMapping): the property FilterCriteria: "
    "the pattern operator about is not supported here",
    "Stream (AWS::Lambda::EventSourceMapping): the property StartingPosition is not supported here",
    "Twice (AWS::Events::Rule): the property Targets: only one of Input, InputPath, "
    "InputTransformer may be given, got Input, InputPath",
    "Path (AWS::Events::Rule): the property Targets: the path $.detail[?(@.a)] is none that "
    "EventBridge takes",
    "Nothing (AWS::Events::Rule): the property EventPattern or ScheduleExpression is missing",
    "Retries (AWS::Lambda::EventInvokeConfig): the property MaximumRetryAttempts must be between "
    "0 and 2, got 3",
]
CREATED = [
    "Kinesis (AWS::Lambda::EventSourceMapping): the property EventSourceArn must be that of a "
    "queue here: arn:aws:kinesis:us-east-1:123456789012:stream/s",
    "Batch (AWS::Lambda::EventSourceMapping): the property MaximumBatchingWindowInSeconds must be "
    "at least 1 for a BatchSize of more than 10, got 0",
    "Denied (AWS::Lambda::EventSourceMapping): The provided execution role does not have "
    f"permissions to call ReceiveMessage on SQS ({ROLE}-Poor)",
    "Slow (AWS::Lambda::EventSourceMapping): Queue visibility timeout: 30 seconds is less than "
    "Function timeout: 60 seconds",
    "Unqualified (AWS::Lambda::EventSourceMapping): You cannot invoke a durable function using an "
    "unqualified ARN.",
    "Untrusted (AWS::Events::Rule): Provided role cannot be assumed by principal "
    f"'events.amazonaws.com'. ({ROLE}-Machines)",
    "Destination (AWS::Lambda::EventInvokeConfig): The provided execution role does not have "
    f"permissions to call sqs:SendMessage on the destination arn:aws:sqs:{HERE}:Events-Queue",
    "Durable (AWS::Lambda::EventInvokeConfig): the property DestinationConfig is not for durable "
    "functions",
    "Letters (AWS::Lambda::Function): The provided execution role does not have permissions to "
    f"call sqs:SendMessage on the dead-letter queue arn:aws:sqs:{HERE}:Events-Queue",
]


@pytest.mark.parametrize(("resources", "lines"), [(visible, VISIBLE), (created, CREATED)])
def test_what_is_not_supported_is_refused_at_once(
    tmp_path: Path, resources: object, lines: list[str]
) -> None:
    with pytest.raises(UsageError) as refused, event_app(tmp_path, resources):  # type: ignore[arg-type]
        pytest.fail("it was deployed")
    first, *found = str(refused.value).splitlines()

    assert first == f"{len(lines)} refusals:"
    assert sorted(line.strip() for line in found) == sorted(lines)
