# SPDX-License-Identifier: MIT-0
"""The resource types that moto serves: Ref, attributes, names, and properties that count."""

import json
from typing import Any

import pytest

from local.cloudformation.deployment import Deployment
from local.cloudformation.templates.physical_resource import PhysicalResource

from ...support.stacks.scenario import wait_until
from .stack import ACCOUNT, STACK

HERE = f"us-east-1:{ACCOUNT}"


def physical(deployment: Deployment, logical_id: str) -> PhysicalResource:
    return deployment.stacks[STACK].resources[logical_id].physical


def client(deployment: Deployment, service: str) -> Any:
    return deployment.endpoint.client(service)


@pytest.mark.parametrize(
    ("logical_id", "ref", "attributes"),
    [
        (
            "GlobalTable",
            "Shop-GlobalTable",
            {"Arn": f"arn:aws:dynamodb:{HERE}:table/Shop-GlobalTable"},
        ),
        (
            "Queue",
            "{url}/123456789012/Shop-Queue",
            {
                "Arn": f"arn:aws:sqs:{HERE}:Shop-Queue",
                "QueueName": "Shop-Queue",
                "QueueUrl": "{url}/123456789012/Shop-Queue",
            },
        ),
        (
            "Fifo",
            "{url}/123456789012/Shop-Fifo.fifo",
            {"Arn": f"arn:aws:sqs:{HERE}:Shop-Fifo.fifo", "QueueName": "Shop-Fifo.fifo"},
        ),
        (
            "Topic",
            f"arn:aws:sns:{HERE}:Shop-Topic",
            {"TopicArn": f"arn:aws:sns:{HERE}:Shop-Topic", "TopicName": "Shop-Topic"},
        ),
        (
            "Bucket",
            "shop-bucket",
            {
                "Arn": "arn:aws:s3:::shop-bucket",
                "DomainName": "shop-bucket.s3.amazonaws.com",
                "RegionalDomainName": "shop-bucket.s3.us-east-1.amazonaws.com",
            },
        ),
        ("Parameter", "/shop/mode", {"Type": "String", "Value": "test"}),
        ("Alias", "alias/shop", {}),
        ("Bus", "orders", {"Arn": f"arn:aws:events:{HERE}:event-bus/orders", "Name": "orders"}),
        ("Rule", "orders|Shop-Rule", {"Arn": f"arn:aws:events:{HERE}:rule/orders/Shop-Rule"}),
        ("Alarm", "Shop-Alarm", {"Arn": f"arn:aws:cloudwatch:{HERE}:alarm:Shop-Alarm"}),
        ("Stream", "Shop-Stream", {}),
        ("Group", "Shop-Group", {"Arn": f"arn:aws:logs:{HERE}:log-group:Shop-Group:*"}),
        (
            "Activity",
            f"arn:aws:states:{HERE}:activity:pack",
            {"Arn": f"arn:aws:states:{HERE}:activity:pack", "Name": "pack"},
        ),
        ("User", "Shop-User", {"Arn": f"arn:aws:iam::{ACCOUNT}:user/Shop-User"}),
        ("Senders", f"arn:aws:iam::{ACCOUNT}:policy/Shop-Senders", {}),
        ("Retention", "/aws/lambda/sender", {"LogGroupName": "/aws/lambda/sender"}),
    ],
)
def test_refs_and_attributes_are_those_of_cloudformation(
    deployment: Deployment, logical_id: str, ref: str, attributes: dict[str, str]
) -> None:
    created = physical(deployment, logical_id)
    url = deployment.endpoint.url

    assert created.ref == ref.format(url=url)
    expected = {name: value.format(url=url) for name, value in attributes.items()}
    assert {name: created.attributes[name] for name in expected} == expected


def test_a_type_without_a_service_of_its_own_here_is_made_by_motos_model(
    deployment: Deployment,
) -> None:
    stream = physical(deployment, "Stream2")
    described = client(deployment, "kinesis").describe_stream_summary(StreamName="clicks")

    assert stream.attributes == {"Arn": f"arn:aws:kinesis:{HERE}:stream/clicks"}
    assert described["StreamDescriptionSummary"]["OpenShardCount"] == 1
    assert physical(deployment, "Images").ref == "images"


def test_a_network_has_ids_and_nothing_else(deployment: Deployment) -> None:
    vpc, subnet = physical(deployment, "Vpc"), physical(deployment, "Subnet")

    assert vpc.ref.startswith("vpc-")
    assert vpc.attributes["CidrBlock"] == "10.1.0.0/16"
    assert (subnet.attributes["VpcId"], subnet.attributes["CidrBlock"]) == (
        vpc.ref,
        "10.1.0.0/24",
    )
    assert physical(deployment, "SecurityGroup").attributes["GroupId"].startswith("sg-")


def test_ids_that_services_make_are_refs_too(deployment: Deployment) -> None:
    secret, key, table = (physical(deployment, name).ref for name in ("Secret", "Key", "Table"))
    stream = physical(deployment, "Table").attributes["StreamArn"]

    assert secret.startswith(f"arn:aws:secretsmanager:{HERE}:secret:Shop-Secret-")
    assert physical(deployment, "Key").attributes["Arn"] == f"arn:aws:kms:{HERE}:key/{key}"
    assert stream.startswith(f"arn:aws:dynamodb:{HERE}:table/{table}/stream/")


def test_a_table_has_its_index_and_its_stream(deployment: Deployment) -> None:
    table = client(deployment, "dynamodb").describe_table(TableName="Shop-Table")["Table"]

    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["by-customer"]
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


def test_a_message_received_too_often_goes_to_the_dead_letter_queue(
    deployment: Deployment,
) -> None:
    sqs = client(deployment, "sqs")
    queue, dead = physical(deployment, "Fifo").ref, physical(deployment, "Dead").ref
    sqs.send_message(QueueUrl=queue, MessageBody="bad", MessageGroupId="g")

    received = [sqs.receive_message(QueueUrl=queue).get("Messages", []) for _ in range(3)]

    assert [len(messages) for messages in received] == [1, 0, 0]
    [message] = sqs.receive_message(QueueUrl=dead)["Messages"]
    assert message["Body"] == "bad"


def test_a_topic_delivers_to_its_queue_as_the_subscription_says(deployment: Deployment) -> None:
    sns, sqs = client(deployment, "sns"), client(deployment, "sqs")
    topic, queue = physical(deployment, "Topic").ref, physical(deployment, "Queue").ref
    for kind in ("other", "order"):
        attributes = {"kind": {"DataType": "String", "StringValue": kind}}
        sns.publish(TopicArn=topic, Message=f"an {kind}", MessageAttributes=attributes)

    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=10)[
        "Messages"
    ]

    assert [message["Body"] for message in messages] == ["an order"]
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "Orders"


def test_a_bucket_keeps_versions(deployment: Deployment) -> None:
    s3 = client(deployment, "s3")
    for text in (b"1", b"2"):
        s3.put_object(Bucket="shop-bucket", Key="a b/c", Body=text)

    versions = s3.list_object_versions(Bucket="shop-bucket", Prefix="a b")["Versions"]
    assert [version["Key"] for version in versions] == ["a b/c", "a b/c"]
    assert s3.get_object(Bucket="shop-bucket", Key="a b/c")["Body"].read() == b"2"


def test_a_secret_is_generated_into_its_template(deployment: Deployment) -> None:
    secret = physical(deployment, "Secret").ref
    text = client(deployment, "secretsmanager").get_secret_value(SecretId=secret)["SecretString"]

    value = json.loads(text)
    assert (value["user"], len(value["password"])) == ("shop", 20)
    assert value["password"].isalnum()


def test_an_alias_stands_for_its_key(deployment: Deployment) -> None:
    kms = client(deployment, "kms")
    encrypted = kms.encrypt(KeyId="alias/shop", Plaintext=b"text")

    assert encrypted["KeyId"].endswith(physical(deployment, "Key").ref)
    assert kms.decrypt(CiphertextBlob=encrypted["CiphertextBlob"])["Plaintext"] == b"text"


def test_an_alarm_is_kept(deployment: Deployment) -> None:
    [alarm] = client(deployment, "cloudwatch").describe_alarms()["MetricAlarms"]

    assert (alarm["AlarmName"], alarm["MetricName"], alarm["Threshold"]) == (
        "Shop-Alarm",
        "Errors",
        1.0,
    )


def test_a_rule_is_on_its_bus(deployment: Deployment) -> None:
    [rule] = client(deployment, "events").list_rules(EventBusName="orders")["Rules"]

    assert (rule["Name"], json.loads(rule["EventPattern"])) == ("Shop-Rule", {"source": ["shop"]})


def test_a_handler_reaches_a_queue_by_its_url_and_its_own_client(deployment: Deployment) -> None:
    answer = client(deployment, "lambda").invoke(FunctionName="sender")
    payload = json.loads(answer["Payload"].read())

    assert payload == 200


def test_a_failed_event_is_repeated_as_often_as_the_function_says(deployment: Deployment) -> None:
    lambda_, sqs = client(deployment, "lambda"), client(deployment, "sqs")
    queues = {name: physical(deployment, name).ref for name in ("Tries", "OneTry")}
    for name in ("failing-once", "failing"):
        lambda_.invoke(FunctionName=name, InvocationType="Event")

    def tries(queue: str) -> int:
        found = sqs.get_queue_attributes(QueueUrl=queues[queue], AttributeNames=["All"])
        return int(found["Attributes"]["ApproximateNumberOfMessages"])

    wait_until(lambda: (tries("Tries"), tries("OneTry")) == (3, 1), "the last try")


def test_what_changes_nothing_is_listed_once(deployment: Deployment) -> None:
    assert sorted(deployment.omissions) == [
        "AWS::CloudWatch::Alarm: ComparisonOperator, EvaluationPeriods, MetricName, Namespace, "
        "Period, Statistic, Threshold",
        "AWS::DynamoDB::GlobalTable: BillingMode, Replicas",
        "AWS::DynamoDB::Table: TimeToLiveSpecification",
        "AWS::EC2::SecurityGroup: GroupDescription, VpcId",
        "AWS::EC2::Subnet: CidrBlock, VpcId",
        "AWS::EC2::VPC: CidrBlock",
        "AWS::KMS::Key: EnableKeyRotation",
        "Custom::LogRetention: RetentionInDays",
    ]
