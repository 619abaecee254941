# SPDX-License-Identifier: MIT-0
"""A second deployment: what is kept, changed in place, deleted, and refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.cloudformation.assembly import read_assembly
from local.cloudformation.deployed import deployed
from local.cloudformation.deployment import Deployment
from local.errors import UsageError

from ...support.assemblies.hand_made import Resources, function, role, write_assembly
from .stack import arn, index, policy, ref, resource, table

STACK = "Shop"


def first() -> Resources:
    return {
        "Table": table(),
        "Queue": resource("SQS::Queue", VisibilityTimeout=60, DelaySeconds=5),
        "QueuePolicy": resource(
            "SQS::QueuePolicy",
            Queues=[ref("Queue")],
            PolicyDocument=policy(
                Principal={"Service": "sns.amazonaws.com"},
                Action="sqs:SendMessage",
                Resource=arn("Queue"),
            ),
        ),
        "Gone": resource("SQS::Queue"),
        "Kept": {**resource("SQS::Queue"), "DeletionPolicy": "Retain"},
        "Topic": resource("SNS::Topic", DisplayName="old"),
        "Subscription": resource(
            "SNS::Subscription", TopicArn=ref("Topic"), Protocol="sqs", Endpoint=arn("Queue")
        ),
        "Secret": resource("SecretsManager::Secret", GenerateSecretString={}),
        "Parameter": resource("SSM::Parameter", Type="String", Value="old"),
        "Key": resource("KMS::Key", KeyPolicy=policy(Principal="*", Action="*", Resource="*")),
        "Sender": resource(
            "IAM::ManagedPolicy", PolicyDocument=policy(Action="sqs:*", Resource="*")
        ),
        "Role": role("lambda.amazonaws.com", "sqs:SendMessage"),
    }


def second() -> Resources:
    changed = first()
    changed["Table"]["Properties"]["GlobalSecondaryIndexes"] = [index("by-buyer")]
    changed["Queue"]["Properties"] = {"VisibilityTimeout": 7}
    changed["Topic"]["Properties"]["DisplayName"] = "new"
    changed["Parameter"]["Properties"]["Value"] = "new"
    changed["Key"]["Properties"]["Enabled"] = False
    changed["Sender"]["Properties"]["PolicyDocument"] = policy(Action="sns:*", Resource="*")
    changed["Role"]["Properties"]["Policies"] = []
    del changed["Gone"], changed["Kept"], changed["QueuePolicy"]
    return changed


class Updated:
    """A stack after its second deployment, and what was seen before."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.client = deployment.endpoint.client
        self.secret = self.secret_now()
        self.client("dynamodb").put_item(TableName="Shop-Table", Item={"id": {"S": "1"}})

    def ref(self, logical_id: str) -> str:
        return self.deployment.stacks[STACK].resources[logical_id].physical.ref

    def secret_now(self) -> str:
        secrets = self.client("secretsmanager")
        return str(secrets.get_secret_value(SecretId="Shop-Secret")["SecretString"])

    def queue(self) -> dict[str, Any]:
        found = self.client("sqs").get_queue_attributes(
            QueueUrl=self.ref("Queue"), AttributeNames=["All"]
        )
        attributes: dict[str, Any] = found["Attributes"]
        return attributes


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Updated]:
    directory = tmp_path_factory.mktemp("updates")
    before = write_assembly(directory / "before", {STACK: {"Resources": first()}})
    after = write_assembly(directory / "after", {STACK: {"Resources": second()}})
    with deployed(before) as deployment:
        found = Updated(deployment)
        deployment.apply()
        deployment.update(read_assembly(after))
        yield found


def test_a_table_gets_its_index_and_keeps_its_items(updated: Updated) -> None:
    dynamodb = updated.client("dynamodb")
    described = dynamodb.describe_table(TableName="Shop-Table")["Table"]

    assert [each["IndexName"] for each in described["GlobalSecondaryIndexes"]] == ["by-buyer"]
    assert dynamodb.scan(TableName="Shop-Table")["Items"] == [{"id": {"S": "1"}}]


def test_a_queue_is_changed_in_place_and_what_is_left_out_is_the_default(updated: Updated) -> None:
    queue = updated.queue()

    assert (queue["VisibilityTimeout"], queue["DelaySeconds"]) == ("7", "0")


def test_a_policy_that_is_gone_is_taken_off_its_queue(updated: Updated) -> None:
    assert "Policy" not in updated.queue()


def test_a_queue_that_is_gone_is_deleted_unless_it_is_retained(updated: Updated) -> None:
    urls = updated.client("sqs").list_queues()["QueueUrls"]

    assert sorted(url.rsplit("/", 1)[-1] for url in urls) == ["Shop-Kept", "Shop-Queue"]


def test_a_topic_keeps_its_subscriptions(updated: Updated) -> None:
    sns = updated.client("sns")
    attributes = sns.get_topic_attributes(TopicArn=updated.ref("Topic"))["Attributes"]
    subscriptions = sns.list_subscriptions_by_topic(TopicArn=updated.ref("Topic"))

    assert attributes["DisplayName"] == "new"
    assert [each["Protocol"] for each in subscriptions["Subscriptions"]] == ["sqs"]


def test_a_generated_secret_stays_as_it_is(updated: Updated) -> None:
    assert updated.secret_now() == updated.secret


def test_parameters_keys_and_policies_are_changed_in_place(updated: Updated) -> None:
    parameter = updated.client("ssm").get_parameter(Name="Shop-Parameter")["Parameter"]
    key = updated.client("kms").describe_key(KeyId=updated.ref("Key"))["KeyMetadata"]
    iam = updated.client("iam")
    arn_ = updated.ref("Sender")
    version = iam.get_policy(PolicyArn=arn_)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn_, VersionId=version)["PolicyVersion"]

    assert (parameter["Value"], parameter["Version"]) == ("new", 2)
    assert key["Enabled"] is False
    assert document["Document"]["Statement"][0]["Action"] == "sns:*"
    assert iam.list_role_policies(RoleName="Shop-Role")["PolicyNames"] == []


CHANGES = [
    ("Table", "KeySchema", [{"AttributeName": "customer", "KeyType": "HASH"}]),
    ("Queue", "QueueName", "another"),
    ("Topic", "TopicName", "another"),
    ("Key", "KeySpec", "RSA_2048"),
    ("Parameter", "Name", "another"),
    ("Sender", "ManagedPolicyName", "another"),
    ("Role", "Path", "/another/"),
]


def test_what_cloudformation_would_replace_is_refused(updated: Updated, tmp_path: Path) -> None:
    resources = second()
    for logical_id, name, value in CHANGES:
        resources[logical_id]["Properties"][name] = value
    assembly = write_assembly(tmp_path / "a", {STACK: {"Resources": resources}})

    with pytest.raises(UsageError) as refused:
        updated.deployment.update(read_assembly(assembly))

    lines = str(refused.value).splitlines()[1:]
    named = {(line.split()[0], line.split("the property ")[1].split()[0]) for line in lines}
    assert named == {(logical_id, name) for logical_id, name, _ in CHANGES}
    assert all(" cannot change here: " in line for line in lines)


ASSUME = "The role defined for the function cannot be assumed by Lambda."
REFUSED: list[tuple[dict[str, Any], str]] = [
    (resource("SQS::Queue", Color="red"), "the property Color is not supported here"),
    (
        resource("SNS::Subscription", TopicArn="t", Protocol="https", Endpoint="e"),
        "the property Protocol must be one of email, email-json, lambda, sms, sqs here, got https",
    ),
    (
        resource("SQS::Queue", RedrivePolicy={"maxReceiveCount": 1}),
        "the property RedrivePolicy has no deadLetterTargetArn",
    ),
    (
        resource("SSM::Parameter", Type="SecureString", Value="v"),
        "the property Type must be String or StringList, got SecureString",
    ),
    (
        resource("SecretsManager::Secret", GenerateSecretString={"GenerateStringKey": "k"}),
        "the property GenerateSecretString needs both of GenerateStringKey and "
        "SecretStringTemplate",
    ),
    (
        resource("DynamoDB::GlobalTable", KeySchema=[], Replicas=[{"Region": "eu-central-1"}]),
        "the property Replicas has the Region eu-central-1, not served here",
    ),
    (
        resource(
            "SQS::QueuePolicy",
            Queues=[],
            PolicyDocument=policy(NotPrincipal="*", Action="sqs:*", Resource="*"),
        ),
        "the property PolicyDocument: NotPrincipal is not supported here",
    ),
    (
        resource(
            "IAM::User",
            Policies=[
                {
                    "PolicyName": "p",
                    "PolicyDocument": policy(
                        Action="*", Resource="*", Condition={"Bool": {"aws:MultiFactorAuthAge": 1}}
                    ),
                }
            ],
        ),
        "the property Policies: the condition key aws:MultiFactorAuthAge is not supported here",
    ),
    (
        resource("IAM::User", PermissionsBoundary="b"),
        "the property PermissionsBoundary is not supported here",
    ),
    (resource("EC2::Instance"), "this type is not supported here"),
]


@pytest.mark.parametrize(("definition", "reason"), REFUSED)
def test_what_is_not_supported_is_refused_by_name(
    updated: Updated, tmp_path: Path, definition: dict[str, Any], reason: str
) -> None:
    resources = {**second(), "Odd": definition}
    assembly = write_assembly(tmp_path / "a", {STACK: {"Resources": resources}})

    with pytest.raises(UsageError) as refused:
        updated.deployment.update(read_assembly(assembly))

    assert str(refused.value) == f"Odd ({definition['Type']}): {reason}"


@pytest.mark.parametrize(
    ("role_of", "reason"),
    [
        (
            {"Fn::GetAtt": ["OtherRole", "Arn"]},
            f"{ASSUME} (arn:aws:iam::123456789012:role/Shop-OtherRole)",
        ),
        (
            "arn:aws:iam::123456789012:role/imported",
            "the role arn:aws:iam::123456789012:role/imported is not in this assembly",
        ),
    ],
)
def test_a_function_needs_a_role_that_lambda_may_assume(
    updated: Updated, tmp_path: Path, role_of: Any, reason: str
) -> None:
    odd = function("", Role=role_of)
    resources = {**second(), "Odd": odd, "OtherRole": role("states.amazonaws.com")}
    assembly = write_assembly(tmp_path / "a", {STACK: {"Resources": resources}})

    with pytest.raises(UsageError) as refused:
        updated.deployment.update(read_assembly(assembly))

    assert str(refused.value) == f"Odd (AWS::Lambda::Function): {reason}"
