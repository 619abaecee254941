# SPDX-License-Identifier: MIT-0
"""Targets of deliveries: for each service, the call of its API that hands over a payload."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..errors import is_throttling

# Makes a client of a service of the endpoint, which signs with an access key and never retries.
DeliveryClients = Callable[[str, str], Any]


@dataclass(frozen=True)
class Message:
    """A payload for a target.

    Args:
        key: the access key of the service or role that delivers
        payload: the event, as text
        attributes: the message attributes of a queue or topic, as their APIs take them
        options: more parameters of the call, such as MessageGroupId
    """

    target_arn: str
    key: str
    payload: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def service(self) -> str:
        """The service of the target's ARN."""
        return self.target_arn.split(":")[2] if self.target_arn.count(":") >= 5 else ""


@dataclass(frozen=True)
class DeliveryFailure:
    """Why a target did not take a message: the code and the message of its service's error."""

    code: str
    message: str
    is_retried: bool


def send(message: Message, clients: DeliveryClients) -> DeliveryFailure | None:
    """Hand a message to its target, once."""
    call = _CALLS.get(message.service)
    if call is None:
        return DeliveryFailure(
            "UnsupportedTarget", "no delivery to this target is served here", False
        )
    client = clients(_CLIENTS.get(message.service, message.service), message.key)
    try:
        return call(client, message)
    except ClientError as error:
        found, metadata = error.response["Error"], error.response["ResponseMetadata"]
        is_retried = metadata["HTTPStatusCode"] >= 500 or is_throttling(found["Code"])
        # 501: the endpoint does not serve the call, and never will.
        is_retried = is_retried and metadata["HTTPStatusCode"] != 501
        return DeliveryFailure(found["Code"], found["Message"], is_retried)
    except BotoCoreError as error:
        return DeliveryFailure(type(error).__name__, str(error), True)


def queue_url(client: Any, arn: str) -> str:
    """The URL of a queue at the endpoint."""
    account, name = arn.split(":")[4:6]
    return f"{client.meta.endpoint_url}/{account}/{name}"


def _invoke(client: Any, message: Message) -> None:
    client.invoke(
        FunctionName=message.target_arn, InvocationType="Event", Payload=message.payload.encode()
    )


def _start_execution(client: Any, message: Message) -> None:
    client.start_execution(stateMachineArn=message.target_arn, input=message.payload)


def _send_message(client: Any, message: Message) -> None:
    client.send_message(
        QueueUrl=queue_url(client, message.target_arn),
        MessageBody=message.payload,
        MessageAttributes=dict(message.attributes),
        **message.options,
    )


def _publish(client: Any, message: Message) -> None:
    client.publish(
        TopicArn=message.target_arn,
        Message=message.payload,
        MessageAttributes=dict(message.attributes),
        **message.options,
    )


def _put_events(client: Any, message: Message) -> DeliveryFailure | None:
    """Put an event on a bus. The payload is an event in EventBridge's form."""
    event = json.loads(message.payload)
    entry = {
        "EventBusName": message.target_arn,
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "Resources": event.get("resources", []),
    }
    if "time" in event:
        entry["Time"] = event["time"]
    answer = client.put_events(Entries=[entry])
    if not answer["FailedEntryCount"]:
        return None
    [failed] = answer["Entries"]
    return DeliveryFailure(failed["ErrorCode"], failed["ErrorMessage"], False)


_CALLS: Mapping[str, Callable[[Any, Message], DeliveryFailure | None]] = {
    "events": _put_events,
    "lambda": _invoke,
    "sns": _publish,
    "sqs": _send_message,
    "states": _start_execution,
}
# boto3's name of a service, where ARNs have another.
_CLIENTS = {"states": "stepfunctions"}
# The services whose resources can be targets.
SERVICES = frozenset(_CALLS)
