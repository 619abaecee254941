# SPDX-License-Identifier: MIT-0
"""A role's permissions, and resources' own policies, for the services that moto serves."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.cloudformation.deployment import Deployment
from local.environment import environment
from local.iam.principals import access_key

from .stack import ACCOUNT, STACK

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


def refs(deployment: Deployment) -> dict[str, str]:
    resources = deployment.stacks[STACK].resources
    found = {name: created.physical.ref for name, created in resources.items()}
    return {**found, "KeyArn": resources["Key"].physical.attributes["Arn"]}


def as_role(deployment: Deployment, service: str, *statements: dict[str, Any]) -> Any:
    """A client of a role that has these statements, and no others."""
    name = f"r-{uuid.uuid4()}"
    iam = deployment.endpoint.client("iam")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    if statements:
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(document))
    return signing_as(deployment, service, access_key(arn))


def signing_as(deployment: Deployment, service: str, key: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=deployment.endpoint.url,
        region_name=environment().region,
        aws_access_key_id=key,
        aws_secret_access_key="local",
    )


def allow(action: Any, resource: Any = "*", **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **elements}


def refusal_of(call: Callable[[], Any]) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as refused:
        call()
    answer = refused.value.response
    return (
        answer["Error"]["Code"],
        answer["ResponseMetadata"]["HTTPStatusCode"],
        answer["Error"]["Message"],
    )


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
IDS = [
    f"{service}-{'-'.join(actions)}-{index}" for index, (service, _, actions, _) in enumerate(CALLS)
]
DENIED = {
    "cloudwatch": ("AccessDenied", 403),
    "iam": ("AccessDenied", 403),
    "s3": ("AccessDenied", 403),
    "sns": ("AuthorizationError", 403),
    "sqs": ("AccessDenied", 403),
}


@pytest.mark.parametrize(("service", "call", "actions", "resources"), CALLS, ids=IDS)
def test_a_call_needs_these_permissions_and_no_others(
    deployment: Deployment, service: str, call: Call, actions: list[str], resources: list[str]
) -> None:
    ids = refs(deployment)
    arns = [resource.format(**ids) for resource in resources]

    call(as_role(deployment, service, allow(actions, arns)), ids)


@pytest.mark.parametrize(("service", "call", "actions", "resources"), CALLS, ids=IDS)
def test_a_call_without_them_is_refused_in_the_services_own_shape(
    deployment: Deployment, service: str, call: Call, actions: list[str], resources: list[str]
) -> None:
    ids = refs(deployment)
    first = resources[0].format(**ids)
    elsewhere = allow(actions, f"{first}-2") if first != "*" else allow("iam:*")

    code, status, message = refusal_of(lambda: call(as_role(deployment, service, elsewhere), ids))

    assert (code, status) == DENIED.get(service, ("AccessDeniedException", 400))
    assert message.partition(":assumed-role/")[0] == f"User: arn:aws:sts::{ACCOUNT}"
    assert message.partition("/local ")[2] == (
        f"is not authorized to perform: {actions[0]} on resource: {first} because no "
        f"identity-based policy allows the {actions[0]} action"
    )


@pytest.mark.parametrize(
    ("service", "call", "actions", "resources"),
    [each for each in CALLS if len(each[3]) > 1],
)
def test_a_call_on_several_resources_needs_permission_on_each(
    deployment: Deployment, service: str, call: Call, actions: list[str], resources: list[str]
) -> None:
    role = as_role(deployment, service, allow(actions, resources[0]))

    _, _, message = refusal_of(lambda: call(role, refs(deployment)))
    assert f"on resource: {resources[1]} because" in message


def guest(deployment: Deployment, service: str) -> Any:
    """A client of the role that two resources' policies name, and that has none of its own."""
    role = deployment.stacks[STACK].resources["GuestRole"].physical.attributes["Arn"]
    return signing_as(deployment, service, access_key(role))


def test_a_resources_own_policy_allows_a_role_of_the_account(deployment: Deployment) -> None:
    entry = {"Source": "guest", "DetailType": "d", "Detail": "{}", "EventBusName": "orders"}

    assert guest(deployment, "sns").publish(TopicArn=TOPIC, Message="hello")["MessageId"]
    assert guest(deployment, "events").put_events(Entries=[entry])["FailedEntryCount"] == 0
    code, _, message = refusal_of(
        lambda: guest(deployment, "events").put_events(
            Entries=[{**entry, "EventBusName": "default"}]
        )
    )
    assert (code, "event-bus/default" in message) == ("AccessDeniedException", True)


def test_a_resources_explicit_deny_wins(deployment: Deployment) -> None:
    s3 = as_role(deployment, "s3", allow("s3:*"))
    s3.delete_object(Bucket="shop-bucket", Key="other/a")

    code, status, message = refusal_of(lambda: s3.delete_object(Bucket="shop-bucket", Key="kept/a"))
    assert (code, status) == ("AccessDenied", 403)
    assert message.endswith(
        f"s3:DeleteObject on resource: {BUCKET}/kept/a with an explicit deny in a "
        "resource-based policy"
    )


def test_a_copy_needs_to_read_its_source(deployment: Deployment) -> None:
    deployment.endpoint.client("s3").put_object(Bucket="shop-bucket", Key="from", Body=b"1")
    source = {"Bucket": "shop-bucket", "Key": "from"}
    writer = as_role(deployment, "s3", allow("s3:PutObject"))
    reader = as_role(deployment, "s3", allow(["s3:PutObject", "s3:GetObject"]))

    reader.copy_object(Bucket="shop-bucket", Key="to", CopySource=source)
    _, _, message = refusal_of(
        lambda: writer.copy_object(Bucket="shop-bucket", Key="to", CopySource=source)
    )
    assert f"s3:GetObject on resource: {BUCKET}/from because" in message


def test_decrypting_needs_the_key_that_encrypted(deployment: Deployment) -> None:
    ids = refs(deployment)
    text = deployment.endpoint.client("kms").encrypt(KeyId=ids["Key"], Plaintext=b"1")
    blob = text["CiphertextBlob"]
    may = as_role(deployment, "kms", allow("kms:Decrypt", ids["KeyArn"]))
    may_not = as_role(deployment, "kms", allow("kms:Encrypt", ids["KeyArn"]))

    assert may.decrypt(CiphertextBlob=blob)["Plaintext"] == b"1"
    _, _, message = refusal_of(lambda: may_not.decrypt(CiphertextBlob=blob))
    assert f"kms:Decrypt on resource: {ids['KeyArn']}" in message


LEADING = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["1"]}}
PREFIX = {"StringLike": {"s3:prefix": ["home/*"]}}


@pytest.mark.parametrize(
    ("service", "statement", "allowed", "denied"),
    [
        (
            "dynamodb",
            allow("dynamodb:GetItem", TABLE, Condition=LEADING),
            lambda c: c.get_item(TableName="Shop-Table", Key=KEY),
            lambda c: c.get_item(TableName="Shop-Table", Key={"id": {"S": "2"}}),
        ),
        (
            "dynamodb",
            allow("dynamodb:Query", TABLE, Condition=LEADING),
            lambda c: c.query(
                TableName="Shop-Table",
                KeyConditionExpression="#k = :v",
                ExpressionAttributeNames={"#k": "id"},
                ExpressionAttributeValues={":v": {"S": "1"}},
            ),
            lambda c: c.query(
                TableName="Shop-Table",
                KeyConditionExpression="id = :v",
                ExpressionAttributeValues={":v": {"S": "2"}},
            ),
        ),
        (
            "s3",
            allow("s3:ListBucket", BUCKET, Condition=PREFIX),
            lambda c: c.list_objects_v2(Bucket="shop-bucket", Prefix="home/a"),
            lambda c: c.list_objects_v2(Bucket="shop-bucket"),
        ),
        (
            "sqs",
            allow("sqs:*", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}}),
            lambda c: c.list_queues(),
            None,
        ),
        (
            "sqs",
            allow("sqs:*", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
            None,
            lambda c: c.list_queues(),
        ),
        (
            "sqs",
            {"Effect": "Allow", "NotAction": "sqs:DeleteQueue", "NotResource": f"{QUEUE}-2"},
            lambda c: c.get_queue_url(QueueName="Shop-Queue"),
            lambda c: c.get_queue_url(QueueName="Shop-Queue-2"),
        ),
    ],
)
def test_conditions_are_in_force(
    deployment: Deployment,
    service: str,
    statement: dict[str, Any],
    allowed: Callable[[Any], Any] | None,
    denied: Callable[[Any], Any] | None,
) -> None:
    client = as_role(deployment, service, statement)

    if allowed:
        allowed(client)
    if denied:
        _, _, message = refusal_of(lambda: denied(client))
        assert "because no identity-based policy allows" in message


def test_a_boundary_limits_a_role(deployment: Deployment) -> None:
    iam = deployment.endpoint.client("iam")
    boundary = iam.create_policy(
        PolicyName=f"b-{uuid.uuid4()}",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow("sqs:Get*")]}),
    )["Policy"]["Arn"]
    name = f"r-{uuid.uuid4()}"
    arn = iam.create_role(
        RoleName=name, AssumeRolePolicyDocument="{}", PermissionsBoundary=boundary
    )["Role"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonSQSFullAccess")
    sqs = signing_as(deployment, "sqs", access_key(arn))

    assert sqs.get_queue_url(QueueName="Shop-Queue")["QueueUrl"] == refs(deployment)["Queue"]
    _, _, message = refusal_of(lambda: sqs.list_queues())
    assert message.endswith("because no permissions boundary allows the sqs:ListQueues action")


def test_a_user_may_what_its_own_and_its_groups_policies_allow(deployment: Deployment) -> None:
    key = deployment.stacks[STACK].resources["AccessKey"].physical.ref
    sqs = signing_as(deployment, "sqs", key)
    queue = refs(deployment)["Queue"]

    assert sqs.send_message(QueueUrl=queue, MessageBody="a")["MessageId"]
    assert sqs.list_queues()["QueueUrls"]
    _, _, deleting = refusal_of(lambda: sqs.delete_queue(QueueUrl=queue))
    _, _, purging = refusal_of(lambda: sqs.purge_queue(QueueUrl=queue))
    user = f"User: arn:aws:iam::{ACCOUNT}:user/Shop-User is not authorized to perform: "
    assert deleting == (
        f"{user}sqs:DeleteQueue on resource: {QUEUE} because no identity-based policy allows "
        "the sqs:DeleteQueue action"
    )
    assert purging == (
        f"{user}sqs:PurgeQueue on resource: {QUEUE} with an explicit deny in an "
        "identity-based policy"
    )


def test_a_role_assumes_those_whose_trust_policy_names_it(deployment: Deployment) -> None:
    iam = deployment.endpoint.client("iam")
    sts = as_role(deployment, "sts")
    own = sts.get_caller_identity()["Arn"].split("/")[1]
    principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/{own}"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    name = f"r-{uuid.uuid4()}"
    target = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    other = deployment.stacks[STACK].resources["FunctionRole"].physical.attributes["Arn"]

    assumed = sts.assume_role(RoleArn=target, RoleSessionName="session")
    assert assumed["AssumedRoleUser"]["Arn"].endswith(f"assumed-role/{name}/session")
    code, status, message = refusal_of(
        lambda: sts.assume_role(RoleArn=other, RoleSessionName="session")
    )
    assert (code, status) == ("AccessDenied", 403)
    assert f"sts:AssumeRole on resource: {other}" in message


def test_temporary_credentials_are_their_roles(deployment: Deployment) -> None:
    endpoint = deployment.endpoint
    role = deployment.stacks[STACK].resources["FunctionRole"].physical.attributes["Arn"]
    session = endpoint.client("sts").assume_role(RoleArn=role, RoleSessionName="session")[
        "Credentials"
    ]
    sqs = signing_as(deployment, "sqs", session["AccessKeyId"])

    assert sqs.send_message(QueueUrl=refs(deployment)["Queue"], MessageBody="a")["MessageId"]
    _, _, message = refusal_of(lambda: sqs.list_queues())
    assert f"assumed-role/{role.rsplit('/', 1)[-1]}/local is not authorized" in message
