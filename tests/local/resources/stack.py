# SPDX-License-Identifier: MIT-0
"""The template of a stack with a resource of each type that moto serves."""

from typing import Any

from ...support.assemblies.hand_made import Resources, function, role

STACK = "Shop"
ACCOUNT = "123456789012"
SEND = """
import boto3, os

def handler(event, context):
    sent = boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="hello")
    return sent["ResponseMetadata"]["HTTPStatusCode"]
"""

FAIL = """
import boto3, os

def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="tried")
    raise ValueError("no")
"""


def arn(logical_id: str) -> Any:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def ref(logical_id: str) -> Any:
    return {"Ref": logical_id}


def policy(**statement: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def table(**properties: Any) -> dict[str, Any]:
    names = ("id", "customer")
    return resource(
        "DynamoDB::Table",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        GlobalSecondaryIndexes=[index("by-customer")],
        **properties,
    )


def index(name: str) -> dict[str, Any]:
    return {
        "IndexName": name,
        "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }


def tables() -> Resources:
    return {
        "Table": table(
            StreamSpecification={"StreamViewType": "NEW_IMAGE"},
            TimeToLiveSpecification={"AttributeName": "until", "Enabled": True},
        ),
        "GlobalTable": resource(
            "DynamoDB::GlobalTable",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            Replicas=[{"Region": {"Ref": "AWS::Region"}}],
        ),
    }


def messaging() -> Resources:
    sns = {"Service": "sns.amazonaws.com"}
    return {
        "Dead": resource("SQS::Queue", FifoQueue=True),
        "Fifo": resource(
            "SQS::Queue",
            FifoQueue=True,
            ContentBasedDeduplication=True,
            RedrivePolicy={"deadLetterTargetArn": arn("Dead"), "maxReceiveCount": 1},
            VisibilityTimeout=0,
        ),
        "Queue": resource("SQS::Queue", VisibilityTimeout=60),
        "QueuePolicy": resource(
            "SQS::QueuePolicy",
            Queues=[ref("Queue")],
            PolicyDocument=policy(
                Principal=sns,
                Action="sqs:SendMessage",
                Resource=arn("Queue"),
                Condition={"ArnEquals": {"aws:SourceArn": ref("Topic")}},
            ),
        ),
        "Topic": resource("SNS::Topic", DisplayName="Orders"),
        "Subscription": resource(
            "SNS::Subscription",
            TopicArn=ref("Topic"),
            Protocol="sqs",
            Endpoint=arn("Queue"),
            RawMessageDelivery=True,
            FilterPolicy={"kind": ["order"]},
        ),
        "TopicPolicy": resource(
            "SNS::TopicPolicy",
            Topics=[ref("Topic")],
            PolicyDocument=policy(
                Principal={"AWS": arn("GuestRole")}, Action="sns:Publish", Resource=ref("Topic")
            ),
        ),
        "Bus": resource("Events::EventBus", Name="orders"),
        "BusPolicy": resource(
            "Events::EventBusPolicy",
            EventBusName=ref("Bus"),
            StatementId="guest",
            Statement={
                "Effect": "Allow",
                "Principal": {"AWS": arn("GuestRole")},
                "Action": "events:PutEvents",
                "Resource": arn("Bus"),
            },
        ),
        "Rule": resource(
            "Events::Rule", EventBusName=ref("Bus"), EventPattern={"source": ["shop"]}
        ),
    }


def storage() -> Resources:
    return {
        "Bucket": {
            **resource("S3::Bucket", VersioningConfiguration={"Status": "Enabled"}),
            "DeletionPolicy": "Retain",
        },
        "BucketPolicy": resource(
            "S3::BucketPolicy",
            Bucket=ref("Bucket"),
            PolicyDocument=policy(
                Effect="Deny",
                Principal={"AWS": "*"},
                Action="s3:DeleteObject",
                Resource={"Fn::Join": ["", [arn("Bucket"), "/kept/*"]]},
            ),
        ),
        "Secret": resource(
            "SecretsManager::Secret",
            GenerateSecretString={
                "SecretStringTemplate": '{"user": "shop"}',
                "GenerateStringKey": "password",
                "ExcludePunctuation": True,
                "PasswordLength": 20,
            },
        ),
        "Parameter": resource("SSM::Parameter", Name="/shop/mode", Type="String", Value="test"),
        "Key": resource(
            "KMS::Key",
            EnableKeyRotation=True,
            KeyPolicy=policy(
                Principal={"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}},
                Action="kms:*",
                Resource="*",
            ),
        ),
        "Alias": resource("KMS::Alias", AliasName="alias/shop", TargetKeyId=arn("Key")),
        "Group": resource("Logs::LogGroup"),
        "Stream": resource("Logs::LogStream", LogGroupName=ref("Group")),
        "Alarm": resource(
            "CloudWatch::Alarm",
            ComparisonOperator="GreaterThanThreshold",
            EvaluationPeriods=1,
            MetricName="Errors",
            Namespace="Shop",
            Period=60,
            Statistic="Sum",
            Threshold=1,
        ),
        "Activity": resource("StepFunctions::Activity", Name="pack"),
    }


def failing(name: str, queue: str) -> dict[str, Any]:
    variables = {"QUEUE": ref(queue)}
    return function(FAIL, FunctionName=name, Environment={"Variables": variables})


def people() -> Resources:
    return {
        "GuestRole": role("lambda.amazonaws.com"),
        "User": resource(
            "IAM::User",
            Groups=[ref("Staff")],
            ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess"],
        ),
        "Staff": resource(
            "IAM::Group",
            Policies=[
                {
                    "PolicyName": "no-purge",
                    "PolicyDocument": policy(Effect="Deny", Action="sqs:PurgeQueue", Resource="*"),
                }
            ],
        ),
        "Senders": resource(
            "IAM::ManagedPolicy",
            PolicyDocument=policy(
                Action=["sqs:SendMessage", "sqs:PurgeQueue"], Resource=arn("Queue")
            ),
            Users=[ref("User")],
            Roles=[ref("FunctionRole")],
        ),
        "AccessKey": resource("IAM::AccessKey", UserName=ref("User")),
        "FunctionRole": role(
            "lambda.amazonaws.com", "sqs:SendMessage", resource=[arn("Tries"), arn("OneTry")]
        ),
        "Sender": function(
            SEND, Environment={"Variables": {"QUEUE": ref("Queue")}}, FunctionName="sender"
        ),
        "Failing": failing("failing", "Tries"),
        "FailingOnce": failing("failing-once", "OneTry"),
        "Invocations": resource(
            "Lambda::EventInvokeConfig",
            FunctionName=ref("FailingOnce"),
            Qualifier="$LATEST",
            MaximumRetryAttempts=0,
        ),
        "Tries": resource("SQS::Queue"),
        "OneTry": resource("SQS::Queue"),
        "Retention": {
            "Type": "Custom::LogRetention",
            "Properties": {
                "ServiceToken": arn("RetentionFunction"),
                "LogGroupName": "/aws/lambda/sender",
                "RetentionInDays": 3,
            },
        },
        "RetentionFunction": function("", Runtime="nodejs22.x"),
    }


def networks() -> Resources:
    return {
        "Vpc": resource("EC2::VPC", CidrBlock="10.1.0.0/16"),
        "Subnet": resource("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.1.0.0/24"),
        "SecurityGroup": resource("EC2::SecurityGroup", GroupDescription="g", VpcId=ref("Vpc")),
        "Stream2": resource("Kinesis::Stream", Name="clicks", ShardCount=1),
        "Images": resource("ECR::Repository", RepositoryName="images"),
    }


def template() -> dict[str, Any]:
    return {"Resources": {**tables(), **messaging(), **storage(), **people(), **networks()}}
