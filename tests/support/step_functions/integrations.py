# SPDX-License-Identifier: MIT-0
"""An app with a resource of each service that a Task state may call, and machines for tests."""

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cloudformation.deployed import deployed
from local.endpoint.endpoint import Endpoint
from local.environment import environment

from ..assemblies.hand_made import role, state_machine, write_assembly
from ..stacks.scenario import ended_execution, wait_until

PREFIX = "arn:aws:states:::"
_ARN = "arn:aws:states:us-east-1:123456789012"
ACTIVITY, CHILD, EXPRESS = (
    f"{_ARN}:activity:pack",
    f"{_ARN}:stateMachine:child",
    f"{_ARN}:stateMachine:express",
)
_ACTIONS = (
    "dynamodb:*",
    "events:PutEvents",
    "kms:*",
    "s3:*",
    "secretsmanager:*",
    "sns:Publish",
    "sqs:*",
    "states:*",
)
_NESTED = {
    "StartAt": "Twice",
    "States": {
        "Twice": {
            "Type": "Pass",
            "Parameters": {"given.$": "$$.Execution.Input", "n": 2},
            "End": True,
        }
    },
}
# What needs no service but Step Functions.
MACHINES: dict[str, Any] = {
    "MachineRole": role("states.amazonaws.com", *_ACTIONS),
    "PoorRole": role("states.amazonaws.com", "logs:CreateLogGroup"),
    "Activity": {"Type": "AWS::StepFunctions::Activity", "Properties": {"Name": "pack"}},
    "Child": state_machine(_NESTED, StateMachineName="child"),
    "Express": state_machine(_NESTED, StateMachineName="express", StateMachineType="EXPRESS"),
}
SERVICES: dict[str, Any] = {
    "Table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": "orders",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
        },
    },
    "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "orders"}},
    "QueuePolicy": {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": "Queue"}],
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "sns.amazonaws.com"},
                        "Action": "sqs:SendMessage",
                        "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
                    }
                ],
            },
        },
    },
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "orders"}},
    "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}},
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "orders"}},
    "Secret": {
        "Type": "AWS::SecretsManager::Secret",
        "Properties": {"Name": "orders", "SecretString": "hidden"},
    },
}

States = Mapping[str, Any]


@dataclass(frozen=True)
class Ended:
    """An execution that has ended, and its events."""

    description: Mapping[str, Any]
    events: list[dict[str, Any]]

    @property
    def output(self) -> Any:
        assert self.description["status"] == "SUCCEEDED", self.description
        return json.loads(self.description["output"])

    @property
    def failure(self) -> tuple[str, str]:
        assert self.description["status"] == "FAILED", self.description
        return self.description["error"], self.description["cause"]

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def details(self, event_type: str) -> dict[str, Any]:
        """The details of the first event of that type, its JSON texts as values."""
        event = next(each for each in self.events if each["type"] == event_type)
        [details] = [value for name, value in event.items() if name.endswith("EventDetails")]
        texts = {
            name: json.loads(details[name])
            for name in ("parameters", "output", "input")
            if name in details
        }
        return {**details, **texts}


@dataclass(frozen=True)
class Integrations:
    """The app at an endpoint, and state machines that a test makes."""

    endpoint: Endpoint

    def client(self, service: str) -> Any:
        return self.endpoint.client(service)

    @property
    def step_functions(self) -> Any:
        return self.client("stepfunctions")

    @property
    def queue_url(self) -> str:
        return str(self.client("sqs").get_queue_url(QueueName="orders")["QueueUrl"])

    def create(
        self, states: Mapping[str, Any], role_id: str = "MachineRole", **settings: Any
    ) -> str:
        """The ARN of a new machine in JSONata that starts with the first state."""
        definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}
        created = self.step_functions.create_state_machine(
            name=f"m-{uuid.uuid4()}",
            definition=json.dumps(definition),
            roleArn=environment().global_arn("iam", f"role/App-{role_id}"),
            **settings,
        )
        return str(created["stateMachineArn"])

    def start(
        self, states: Mapping[str, Any], given: Any = None, role_id: str = "MachineRole"
    ) -> str:
        """The ARN of a new execution of a new machine."""
        started = self.step_functions.start_execution(
            stateMachineArn=self.create(states, role_id), input=json.dumps(given or {})
        )
        return str(started["executionArn"])

    def call(
        self, resource: str, arguments: Any, role_id: str = "MachineRole", **fields: Any
    ) -> Ended:
        """The ended execution of a machine of one task."""
        return self.ended(self.start({"S": task(resource, arguments, **fields)}, None, role_id))

    def ended(self, arn: str) -> Ended:
        described = ended_execution(self.step_functions, arn)
        history = self.step_functions.get_execution_history(executionArn=arn, maxResults=1000)
        return Ended(described, history["events"])

    def message(self) -> dict[str, Any]:
        """The body of the queue's next message, which is deleted."""
        found: list[dict[str, Any]] = []
        sqs = self.client("sqs")

        def arrived() -> bool:
            found.extend(sqs.receive_message(QueueUrl=self.queue_url).get("Messages", []))
            return bool(found)

        wait_until(arrived, "a message")
        sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=found[0]["ReceiptHandle"])
        return found[0]

    @contextmanager
    def bodies(self, operation: str) -> Iterator[list[Any]]:
        """The JSON bodies of the requests for an operation, while the context lasts."""
        gateway, seen = self.endpoint.gateway, []
        before = gateway.intercept

        def record(request: Any, serve: Any) -> Any:
            if request.headers.get("X-Amz-Target", "").endswith(f".{operation}"):
                seen.append(json.loads(request.get_data()))
            return before(request, serve)

        gateway.intercept = record
        try:
            yield seen
        finally:
            gateway.intercept = before


def task(resource: str, arguments: Any, **fields: Any) -> dict[str, Any]:
    """A Task state at the end of its machine, unless it has a Next."""
    arn = resource if resource.startswith("arn:") else PREFIX + resource
    end = {} if "Next" in fields else {"End": True}
    given = {} if arguments is None else {"Arguments": arguments}
    return {"Type": "Task", "Resource": arn, **given, **end, **fields}


@contextmanager
def integrations(directory: Path, resources: Mapping[str, Any]) -> Iterator[Integrations]:
    """The app of these resources, deployed to a new endpoint, while the context lasts."""
    assembly = write_assembly(directory / "assembly", {"App": {"Resources": resources}})
    with deployed(assembly) as deployment:
        yield Integrations(deployment.endpoint)
