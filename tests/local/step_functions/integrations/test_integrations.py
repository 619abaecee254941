# SPDX-License-Identifier: MIT-0
"""Tasks of each service that is served: histories, results and errors, as recorded from AWS."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from ....support.step_functions.integrations import (
    MACHINES,
    SERVICES,
    Integrations,
    integrations,
    task,
)

TOPIC = "arn:aws:sns:us-east-1:123456789012:orders"
METADATA = {"SdkHttpMetadata", "SdkResponseMetadata"}
ITEM = {
    "id": {"S": "1"},
    "n": {"N": "5"},
    "paid": {"BOOL": True},
    "note": {"NULL": True},
    "raw": {"B": "aGk="},
    "list": {"L": [{"SS": ["a"]}]},
}
KEY = {"id": {"S": "1"}}
TOKEN = "{% $states.context.Task.Token %}"
SUCCEEDED = [
    "ExecutionStarted",
    "TaskStateEntered",
    "TaskScheduled",
    "TaskStarted",
    "TaskSucceeded",
    "TaskStateExited",
    "ExecutionSucceeded",
]
FAILED = [*SUCCEEDED[:4], "TaskFailed", "ExecutionFailed"]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Integrations]:
    with integrations(tmp_path_factory.mktemp("services"), {**MACHINES, **SERVICES}) as ready:
        yield ready


def without_metadata(output: dict[str, Any]) -> dict[str, Any]:
    """The result of an optimized integration, whose metadata is that of its HTTP response."""
    assert output["SdkHttpMetadata"]["HttpStatusCode"] == 200
    assert output["SdkResponseMetadata"]["RequestId"]
    return {name: value for name, value in output.items() if name not in METADATA}


def without_request_id(cause: str) -> str:
    return re.sub(r"Request ID: [\w-]+", "Request ID: ID", cause)


def test_items_are_put_read_updated_and_deleted(app: Integrations) -> None:
    table = {"TableName": "orders"}
    put = app.call("dynamodb:putItem", {**table, "Item": {**ITEM, "n": {"N": 5}}})
    got = app.call("dynamodb:getItem", {**table, "Key": KEY})
    updated = app.call(
        "dynamodb:updateItem",
        {
            **table,
            "Key": KEY,
            "UpdateExpression": "SET n = n + :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
            "ReturnValues": "UPDATED_NEW",
        },
    )
    by_sdk = app.call("aws-sdk:dynamodb:getItem", {**table, "Key": KEY})
    deleted = app.call("dynamodb:deleteItem", {**table, "Key": KEY, "ReturnValues": "ALL_OLD"})

    assert put.types == SUCCEEDED
    scheduled = put.details("TaskScheduled")
    assert (scheduled["resourceType"], scheduled["resource"]) == ("dynamodb", "putItem")
    assert scheduled["parameters"] == {**table, "Item": {**ITEM, "n": {"N": 5}}}
    assert without_metadata(put.output) == {}
    assert without_metadata(got.output) == {"Item": ITEM}
    assert without_metadata(updated.output) == {"Attributes": {"n": {"N": "6"}}}
    assert without_metadata(deleted.output) == {"Attributes": {**ITEM, "n": {"N": "6"}}}
    assert by_sdk.details("TaskScheduled")["resourceType"] == "aws-sdk:dynamodb"
    # As the SDK for Java names them.
    assert by_sdk.output == {
        "Item": {
            **KEY,
            "n": {"N": "6"},
            "paid": {"Bool": True},
            "note": {"Nul": True},
            "raw": {"B": "hi"},
            "list": {"L": [{"Ss": ["a"]}]},
        }
    }


def test_an_sdk_integration_takes_the_names_that_it_returns(app: Integrations) -> None:
    item = {"id": {"S": "2"}, "paid": {"Bool": False}, "note": {"Nul": True}}
    app.call("aws-sdk:dynamodb:putItem", {"TableName": "orders", "Item": item})
    got = app.client("dynamodb").get_item(TableName="orders", Key={"id": {"S": "2"}})

    assert got["Item"] == {"id": {"S": "2"}, "paid": {"BOOL": False}, "note": {"NULL": True}}


@pytest.mark.parametrize(
    ("resource", "arguments", "error", "cause"),
    [
        (
            "dynamodb:putItem",
            {"TableName": "nothing", "Item": ITEM},
            "DynamoDB.ResourceNotFoundException",
            "Requested resource not found (Service: AmazonDynamoDBv2; Status Code: 400; "
            "Error Code: ResourceNotFoundException; Request ID: ID; Proxy: null)",
        ),
        (
            "dynamodb:putItem",
            {"TableName": "orders", "Item": None},
            "DynamoDB.AmazonDynamoDBException",
            "1 validation error detected: Value null at 'item' failed to satisfy constraint: "
            "Member must not be null (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: "
            "ValidationException; Request ID: ID; Proxy: null)",
        ),
        (
            "aws-sdk:dynamodb:putItem",
            {"TableName": "orders", "Item": None},
            "DynamoDb.DynamoDbException",
            "1 validation error detected: Value null at 'item' failed to satisfy constraint: "
            "Member must not be null (Service: DynamoDb, Status Code: 400, Request ID: ID)",
        ),
        (
            "sns:publish",
            {"TopicArn": f"{TOPIC}-none", "Message": "x"},
            "SNS.NotFoundException",
            "Endpoint does not exist (Service: AmazonSNS; Status Code: 404; Error Code: NotFound; "
            "Request ID: ID; Proxy: null)",
        ),
        (
            "aws-sdk:s3:listObjects",
            {"Bucket": "none"},
            "S3.NoSuchBucketException",
            "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: ID)",
        ),
        (
            "events:putEvents",
            {"Entries": [{"DetailType": "d", "Detail": {"a": 1}}]},
            "EventBridge.FailedEntry",
            '{"FailedEntryCount":1,"Entries":[{"ErrorCode":"InvalidArgument","ErrorMessage":'
            '"Parameter Source is not valid. Reason: Source is a required argument."}]}',
        ),
    ],
)
def test_an_error_of_the_service_has_the_name_and_the_cause_of_its_sdk(
    app: Integrations, resource: str, arguments: dict[str, Any], error: str, cause: str
) -> None:
    failed = app.call(resource, arguments)

    assert failed.types == FAILED
    assert (failed.failure[0], without_request_id(failed.failure[1])) == (error, cause)


def test_a_conditional_write_that_fails_is_caught_by_name(app: Integrations) -> None:
    arguments = {
        "TableName": "orders",
        "Item": {"id": {"S": "once"}},
        "ConditionExpression": "attribute_not_exists(id)",
    }
    catch = [{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "Known"}]
    states = {
        "Put": task("dynamodb:putItem", arguments, Next="New", Catch=catch),
        "New": {"Type": "Pass", "Output": "new", "End": True},
        "Known": {"Type": "Pass", "Output": "known", "End": True},
    }

    assert [app.ended(app.start(states)).output for _ in range(2)] == ["new", "known"]


@pytest.mark.parametrize(
    ("resource", "arguments", "error", "action", "on"),
    [
        (
            "dynamodb:getItem",
            {"TableName": "orders", "Key": KEY},
            "DynamoDB.AmazonDynamoDBException",
            "dynamodb:GetItem",
            "arn:aws:dynamodb:us-east-1:123456789012:table/orders",
        ),
        (
            "sqs:sendMessage",
            {"QueueUrl": "http://127.0.0.1/123456789012/orders", "MessageBody": "x"},
            "SQS.AmazonSQSException",
            "sqs:SendMessage",
            "arn:aws:sqs:us-east-1:123456789012:orders",
        ),
        (
            "sns:publish",
            {"TopicArn": TOPIC, "Message": "x"},
            "SNS.AuthorizationErrorException",
            "sns:Publish",
            TOPIC,
        ),
        (
            "events:putEvents",
            {"Entries": [{"Source": "s", "DetailType": "d", "Detail": "{}"}]},
            "EventBridge.AmazonEventBridgeException",
            "events:PutEvents",
            "arn:aws:events:us-east-1:123456789012:event-bus/default",
        ),
        (
            "states:startExecution",
            {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:child"},
            "StepFunctions.AWSStepFunctionsException",
            "states:StartExecution",
            "arn:aws:states:us-east-1:123456789012:stateMachine:child",
        ),
        (
            "aws-sdk:s3:getObject",
            {"Bucket": "orders", "Key": "k"},
            "S3.S3Exception",
            "s3:GetObject",
            "arn:aws:s3:::orders/k",
        ),
        (
            "aws-sdk:cloudwatchlogs:describeLogGroups",
            {},
            "CloudWatchLogs.CloudWatchLogsException",
            "logs:DescribeLogGroups",
            "arn:aws:logs:us-east-1:123456789012:log-group:",
        ),
    ],
)
def test_a_role_without_the_permission_fails_the_task_with_action_and_resource(
    app: Integrations, resource: str, arguments: dict[str, Any], error: str, action: str, on: str
) -> None:
    refused = app.call(resource, arguments, role_id="PoorRole")

    assert refused.failure[0] == error
    assert f"is not authorized to perform: {action} on resource: {on}" in refused.failure[1]


def test_a_message_is_sent_with_an_object_as_its_json(app: Integrations) -> None:
    arguments = {"QueueUrl": app.queue_url, "MessageBody": {"order": 1}}
    sent = app.call("sqs:sendMessage", arguments)
    by_sdk = app.call("aws-sdk:sqs:sendMessage", {**arguments, "MessageBody": "text"})
    messages = [app.message() for _ in range(2)]

    assert without_metadata(sent.output) == {
        "MD5OfMessageBody": hashlib.md5(b'{"order":1}').hexdigest(),
        "MessageId": messages[0]["MessageId"],
    }
    assert by_sdk.output == {
        "Md5OfMessageBody": hashlib.md5(b"text").hexdigest(),
        "MessageId": messages[1]["MessageId"],
    }
    assert [message["Body"] for message in messages] == ['{"order":1}', "text"]


@pytest.mark.parametrize("prefix", ["", "aws-sdk:"])
def test_a_message_with_a_task_token_is_answered(app: Integrations, prefix: str) -> None:
    arguments = {"QueueUrl": app.queue_url, "MessageBody": {"token": TOKEN}}
    arn = app.start({"S": task(f"{prefix}sqs:sendMessage.waitForTaskToken", arguments)})
    token = json.loads(app.message()["Body"])["token"]
    app.step_functions.send_task_success(taskToken=token, output='{"answer": 42}')
    ended = app.ended(arn)

    assert ended.output == {"answer": 42}
    assert ended.types == [*SUCCEEDED[:4], "TaskSubmitted", *SUCCEEDED[4:]]
    assert ended.details("TaskSubmitted")["resource"] == "sendMessage.waitForTaskToken"
    assert "MessageId" in ended.details("TaskSubmitted")["output"]


def test_a_notification_is_published_and_its_task_token_answered(app: Integrations) -> None:
    queue = "arn:aws:sqs:us-east-1:123456789012:orders"
    subscription = app.client("sns").subscribe(
        TopicArn=TOPIC,
        Protocol="sqs",
        Endpoint=queue,
        Attributes={"RawMessageDelivery": "true"},
    )["SubscriptionArn"]
    arguments = {"TopicArn": TOPIC, "Message": {"token": TOKEN}}
    arn = app.start({"S": task("sns:publish.waitForTaskToken", arguments)})
    token = json.loads(app.message()["Body"])["token"]
    app.step_functions.send_task_failure(taskToken=token, error="Rejected", cause="too dear")
    app.client("sns").unsubscribe(SubscriptionArn=subscription)
    published = app.call("sns:publish", {"TopicArn": TOPIC, "Message": "x"})

    assert app.ended(arn).failure == ("Rejected", "too dear")
    assert set(published.output) == {"MessageId", *METADATA}


def test_an_event_names_its_state_machine_and_its_execution(app: Integrations) -> None:
    entry = {
        "Source": "shop",
        "DetailType": "Ordered",
        "Detail": {"order": 1},
        "EventBusName": "orders",
        "Resources": ["one"],
    }
    with app.bodies("PutEvents") as bodies:
        put = app.call("events:putEvents", {"Entries": [entry]})

    machine = put.description["stateMachineArn"]
    arns = [machine, put.description["executionArn"]]
    assert put.output == {"FailedEntryCount": 0, "Entries": put.output["Entries"]}
    assert put.details("TaskScheduled")["parameters"] == {"Entries": [entry]}
    assert bodies == [
        {"Entries": [{**entry, "Detail": '{"order":1}', "Resources": ["one", *arns]}]}
    ]


def test_an_object_is_written_as_json_and_read_as_text(app: Integrations) -> None:
    place = {"Bucket": "orders", "Key": "a/b"}
    written = app.call("aws-sdk:s3:putObject", {**place, "Body": "text data"})
    read = app.call("aws-sdk:s3:getObject", place)

    # The ETag that is recorded from AWS for this text.
    assert written.output["ETag"] == '"2b5df3712557f503a9977a8ea893b2c9"'
    assert read.output["Body"] == '"text data"'
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", read.output["LastModified"])


def test_bytes_that_are_no_text_fail_the_task_by_name(app: Integrations) -> None:
    key = app.client("kms").create_key()["KeyMetadata"]["KeyId"]
    error, cause = app.call("aws-sdk:kms:encrypt", {"KeyId": key, "Plaintext": "x"}).failure

    assert error == "States.Runtime"
    assert cause.endswith(
        "The field 'CiphertextBlob' of the answer holds bytes that are no UTF-8 text: not "
        "supported here"
    )


def test_a_secret_is_read(app: Integrations) -> None:
    secret = app.call("aws-sdk:secretsmanager:getSecretValue", {"SecretId": "orders"}).output

    assert (secret["SecretString"], secret["Name"]) == ("hidden", "orders")
    assert secret["Arn"].startswith("arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-")


def test_parameters_of_another_type_do_not_start_the_task(app: Integrations) -> None:
    failed = app.call("dynamodb:getItem", {"TableName": "orders", "Key": "{% 1 %}"})

    assert failed.types == ["ExecutionStarted", "TaskStateEntered", "TaskFailed", "ExecutionFailed"]
    assert failed.failure[0] == "States.Runtime"
    assert (
        "could not be used to start the Task: [Invalid type for parameter Key"
        in (failed.failure[1])
    )


def test_a_task_token_is_not_quoted_with_parameters_that_start_no_task(app: Integrations) -> None:
    arguments = {"QueueUrl": app.queue_url, "MessageBody": TOKEN, "DelaySeconds": "soon"}
    failed = app.call("sqs:sendMessage.waitForTaskToken", arguments)

    assert failed.failure[0] == "States.Runtime"
    assert '"MessageBody":"***"' in failed.failure[1]
    assert "Invalid type for parameter DelaySeconds" in failed.failure[1]
