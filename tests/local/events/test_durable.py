# SPDX-License-Identifier: MIT-0
"""Durable functions as targets: of rules by version, of queues for 15 minutes, with their queue."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.iam.function_policy import InvokePermission
from local.lambda_.event_sources.mapping import EventSourceMapping

from ...support.assemblies.variants import find_asset
from ...support.functions.durable_functions import DurableFunctions, durable_functions
from ...support.stacks.scenario import wait_until

HERE = "us-east-1:123456789012"
DEAD = f"arn:aws:sqs:{HERE}:dead"
WAITING = """
@durable_execution
def handler(event, context):
    context.wait(Duration.from_seconds(60))
    if event.get("fail"):
        raise ValueError("no")
    return "done"
"""


@pytest.fixture(scope="module")
def functions(
    assembly: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DurableFunctions]:
    directory = tmp_path_factory.mktemp("functions")
    with durable_functions(directory, find_asset(assembly, "python")) as ready:
        for name in ("dead", "orders"):
            ready.endpoint.client("sqs").create_queue(QueueName=name)
        ready.deploy("waiting", WAITING, dead_letter_arn=DEAD)
        yield ready


def receive(functions: DurableFunctions, name: str) -> dict[str, Any]:
    sqs = functions.endpoint.client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    [message] = sqs.receive_message(
        QueueUrl=url, WaitTimeSeconds=10, MessageAttributeNames=["All"]
    )["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    found: dict[str, Any] = message
    return found


def executions(functions: DurableFunctions, name: str) -> list[dict[str, Any]]:
    listed = functions.client.list_durable_executions_by_function(FunctionName=name)
    found: list[dict[str, Any]] = listed["DurableExecutions"]
    return found


def test_the_dead_letter_queue_gets_the_event_of_a_failed_execution(
    functions: DurableFunctions,
) -> None:
    arn = functions.start("waiting", {"fail": True})
    letter = receive(functions, "dead")
    attributes = letter["MessageAttributes"]

    assert json.loads(letter["Body"]) == {"fail": True}
    assert attributes["RequestID"]["StringValue"] == arn
    assert attributes["ErrorMessage"]["StringValue"] == "no"


def test_a_rule_starts_an_execution_of_a_version_alone(
    functions: DurableFunctions, caplog: pytest.LogCaptureFixture
) -> None:
    function = f"arn:aws:lambda:{HERE}:function:waiting"
    rule = f"arn:aws:events:{HERE}:rule/start"
    events = functions.endpoint.client("events")
    events.put_rule(Name="start", EventPattern=json.dumps({"source": ["shop"]}))
    targets = [{"Id": "unqualified", "Arn": function}, {"Id": "version", "Arn": f"{function}:1"}]
    events.put_targets(Rule="start", Targets=targets)
    permission = InvokePermission("lambda:InvokeFunction", "events.amazonaws.com", rule)
    for target in targets:
        functions.endpoint.lambda_service.functions.add_permission(target["Arn"], permission)
    before = len(executions(functions, "waiting"))
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
    events.put_events(Entries=[entry])
    wait_until(lambda: len(executions(functions, "waiting")) > before, "an execution")
    started = executions(functions, "waiting")[0]["DurableExecutionArn"]

    assert functions.ended(started)["Status"] == "SUCCEEDED"
    assert json.loads(functions.get(started)["InputPayload"])["source"] == "shop"
    assert caplog.messages == [
        f"{rule}: an event was not delivered to {function}: InvalidParameterValueException: "
        "You cannot invoke a durable function using an unqualified ARN."
    ]


def test_a_batch_of_a_queue_is_done_when_its_execution_has_ended(
    functions: DurableFunctions,
) -> None:
    version = functions.endpoint.lambda_service.functions.version("waiting", "1")
    mapping = EventSourceMapping(
        "orders", f"arn:aws:sqs:{HERE}:orders", version.arn, version.configuration.role_arn
    )
    functions.endpoint.event_sources.put(mapping)
    sqs = functions.endpoint.client("sqs")
    url = sqs.get_queue_url(QueueName="orders")["QueueUrl"]
    before = len(executions(functions, "waiting"))
    sqs.send_message(QueueUrl=url, MessageBody="order")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def is_empty() -> bool:
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return {found[name] for name in names} == {"0"}

    wait_until(is_empty, "an empty queue")
    functions.endpoint.event_sources.remove("orders")
    newest, *others = executions(functions, "waiting")

    assert len(others) == before
    assert newest["Status"] == "SUCCEEDED"
