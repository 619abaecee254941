# SPDX-License-Identifier: MIT-0
"""Topics: the form in which functions and queues receive a message, and the permission for it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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
from ...support.assemblies.hand_made import Resources, role
from ...support.stacks.scenario import wait_until

HERE = "us-east-1:123456789012"
ATTRIBUTES = {"kind": {"DataType": "String", "StringValue": "order"}}


def subscription(topic: str, protocol: str, endpoint: str, **properties: Any) -> Resources:
    return resource(
        "SNS::Subscription",
        TopicArn=ref(topic),
        Protocol=protocol,
        Endpoint=arn(endpoint),
        **properties,
    )


def resources(notes: Path) -> Resources:
    return {
        "FunctionRole": role("lambda.amazonaws.com"),
        "Topic": resource("SNS::Topic"),
        "Told": noting(notes, "Told"),
        "ToldPermission": permission("Told", "sns", ref("Topic")),
        "ToldSubscription": subscription("Topic", "lambda", "Told"),
        "Forbidden": noting(notes, "Forbidden"),
        "Dead": resource("SQS::Queue"),
        "DeadPolicy": queue_policy("Dead", "sns", ref("Topic")),
        "ForbiddenSubscription": subscription(
            "Topic", "lambda", "Forbidden", RedrivePolicy={"deadLetterTargetArn": arn("Dead")}
        ),
        "Queue": resource("SQS::Queue"),
        "QueuePolicy": queue_policy("Queue", "sns", ref("Topic")),
        "QueueSubscription": subscription("Topic", "sqs", "Queue"),
        "Raw": resource("SQS::Queue"),
        "RawPolicy": queue_policy("Raw", "sns", ref("Topic")),
        "RawSubscription": subscription(
            "Topic", "sqs", "Raw", RawMessageDelivery=True, FilterPolicy={"kind": ["order"]}
        ),
        "Body": resource("SQS::Queue"),
        "BodyPolicy": queue_policy("Body", "sns", ref("Topic")),
        "BodySubscription": subscription(
            "Topic",
            "sqs",
            "Body",
            RawMessageDelivery=True,
            FilterPolicy={"n": [{"numeric": [">", 1]}]},
            FilterPolicyScope="MessageBody",
        ),
        "Closed": resource("SQS::Queue"),
        "ClosedSubscription": subscription("Topic", "sqs", "Closed"),
        "FifoTopic": resource("SNS::Topic", FifoTopic=True, ContentBasedDeduplication=True),
        "Fifo": resource("SQS::Queue", FifoQueue=True),
        "FifoPolicy": queue_policy("Fifo", "sns", ref("FifoTopic")),
        "FifoSubscription": subscription("FifoTopic", "sqs", "Fifo", RawMessageDelivery=True),
    }


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventApp]:
    with event_app(tmp_path_factory.mktemp("topics"), resources) as ready:
        yield ready


@pytest.fixture(scope="module")
def published(app: EventApp) -> str:
    """The id of a message that all subscribers get, or would get."""
    answer = app.client("sns").publish(
        TopicArn=app.physical("Topic").ref,
        Message='{"n": 2}',
        Subject="news",
        MessageAttributes=ATTRIBUTES,
    )
    return str(answer["MessageId"])


def test_a_function_gets_the_record_of_a_notification(app: EventApp, published: str) -> None:
    [event] = app.wait_for_events("Told", 1)
    [record] = event["Records"]
    sns = record.pop("Sns")

    assert record == {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": app.physical("ToldSubscription").ref,
    }
    for name in ("Timestamp", "Signature", "SignatureVersion", "SigningCertUrl", "UnsubscribeUrl"):
        assert isinstance(sns.pop(name), str)
    assert sns == {
        "Type": "Notification",
        "MessageId": published,
        "TopicArn": f"arn:aws:sns:{HERE}:Events-Topic",
        "Subject": "news",
        "Message": '{"n": 2}',
        "MessageAttributes": {"kind": {"Type": "String", "Value": "order"}},
    }


def test_a_queue_gets_the_notification_as_json_or_the_raw_message(
    app: EventApp, published: str
) -> None:
    wrapped, raw = json.loads(app.receive("Queue")["Body"]), app.receive("Raw")

    assert (wrapped["MessageId"], wrapped["Message"]) == (published, '{"n": 2}')
    assert (raw["Body"], raw["MessageAttributes"]) == ('{"n": 2}', ATTRIBUTES)


def test_a_filter_policy_lets_no_other_message_through(app: EventApp, published: str) -> None:
    topic = app.physical("Topic").ref
    app.client("sns").publish(TopicArn=topic, Message='{"n": 3}')
    bodies = [app.receive("Body")["Body"] for _ in range(2)]

    assert bodies == ['{"n": 2}', '{"n": 3}']
    assert app.count("Raw") == 0


def test_a_function_without_a_permission_is_not_invoked(app: EventApp, published: str) -> None:
    letter = json.loads(app.receive("Dead")["Body"])

    assert letter["Records"][0]["Sns"]["MessageId"] == published
    assert app.noted("Forbidden") == []


def test_a_queue_without_a_policy_gets_nothing(
    app: EventApp, caplog: pytest.LogCaptureFixture
) -> None:
    app.client("sns").publish(TopicArn=app.physical("Topic").ref, Message="secret")
    queue = f"arn:aws:sqs:{HERE}:Events-Closed"
    wait_until(lambda: queue in caplog.text, "a line in the log")
    [line] = [each for each in caplog.messages if queue in each]

    assert app.count("Closed") == 0
    assert line.startswith(
        f"{app.physical('ClosedSubscription').ref}: an event was not delivered to {queue}: "
        "AccessDenied: User: sns.amazonaws.com is not authorized to perform: sqs:SendMessage"
    )
    assert "secret" not in line


def test_a_fifo_topic_keeps_groups_in_order(app: EventApp) -> None:
    for number in range(4):
        app.client("sns").publish(
            TopicArn=app.physical("FifoTopic").ref, Message=str(number), MessageGroupId="group"
        )
    received = [app.receive("Fifo") for _ in range(4)]

    assert [each["Body"] for each in received] == ["0", "1", "2", "3"]
    assert {each["Attributes"]["MessageGroupId"] for each in received} == {"group"}
