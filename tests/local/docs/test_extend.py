# SPDX-License-Identifier: MIT-0
"""The worked example of docs/extend.md: its blocks applied to a copy, run, and put under faults."""

import json
import subprocess
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.endpoint.interception import intercepting

from ...support.assemblies.variants import edit_resources
from ...support.clone import Clone, cloned, installed
from ...support.project import readme
from ...support.stacks.histories import FULFILLED, INVOICED, Story
from ...support.stacks.scenario import ASYNC, Scenario, deployed
from ..faults.injection import Faults, Serve

MINUTES = {"minutes_to_wait": 20}
QUEUE = "arn:aws:sqs:us-east-1:123456789012:read.fifo"
PAGE = readme.PAGES["docs/extend.md"]
SAVED: Story = [("StepSucceeded", "create_order"), ("StepSucceeded", "save_order")]


@pytest.fixture(scope="module")
def clone(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A copy of the project with the blocks of the page applied to it, in their order."""
    copy = installed(cloned(tmp_path_factory.mktemp("extend")), assembly)
    for block in readme.blocks(PAGE, "diff"):
        applied = subprocess.run(
            ["git", "apply", "--whitespace=error", "-"],
            cwd=copy.directory,
            input=block,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert applied.returncode == 0, f"{applied.stderr}\n{block}"
    return copy


@pytest.fixture(scope="module")
def printed(clone: Clone) -> str:
    """The output of a run of the copy, which synthesizes it."""
    finished = clone.run(".venv/bin/python -m local run")
    assert finished.returncode == 0, finished.stdout
    return finished.stdout


@dataclass(frozen=True)
class Shop:
    """The copy's stack, with a queue that is subscribed to the topic."""

    scenario: Scenario
    table: str
    topic: str
    queue: str

    def items(self) -> list[dict[str, str]]:
        """The items of the table, without types."""
        items = self.scenario.client("dynamodb").scan(TableName=self.table)["Items"]
        return [{name: value["S"] for name, value in item.items()} for item in items]

    def messages(self) -> list[str]:
        """The messages of the topic since the last call: what arrives before one of its own."""
        sns, sqs = map(self.scenario.client, ("sns", "sqs"))
        last = str(uuid.uuid4())
        sns.publish(
            TopicArn=self.topic, Message=last, MessageGroupId=last, MessageDeduplicationId=last
        )
        texts: list[str] = []
        while last not in texts:
            [message] = sqs.receive_message(QueueUrl=self.queue, WaitTimeSeconds=10)["Messages"]
            texts.append(json.loads(message["Body"])["Message"])
            sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return texts[:-1]

    def delete_items(self) -> None:
        for item in self.items():
            self.scenario.client("dynamodb").delete_item(
                TableName=self.table, Key={"order_id": {"S": item["order_id"]}}
            )


@pytest.fixture(scope="module")
def deployed_shop(clone: Clone, printed: str) -> Iterator[Shop]:
    with deployed(clone.directory / "cdk.out") as scenario:
        dynamodb, sns, sqs = map(scenario.client, ("dynamodb", "sns", "sqs"))
        [table] = dynamodb.list_tables()["TableNames"]
        [topic] = [each["TopicArn"] for each in sns.list_topics()["Topics"]]
        allowed = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": QUEUE,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        queue = sqs.create_queue(
            QueueName=QUEUE.rsplit(":", 1)[-1], Attributes={"FifoQueue": "true", "Policy": policy}
        )
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)
        yield Shop(scenario, table, topic, queue["QueueUrl"])


@pytest.fixture
def shop(deployed_shop: Shop) -> Iterator[Shop]:
    yield deployed_shop
    deployed_shop.delete_items()
    deployed_shop.messages()


@pytest.fixture
def faults(shop: Shop, request: pytest.FixtureRequest) -> Iterator[Faults]:
    endpoint = shop.scenario.deployment.endpoint
    injected = Faults(endpoint)
    with intercepting(endpoint, injected.intercept, injected.invoke):
        yield injected
    assert injected.outstanding() == []
    request.node.user_properties.append(("faults", injected.injected))


def id_of(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]


def extended(story: Story) -> Story:
    """The story of an order as the page extends it."""
    added = {"create_order": "save_order", "notify_customer": "publish_notification"}
    return [
        each
        for event_type, name in story
        for each in ((event_type, name), (event_type, added.get(name, "")))
        if each[1]
    ]


def test_the_run_shows_the_steps_that_the_page_adds(printed: str) -> None:
    for step in ("save_order", "publish_notification"):
        assert f"step {step} succeeded" in printed
    assert "execution SUCCEEDED" in printed


def test_an_order_is_one_item_and_one_message(shop: Shop) -> None:
    finished = shop.scenario.run(MINUTES)
    [order], [invoice] = finished.asynchronous, finished.synchronous
    [item] = shop.items()

    assert finished.outcome.status == "SUCCEEDED"
    assert (order.story(), invoice.story()) == (extended(FULFILLED), INVOICED)
    assert item == {
        "order_id": order.result["order_id"],
        "created_at": order.result["created_at"],
        "execution_id": id_of(order.arn),
    }
    assert shop.messages() == [order.result["notification"]]
    assert not finished.is_token_in([json.dumps(item)])


class AllBut:
    """All points of an execution's work but those of one name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __contains__(self, point: object) -> bool:
        return isinstance(point, tuple) and point[0] != self._name


@pytest.mark.parametrize("call", ["PutItem", "Publish"])
def test_a_sandbox_killed_right_after_an_effect_repeats_the_call_and_not_the_effect(
    shop: Shop, faults: Faults, call: str
) -> None:
    kill = faults.kill(ASYNC, AllBut(f"{call} is served"))
    finished = shop.scenario.run(MINUTES)
    [order] = finished.asynchronous

    assert kill.at is not None
    assert faults.accepted(call) == 2
    assert finished.outcome.status == "SUCCEEDED"
    assert order.story() == extended(FULFILLED)
    assert [item["execution_id"] for item in shop.items()] == [id_of(order.arn)]
    assert shop.messages() == [order.result["notification"]]


def test_a_task_delivered_twice_is_one_order_of_the_execution_that_wrote_it(
    shop: Shop, faults: Faults
) -> None:
    def twice(serve: Serve) -> Any:
        serve()
        return serve()

    faults.inject("Invoke", twice)
    finished = shop.scenario.run(MINUTES)
    [item] = shop.items()
    by_story = {len(each.story()): each for each in finished.asynchronous}
    duplicate, order = by_story[len(SAVED)], by_story[len(extended(FULFILLED))]

    assert finished.outcome.status == "SUCCEEDED"
    assert duplicate.story() == SAVED
    assert duplicate.result == {"order_id": item["order_id"], "status": "DUPLICATE"}
    assert (order.result["order_id"], id_of(order.arn)) == (item["order_id"], item["execution_id"])
    assert shop.messages() == [order.result["notification"]]
    assert (faults.accepted("PutItem"), faults.accepted("SendTaskSuccess")) == (1, 1)


def without(action: str) -> Callable[[Path], None]:
    """A change to the template: no policy allows the action any more."""

    def edit(resources: dict[str, Any]) -> None:
        for resource in resources.values():
            document = resource.get("Properties", {}).get("PolicyDocument", {})
            if "Statement" in document:
                document["Statement"] = [
                    each for each in document["Statement"] if each["Action"] != action
                ]

    return lambda assembly: edit_resources(assembly, edit)


@pytest.mark.parametrize("action", ["dynamodb:PutItem", "sns:Publish"])
def test_without_its_grant_a_step_fails_and_names_action_and_resource(
    shop: Shop, tmp_path: Path, action: str
) -> None:
    here = "us-east-1:123456789012"
    resource = {
        "dynamodb:PutItem": f"arn:aws:dynamodb:{here}:table/{shop.table}",
        "sns:Publish": shop.topic,
    }[action]
    with shop.scenario.changed(tmp_path, without(action)):
        finished = shop.scenario.run(MINUTES)

    assert finished.outcome.status == "FAILED"
    assert f"is not authorized to perform: {action} on resource: {resource}" in (
        finished.outcome.cause
    )
    assert shop.messages() == []
    assert len(shop.items()) == (action == "sns:Publish")


def test_the_handlers_tests_of_the_copy_pass(clone: Clone) -> None:
    finished = clone.run(
        ".venv/bin/python -m ruff check lambda tests/unit && .venv/bin/python -m pytest -q "
        "-p no:cacheprovider tests/unit/handlers/test_durable_operations.py"
    )

    assert finished.returncode == 0, finished.stdout


def test_the_page_shows_the_lines_that_apply_all_of_its_blocks(
    assembly: Path, tmp_path: Path, clone: Clone
) -> None:
    [lines] = [block for block in readme.blocks(PAGE) if "git apply" in block]
    copy = cloned(tmp_path)
    applied = copy.run(lines.replace("make run\n", ""))

    assert applied.returncode == 0, applied.stdout
    for name in ("lambda/order_table.py", "lambda/async_durable_function.py"):
        assert (copy.directory / name).read_text() == (clone.directory / name).read_text()
