# SPDX-License-Identifier: MIT-0
"""Policies in force: of resources, with conditions, boundaries, of users, of sessions."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from local.cloudformation.deployment import Deployment
from local.iam.principals import access_key

from .calls import (
    BUCKET,
    KEY,
    QUEUE,
    TABLE,
    TOPIC,
)
from .clients import allow, as_role, refs, refusal_of, signing_as
from .stack import ACCOUNT, STACK


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


def test_a_deny_whose_condition_does_not_hold_denies_nothing(deployment: Deployment) -> None:
    operator = deployment.endpoint.client("s3")
    operator.create_bucket(Bucket="tls-only")
    # As `enforce_ssl` of the CDK writes it.
    deny = {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::tls-only", "arn:aws:s3:::tls-only/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = {"Version": "2012-10-17", "Statement": [deny]}
    operator.put_bucket_policy(Bucket="tls-only", Policy=json.dumps(policy))
    s3 = as_role(deployment, "s3", allow("s3:*"))

    s3.put_object(Bucket="tls-only", Key="a", Body=b"1")
    assert s3.get_object(Bucket="tls-only", Key="a")["Body"].read() == b"1"
    deleted = s3.delete_objects(Bucket="tls-only", Delete={"Objects": [{"Key": "a"}]})
    assert [each["Key"] for each in deleted["Deleted"]] == ["a"]


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
ENCRYPTION_CONTEXT = {"StringEquals": {"kms:EncryptionContext:Order": "1"}}


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
            "kms",
            allow("kms:Encrypt", Condition=ENCRYPTION_CONTEXT),
            lambda c: c.encrypt(
                KeyId="alias/shop", Plaintext=b"1", EncryptionContext={"Order": "1"}
            ),
            lambda c: c.encrypt(
                KeyId="alias/shop", Plaintext=b"1", EncryptionContext={"Order": "2"}
            ),
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
    code, status, message = refusal_of(
        lambda: endpoint.client("sts").assume_role(
            RoleArn=role, RoleSessionName="session", Policy="{}"
        )
    )
    assert (code, status) == ("NotImplemented", 501)
    assert message == "AssumeRole with a session policy is not served on this machine"

    assert sqs.send_message(QueueUrl=refs(deployment)["Queue"], MessageBody="a")["MessageId"]
    _, _, message = refusal_of(lambda: sqs.list_queues())
    assert f"assumed-role/{role.rsplit('/', 1)[-1]}/local is not authorized" in message
