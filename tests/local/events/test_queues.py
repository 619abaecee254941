# SPDX-License-Identifier: MIT-0
"""Queues as event sources: records, batches, failures, order, filters, and the function's role."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ...support.assemblies.event_apps import FAIL, EventApp, arn, event_app, noting, ref, resource
from ...support.assemblies.hand_made import Resources, role
from ...support.stacks.scenario import wait_until

READ = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
# Reports those messages as failed that say so, the first time.
REPORT = """
def act(event):
    failed = [
        {"itemIdentifier": each["messageId"]}
        for each in event["Records"]
        if each["body"] == "bad" or (each["body"] == "late" and _count(each) == 1)
    ]
    return {"batchItemFailures": failed}

def _count(each):
    return int(each["attributes"]["ApproximateReceiveCount"])
"""
# Fails the first batch that has "stop" in it.
STUMBLE = """
def act(event):
    counts = [each["attributes"]["ApproximateReceiveCount"] for each in event["Records"]]
    if any(each["body"] == "stop" for each in event["Records"]) and "1" in counts:
        raise ValueError("stumbled")
"""


def mapping(queue: str, name: str, **properties: Any) -> Resources:
    return resource(
        "Lambda::EventSourceMapping",
        EventSourceArn=arn(queue),
        FunctionName=ref(name),
        **properties,
    )


def redriven(dead: str, count: int, **properties: Any) -> Resources:
    policy = {"deadLetterTargetArn": arn(dead), "maxReceiveCount": count}
    return resource("SQS::Queue", RedrivePolicy=policy, **properties)


def resources(notes: Path) -> Resources:
    filters = {"Filters": [{"Pattern": json.dumps({"body": {"kind": ["order"]}})}]}
    return {
        "FunctionRole": role("lambda.amazonaws.com", *READ),
        "Dead": resource("SQS::Queue"),
        "Orders": resource("SQS::Queue"),
        "Taken": noting(notes, "Taken"),
        "OrdersMapping": mapping("Orders", "Taken", BatchSize=5),
        "Reported": redriven("Dead", 3),
        "Reporting": noting(notes, "Reporting", REPORT),
        "ReportedMapping": mapping(
            "Reported",
            "Reporting",
            FunctionResponseTypes=["ReportBatchItemFailures"],
            BatchSize=100,
            MaximumBatchingWindowInSeconds=1,
        ),
        "Failed": redriven("Dead", 2),
        "Failing": noting(notes, "Failing", FAIL),
        "FailedMapping": mapping("Failed", "Failing"),
        "Fifo": resource("SQS::Queue", FifoQueue=True, ContentBasedDeduplication=True),
        "Ordered": noting(notes, "Ordered", STUMBLE),
        "FifoMapping": mapping("Fifo", "Ordered", BatchSize=2),
        "Filtered": resource("SQS::Queue"),
        "Choosy": noting(notes, "Choosy"),
        "FilteredMapping": mapping("Filtered", "Choosy", FilterCriteria=filters),
        "Disabled": resource("SQS::Queue"),
        "DisabledMapping": mapping("Disabled", "Taken", Enabled=False),
    }


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventApp]:
    with event_app(tmp_path_factory.mktemp("queues"), resources) as ready:
        yield ready


def bodies(events: list[Any]) -> list[list[str]]:
    return [[record["body"] for record in event["Records"]] for event in events]


def test_a_record_has_the_shape_that_lambda_gives_it(app: EventApp) -> None:
    attributes = {
        "kind": {"DataType": "String", "StringValue": "new"},
        "raw": {"DataType": "Binary", "BinaryValue": b"\x00"},
    }
    sent = app.send("Orders", "first", MessageAttributes=attributes)
    [event] = app.wait_for_events("Taken", 1)
    [record] = event["Records"]
    handle, system = record.pop("receiptHandle"), record.pop("attributes")

    assert len(handle) > 100
    assert sorted(system) == [
        "ApproximateFirstReceiveTimestamp",
        "ApproximateReceiveCount",
        "SenderId",
        "SentTimestamp",
    ]
    assert system["ApproximateReceiveCount"] == "1"
    lists: dict[str, list[str]] = {"stringListValues": [], "binaryListValues": []}
    assert record == {
        "messageId": sent,
        "body": "first",
        "messageAttributes": {
            "kind": {"stringValue": "new", **lists, "dataType": "String"},
            "raw": {"binaryValue": "AA==", **lists, "dataType": "Binary"},
        },
        "md5OfBody": "8b04d5e3775d298e78455efc5ca404d5",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:Events-Orders",
        "awsRegion": "us-east-1",
    }
    wait_until(lambda: app.count("Orders") == 0, "the deletion of the message")


def test_a_batch_has_no_more_messages_than_the_mapping_says(app: EventApp) -> None:
    app.forget("Taken")
    entries = [{"Id": str(n), "MessageBody": str(n)} for n in range(10)]
    app.client("sqs").send_message_batch(QueueUrl=app.physical("Orders").ref, Entries=entries)
    wait_until(lambda: sum(map(len, bodies(app.noted("Taken")))) == 10, "ten records")
    batches = bodies(app.noted("Taken"))

    assert sorted(body for batch in batches for body in batch) == [str(n) for n in range(10)]
    assert all(len(batch) <= 5 for batch in batches)
    wait_until(lambda: app.count("Orders") == 0, "the deletion of the messages")


def test_messages_reported_as_failed_come_again_alone_and_end_in_the_dead_letter_queue(
    app: EventApp,
) -> None:
    entries = [{"Id": body, "MessageBody": body} for body in ("good", "late", "bad")]
    app.client("sqs").send_message_batch(QueueUrl=app.physical("Reported").ref, Entries=entries)
    dead = app.receive("Dead")
    received = [body for batch in bodies(app.noted("Reporting")) for body in batch]

    assert dead["Body"] == "bad"
    assert sorted(received) == ["bad", "bad", "bad", "good", "late", "late"]
    assert dead["Attributes"]["ApproximateReceiveCount"] == "4"
    wait_until(lambda: app.count("Reported") == 0, "an empty queue")


def test_a_function_that_fails_gets_the_message_until_it_is_redriven(app: EventApp) -> None:
    app.send("Failed", "poison")
    dead = app.receive("Dead")
    counts = [
        record["attributes"]["ApproximateReceiveCount"]
        for event in app.noted("Failing")
        for record in event["Records"]
    ]

    assert dead["Body"] == "poison"
    assert counts == ["1", "2"]


def test_a_group_of_a_fifo_queue_keeps_its_order_through_a_failure(app: EventApp) -> None:
    for body in ("one", "stop", "three", "four"):
        app.send("Fifo", body, MessageGroupId="group")
    wait_until(lambda: app.count("Fifo") == 0, "an empty queue")
    succeeded = [
        record["body"]
        for event in app.noted("Ordered")
        if not (
            "stop" in [each["body"] for each in event["Records"]]
            and "1" in [each["attributes"]["ApproximateReceiveCount"] for each in event["Records"]]
        )
        for record in event["Records"]
    ]
    group = {
        record["attributes"]["MessageGroupId"]
        for event in app.noted("Ordered")
        for record in event["Records"]
    }

    assert group == {"group"}
    assert list(dict.fromkeys(succeeded)) == ["one", "stop", "three", "four"]
    assert len(app.noted("Ordered")) > len(succeeded) / 2


def test_messages_that_no_filter_lets_through_are_deleted(app: EventApp) -> None:
    for body in ('{"kind": "note"}', "no JSON", '{"kind": "order"}'):
        app.send("Filtered", body)
    wait_until(lambda: app.count("Filtered") == 0, "an empty queue")

    assert bodies(app.noted("Choosy")) == [['{"kind": "order"}']]


def test_a_message_is_taken_when_its_delay_ends(app: EventApp) -> None:
    app.forget("Taken")
    app.send("Orders", "delayed", DelaySeconds=1)
    [event] = app.wait_for_events("Taken", 1)
    [record] = event["Records"]
    first = record["attributes"]["ApproximateFirstReceiveTimestamp"]
    waited = int(first) - int(record["attributes"]["SentTimestamp"])

    assert 1000 <= waited < 3000


def test_a_disabled_mapping_takes_nothing(app: EventApp) -> None:
    app.send("Disabled", "left")

    assert app.receive("Disabled")["Attributes"]["ApproximateReceiveCount"] == "1"


def test_the_role_of_the_function_must_be_allowed_to_read(
    app: EventApp, caplog: pytest.LogCaptureFixture
) -> None:
    iam = app.client("iam")
    deny = {"Effect": "Deny", "Action": "sqs:ReceiveMessage", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    who = {"RoleName": app.physical("FunctionRole").ref, "PolicyName": "deny"}
    iam.put_role_policy(**who, PolicyDocument=document)
    app.send("Orders", "unread")
    wait_until(lambda: "ReceiveMessage" in caplog.text, "a line in the log")
    iam.delete_role_policy(**who)
    [line] = [each.getMessage() for each in caplog.records if "Orders" in each.getMessage()]

    assert line == (
        "arn:aws:sqs:us-east-1:123456789012:Events-Orders to Taken: An error occurred "
        "(AccessDenied) when calling the ReceiveMessage operation (reached max retries: 0): User: "
        "arn:aws:sts::123456789012:assumed-role/Events-FunctionRole/local is not authorized to "
        "perform: sqs:ReceiveMessage on resource: "
        "arn:aws:sqs:us-east-1:123456789012:Events-Orders with an explicit deny in an "
        "identity-based policy"
    )
