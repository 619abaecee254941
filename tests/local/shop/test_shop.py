# SPDX-License-Identifier: MIT-0
"""The shop deployed unchanged: its stacks, machines, sources and permissions together."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.cloudformation.assembly import read_assembly
from local.cloudformation.deployed import deployed
from local.cloudformation.deployment import Deployment

from ...support.assemblies.variants import link
from ...support.credentials import CREDENTIALS, REGION
from ...support.stacks.scenario import ended_execution, wait_until

APP = Path(__file__).with_name("app.py")
ITEMS = [
    {"sku": "cup", "quantity": 2, "unit_price": 30},
    {"sku": "pot", "quantity": 1, "unit_price": 40},
]
DEADLINE_SECONDS = 60


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    outdir = tmp_path_factory.mktemp("shop")
    subprocess.run(
        [sys.executable, str(APP)],
        env={**os.environ, "CDK_OUTDIR": str(outdir), "CDK_VALIDATION": "false"},
        check=True,
        timeout=120,
    )
    return outdir


@pytest.fixture(scope="module")
def deployment(shop: Path) -> Iterator[Deployment]:
    with deployed(shop) as ready:
        yield ready


def run(deployment: Deployment, machine: str, given: Any, name: str) -> dict[str, Any]:
    """Run an execution to its end, and describe it."""
    client = deployment.endpoint.client("stepfunctions")
    arn = client.start_execution(
        stateMachineArn=deployment.state_machine(machine), input=json.dumps(given), name=name
    )["executionArn"]
    return ended_execution(client, arn, DEADLINE_SECONDS)


def states_of(deployment: Deployment, execution: dict[str, Any]) -> list[str]:
    """The states in the order in which they were entered."""
    history = deployment.endpoint.client("stepfunctions").get_execution_history(
        executionArn=execution["executionArn"], maxResults=1000
    )
    entered = (event.get("stateEnteredEventDetails") for event in history["events"])
    return [details["name"] for details in entered if details]


def aws_cli(deployment: Deployment, *arguments: str) -> Any:
    finished = subprocess.run(
        [sys.executable, "-m", "awscli", "--endpoint-url", deployment.endpoint.url, *arguments],
        env={**os.environ, **CREDENTIALS, **REGION},
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def receive(deployment: Deployment) -> str:
    """The next notice in the outbox, which the topic's subscription fills."""
    client, url = deployment.endpoint.client("sqs"), deployment.outputs["OutboxUrl"]
    found: list[dict[str, Any]] = []

    def has_come() -> bool:
        found[:] = client.receive_message(QueueUrl=url).get("Messages", [])
        return bool(found)

    wait_until(has_come, "a notice")
    client.delete_message(QueueUrl=url, ReceiptHandle=found[0]["ReceiptHandle"])
    return str(found[0]["Body"])


def test_an_order_is_priced_charged_announced_and_delivered(deployment: Deployment) -> None:
    ended = run(deployment, "orders", {"items": ITEMS}, "order-1")

    assert (ended["status"], json.loads(ended["output"])) == (
        "SUCCEEDED",
        {"order_id": "order-1", "charged": 100, "delivery": {"van": "van of order-1"}},
    )
    states = states_of(deployment, ended)
    assert states[:4] == ["Anything ordered?", "Price each", "Price", "Price"]
    assert sorted(states[4:7]) == ["Announce", "Charge and announce", "Charge the card"]
    assert states[7:] == ["Let the bank work", "Deliver"]
    assert receive(deployment) == "order order-1"
    [delivered] = deployment.endpoint.client("stepfunctions").list_executions(
        stateMachineArn=deployment.state_machine("delivery")
    )["executions"]
    taken = ended["stopDate"] - ended["startDate"]
    assert delivered["status"] == "SUCCEEDED"
    # One minute of the retry, five of the wait and two hours of the drive, in modelled time.
    assert 7560 <= taken.total_seconds() < 7620


def test_a_declined_payment_is_caught(deployment: Deployment) -> None:
    dear = [{"sku": "ring", "quantity": 1, "unit_price": 5000}]
    ended = run(deployment, "orders", {"items": dear}, "order-2")

    assert (ended["status"], json.loads(ended["output"])) == (
        "SUCCEEDED",
        {"order_id": "order-2", "reason": "5000 is over the limit"},
    )
    assert states_of(deployment, ended)[-1] == "Keep the goods"
    receive(deployment)


def test_an_empty_order_fails(deployment: Deployment) -> None:
    ended = run(deployment, "orders", {"items": []}, "order-3")

    assert (ended["status"], ended["error"], ended["cause"]) == (
        "FAILED",
        "EmptyOrder",
        "no item was ordered",
    )


def test_the_aws_cli_packs_an_order_and_reads_the_receipt(deployment: Deployment) -> None:
    table = deployment.outputs["OrdersTable"]
    item = {"order_id": {"S": "order-4"}, "total": {"N": "12"}}
    deployment.endpoint.client("dynamodb").put_item(TableName=table, Item=item)
    machine = deployment.state_machine("packing")

    started = aws_cli(
        deployment,
        *("stepfunctions", "start-execution", "--state-machine-arn", machine),
        *("--input", '{"order_id": "order-4"}'),
    )["executionArn"]
    bucket = deployment.outputs["ReceiptsBucket"]
    s3 = deployment.endpoint.client("s3")

    def keys() -> list[str]:
        listed = s3.list_objects_v2(Bucket=bucket, Prefix="receipts/")
        return [each["Key"] for each in listed.get("Contents", [])]

    wait_until(lambda: keys() == ["receipts/order-4"], "the receipt")
    receipt = s3.get_object(Bucket=bucket, Key="receipts/order-4")["Body"].read()
    described = aws_cli(
        deployment, "stepfunctions", "describe-execution", "--execution-arn", started
    )

    assert receipt == b"packed order-4"
    assert (described["status"], described["output"]) == ("SUCCEEDED", '"12"')


Permission = tuple[str, str, str, str]
# The action that is taken away, the machine that needs it, its error, and a part of the resource.
TAKEN: list[Permission] = [
    ("dynamodb:PutItem", "orders", "ClientError", "table/"),
    ("sns:Publish", "orders", "SNS.AuthorizationErrorException", "arn:aws:sns:"),
    ("states:StartExecution", "orders", "StepFunctions.AWSStepFunctionsException", ":delivery"),
    ("dynamodb:GetItem", "packing", "DynamoDB.AmazonDynamoDBException", "table/"),
]


def without(action: str) -> Callable[[str], str]:
    """An edit that takes an action from every policy of a template."""
    return lambda template: template.replace(f'"{action}"', '"none:None"')


@pytest.mark.parametrize(("action", "machine", "error", "resource"), TAKEN)
def test_a_role_without_the_permission_is_refused_by_action_and_resource(
    deployment: Deployment,
    shop: Path,
    tmp_path: Path,
    action: str,
    machine: str,
    error: str,
    resource: str,
) -> None:
    original = deployment.assembly
    copy = link(shop, tmp_path / "copy")
    for template in copy.glob("*.template.json"):
        template.write_text(without(action)(template.read_text()))
    deployment.update(read_assembly(copy))
    try:
        given = {"items": ITEMS, "order_id": "order-1"}
        ended = run(deployment, machine, given, f"without-{action.replace(':', '-')}")
    finally:
        deployment.update(original)

    assert (ended["status"], ended["error"]) == ("FAILED", error)
    assert re.search(
        rf"not authorized to perform: {action} on resource: \S*{resource}", ended["cause"]
    )
