# SPDX-License-Identifier: MIT-0
"""Calls of the services that moto serves, and the permissions that each of them needs."""

import time
from collections.abc import Callable
from typing import Any

from .stack import ACCOUNT

Call = Callable[[Any, dict[str, str]], Any]
HERE = f"us-east-1:{ACCOUNT}"
KEY = {"id": {"S": "1"}}
ITEM = {"id": {"S": "1"}, "customer": {"S": "c"}}
TABLE = f"arn:aws:dynamodb:{HERE}:table/Shop-Table"
OTHER_TABLE = f"arn:aws:dynamodb:{HERE}:table/Shop-GlobalTable"
QUEUE = f"arn:aws:sqs:{HERE}:Shop-Queue"
TOPIC = f"arn:aws:sns:{HERE}:Shop-Topic"
BUCKET = "arn:aws:s3:::shop-bucket"
GROUP = f"arn:aws:logs:{HERE}:log-group:Shop-Group"
ACTIVITY = f"arn:aws:states:{HERE}:activity:pack"


# The call, the actions it needs, and the resources that it needs them on.
CALLS: list[tuple[str, Call, list[str], list[str]]] = [
    (
        "dynamodb",
        lambda c, _: c.put_item(TableName="Shop-Table", Item=ITEM),
        ["dynamodb:PutItem"],
        [TABLE],
    ),
    (
        "dynamodb",
        lambda c, _: c.get_item(TableName=TABLE, Key=KEY),
        ["dynamodb:GetItem"],
        [TABLE],
    ),
    (
        "dynamodb",
        lambda c, _: c.query(
            TableName="Shop-Table",
            IndexName="by-customer",
            KeyConditionExpression="customer = :c",
            ExpressionAttributeValues={":c": {"S": "c"}},
        ),
        ["dynamodb:Query"],
        [f"{TABLE}/index/by-customer"],
    ),
    (
        "dynamodb",
        lambda c, _: c.batch_get_item(
            RequestItems={"Shop-Table": {"Keys": [KEY]}, "Shop-GlobalTable": {"Keys": [KEY]}}
        ),
        ["dynamodb:BatchGetItem"],
        [TABLE, OTHER_TABLE],
    ),
    (
        "dynamodb",
        lambda c, _: c.batch_write_item(
            RequestItems={"Shop-Table": [{"PutRequest": {"Item": ITEM}}]}
        ),
        ["dynamodb:BatchWriteItem"],
        [TABLE],
    ),
    (
        "dynamodb",
        lambda c, _: c.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": "Shop-Table", "Item": ITEM}},
                {"Delete": {"TableName": "Shop-GlobalTable", "Key": KEY}},
            ]
        ),
        ["dynamodb:PutItem", "dynamodb:DeleteItem"],
        [TABLE, OTHER_TABLE],
    ),
    (
        "sqs",
        lambda c, ids: c.send_message(QueueUrl=ids["Queue"], MessageBody="a"),
        ["sqs:SendMessage"],
        [QUEUE],
    ),
    (
        "sqs",
        lambda c, ids: c.send_message_batch(
            QueueUrl=ids["Queue"], Entries=[{"Id": "a", "MessageBody": "a"}]
        ),
        ["sqs:SendMessage"],
        [QUEUE],
    ),
    (
        "sqs",
        lambda c, _: c.get_queue_url(QueueName="Shop-Queue"),
        ["sqs:GetQueueUrl"],
        [QUEUE],
    ),
    (
        "sns",
        lambda c, ids: c.publish(TopicArn=ids["Topic"], Message="a"),
        ["sns:Publish"],
        [TOPIC],
    ),
    (
        "sns",
        lambda c, ids: c.publish_batch(
            TopicArn=ids["Topic"], PublishBatchRequestEntries=[{"Id": "a", "Message": "a"}]
        ),
        ["sns:Publish"],
        [TOPIC],
    ),
    (
        "s3",
        lambda c, _: c.put_object(Bucket="shop-bucket", Key="a b/c", Body=b"x"),
        ["s3:PutObject"],
        [f"{BUCKET}/a b/c"],
    ),
    (
        "s3",
        lambda c, _: c.list_objects_v2(Bucket="shop-bucket", Prefix="a"),
        ["s3:ListBucket"],
        [BUCKET],
    ),
    (
        "s3",
        lambda c, _: c.delete_objects(
            Bucket="shop-bucket", Delete={"Objects": [{"Key": "x"}, {"Key": "y"}]}
        ),
        ["s3:DeleteObject"],
        [f"{BUCKET}/x", f"{BUCKET}/y"],
    ),
    (
        "secretsmanager",
        lambda c, ids: c.get_secret_value(SecretId=ids["Secret"]),
        ["secretsmanager:GetSecretValue"],
        ["{Secret}"],
    ),
    (
        "secretsmanager",
        lambda c, _: c.describe_secret(SecretId="Shop-Secret"),
        ["secretsmanager:DescribeSecret"],
        ["{Secret}"],
    ),
    (
        "ssm",
        lambda c, _: c.get_parameter(Name="/shop/mode"),
        ["ssm:GetParameter"],
        [f"arn:aws:ssm:{HERE}:parameter/shop/mode"],
    ),
    (
        "ssm",
        lambda c, _: c.get_parameters(Names=["/shop/mode", "/shop/other"]),
        ["ssm:GetParameters"],
        [
            f"arn:aws:ssm:{HERE}:parameter/shop/mode",
            f"arn:aws:ssm:{HERE}:parameter/shop/other",
        ],
    ),
    (
        "kms",
        lambda c, _: c.encrypt(KeyId="alias/shop", Plaintext=b"text"),
        ["kms:Encrypt"],
        ["{KeyArn}"],
    ),
    (
        "events",
        lambda c, _: c.put_events(
            Entries=[
                {"Source": "shop", "DetailType": "Paid", "Detail": "{}", "EventBusName": name}
                for name in ("orders", "default")
            ]
        ),
        ["events:PutEvents"],
        [
            f"arn:aws:events:{HERE}:event-bus/orders",
            f"arn:aws:events:{HERE}:event-bus/default",
        ],
    ),
    (
        "events",
        lambda c, _: c.describe_rule(Name="Shop-Rule", EventBusName="orders"),
        ["events:DescribeRule"],
        [f"arn:aws:events:{HERE}:rule/orders/Shop-Rule"],
    ),
    (
        "logs",
        lambda c, _: c.put_log_events(
            logGroupName="Shop-Group",
            logStreamName="Shop-Stream",
            logEvents=[{"timestamp": int(time.time() * 1000), "message": "a"}],
        ),
        ["logs:PutLogEvents"],
        [f"{GROUP}:log-stream:Shop-Stream"],
    ),
    (
        "stepfunctions",
        lambda c, _: c.describe_activity(activityArn=ACTIVITY),
        ["states:DescribeActivity"],
        [ACTIVITY],
    ),
    (
        "cloudwatch",
        lambda c, _: c.put_metric_data(
            Namespace="Shop", MetricData=[{"MetricName": "m", "Value": 1}]
        ),
        ["cloudwatch:PutMetricData"],
        ["*"],
    ),
    (
        "iam",
        lambda c, _: c.get_user(UserName="Shop-User"),
        ["iam:GetUser"],
        [f"arn:aws:iam::{ACCOUNT}:user/Shop-User"],
    ),
]
