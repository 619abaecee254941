# SPDX-License-Identifier: MIT-0
"""Small apps of functions that write down the events they get, for tests of event sources."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cloudformation.deployed import deployed
from local.cloudformation.deployment import Deployment
from local.cloudformation.templates.physical_resource import PhysicalResource

from ..stacks.scenario import wait_until
from .hand_made import Resources, function, write_assembly

STACK = "Events"
# Appends each event to the file of its function, and then does what the event says.
_HANDLER = """
import json, os

def handler(event, context):
    note = {"event": event, "arn": context.invoked_function_arn}
    with open(os.environ["NOTES"], "a") as notes:
        notes.write(json.dumps(note) + "\\n")
    return act(event)
"""
SUCCEED = "def act(event): return {'done': True}"
FAIL = "def act(event): raise ValueError('broken')"


def arn(logical_id: str) -> Any:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def ref(logical_id: str) -> Any:
    return {"Ref": logical_id}


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def noting(directory: Path, name: str, act: str = SUCCEED, **properties: Any) -> Resources:
    """A function of that name, which notes its events in a file."""
    return function(
        f"{_HANDLER}\n{act}\n",
        FunctionName=name,
        Environment={"Variables": {"NOTES": str(directory / name)}},
        **properties,
    )


def permission(name: str, service: str, source: Any) -> Resources:
    """The leave of a service to invoke a function for a source."""
    return {
        "DependsOn": name,
        **resource(
            "Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName=arn(name),
            Principal=f"{service}.amazonaws.com",
            SourceArn=source,
        ),
    }


def queue_policy(queue: str, service: str, source: Any) -> Resources:
    """The leave of a service to send to a queue for a source."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn(queue),
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return resource("SQS::QueuePolicy", Queues=[ref(queue)], PolicyDocument=document)


@dataclass(frozen=True)
class EventApp:
    """A deployed app, and the notes of its functions."""

    deployment: Deployment
    notes: Path

    def client(self, service: str) -> Any:
        return self.deployment.endpoint.client(service)

    def physical(self, logical_id: str) -> PhysicalResource:
        return self.deployment.stacks[STACK].resources[logical_id].physical

    def noted(self, name: str) -> list[Any]:
        """The events that a function has got so far."""
        path = self.notes / name
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line)["event"] for line in lines]

    def wait_for_events(self, name: str, count: int) -> list[Any]:
        """The events of a function, once it has so many."""
        wait_until(lambda: len(self.noted(name)) >= count, f"{count} events of {name}")
        return self.noted(name)

    def forget(self, name: str) -> None:
        (self.notes / name).unlink(missing_ok=True)

    def send(self, queue: str, body: str, **parameters: Any) -> str:
        """Send to a queue, and return the id of the message."""
        url = self.physical(queue).ref
        sent = self.client("sqs").send_message(QueueUrl=url, MessageBody=body, **parameters)
        return str(sent["MessageId"])

    def receive(self, queue: str) -> dict[str, Any]:
        """The next message of a queue, which is deleted."""
        sqs, url = self.client("sqs"), self.physical(queue).ref
        found: list[dict[str, Any]] = []

        def has_come() -> bool:
            found[:] = sqs.receive_message(
                QueueUrl=url, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
            ).get("Messages", [])
            return bool(found)

        wait_until(has_come, f"a message of {queue}")
        sqs.delete_message(QueueUrl=url, ReceiptHandle=found[0]["ReceiptHandle"])
        message: dict[str, Any] = found[0]
        return message

    def count(self, queue: str) -> int:
        """How many messages a queue has, hidden ones too."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.client("sqs").get_queue_attributes(
            QueueUrl=self.physical(queue).ref, AttributeNames=names
        )
        return sum(int(answer["Attributes"][name]) for name in names)


@contextmanager
def event_app(
    directory: Path, resources: Callable[[Path], Mapping[str, Any]]
) -> Iterator[EventApp]:
    """An app deployed for as long as the context lasts.

    Args:
        resources: makes the template's resources, by the directory of the notes
    """
    (directory / "notes").mkdir(parents=True)
    template = {"Resources": resources(directory / "notes")}
    with deployed(write_assembly(directory / "assembly", {STACK: template})) as deployment:
        yield EventApp(deployment, directory / "notes")
