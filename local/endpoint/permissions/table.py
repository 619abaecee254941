# SPDX-License-Identifier: MIT-0
"""The permissions that an API call needs: for each, an action on a resource.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ...environment import environment
from ...iam.conditions import ENCRYPTION_CONTEXT, Context
from ...step_functions.callback_task import CallbackTask
from ..call import Call, CallParameters
from .dynamodb import dynamodb_permissions
from .resources import arn_of, key_arn, key_of_ciphertext, secret_arn
from .s3 import s3_permissions

Name = Callable[[str], str]


@dataclass(frozen=True)
class Permission:
    """An action on a resource, and the values of the service's own condition keys."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)


def _arn(service: str, prefix: str = "") -> Name:
    return lambda name: arn_of(service, name if name.startswith("arn:") else prefix + name)


def _global(prefix: str) -> Name:
    return lambda name: environment().global_arn("iam", f"{prefix}/{name}")


def _dashboard(name: str) -> str:
    return environment().global_arn("cloudwatch", f"dashboard/{name}")


def _itself(name: str) -> str:
    return name


def _queue_of_url(url: str) -> str:
    return arn_of("sqs", url.rsplit("/", 1)[-1])


def _topic_of_subscription(arn: str) -> str:
    return arn.rsplit(":", 1)[0]


def _parameter(name: str) -> str:
    # In an ARN, a path begins with one slash; a version or label is no part of the name.
    if name.startswith("arn:"):
        return name
    return arn_of("ssm", f"parameter/{name.split(':')[0].removeprefix('/')}")


# The parameters of each service's calls that name a resource, and what makes its ARN of them. The
# first that a call has decides; a list means several resources.
RESOURCES: Mapping[str, tuple[tuple[str, Name], ...]] = {
    "cloudformation": (("StackName", lambda name: arn_of("cloudformation", f"stack/{name}/*")),),
    "iam": (
        ("PolicyArn", _itself),
        ("RoleName", _global("role")),
        ("UserName", _global("user")),
        ("GroupName", _global("group")),
        ("PolicyName", _global("policy")),
    ),
    "kinesis": (
        ("StreamARN", _itself),
        ("StreamName", _arn("kinesis", "stream/")),
        ("ResourceARN", _itself),
    ),
    "monitoring": (
        ("AlarmName", _arn("cloudwatch", "alarm:")),
        ("AlarmNames", _arn("cloudwatch", "alarm:")),
        ("DashboardName", _dashboard),
    ),
    "secretsmanager": (
        ("SecretId", secret_arn),
        ("SecretIdList", secret_arn),
        ("Name", _arn("secretsmanager", "secret:")),
    ),
    "sns": (
        ("TopicArn", _itself),
        ("TargetArn", _itself),
        ("ResourceArn", _itself),
        ("SubscriptionArn", _topic_of_subscription),
        ("Name", _arn("sns")),
    ),
    "sqs": (
        ("QueueUrl", _queue_of_url),
        ("QueueName", _arn("sqs")),
        ("SourceArn", _itself),
    ),
    "ssm": (
        ("Name", _parameter),
        ("Names", _parameter),
        ("Path", _parameter),
        ("ResourceId", _parameter),
    ),
    "states": (
        ("stateMachineArn", _itself),
        ("executionArn", _itself),
        ("activityArn", _itself),
        ("resourceArn", _itself),
        ("mapRunArn", _itself),
        ("stateMachineAliasArn", _itself),
        ("stateMachineVersionArn", _itself),
    ),
    "sts": (("RoleArn", _itself),),
}

# Operations whose permission has another name.
ACTIONS: Mapping[str, Mapping[str, str]] = {
    "sns": {"PublishBatch": "Publish"},
    "sqs": {
        "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
        "DeleteMessageBatch": "DeleteMessage",
        "SendMessageBatch": "SendMessage",
    },
}
# The prefix of actions, where it is not the name that calls are signed for.
PREFIXES = {"monitoring": "cloudwatch"}
# Every caller may make these calls; no policy can deny them.
FREE = frozenset({("sts", "GetCallerIdentity")})


def permissions(call: Call) -> list[Permission]:
    """The permissions that a call needs, all of them."""
    if (call.service, call.operation) in FREE:
        return []
    special = _SPECIAL.get(call.service)
    if special is not None:
        return [Permission(*each) for each in special(call.operation, call.parameters)]
    return [Permission(action_of(call), resource) for resource in _resources(call)]


def action_of(call: Call) -> str:
    """The action that is named as the operation is, but for those in ACTIONS."""
    name = ACTIONS.get(call.service, {}).get(call.operation, call.operation)
    return f"{PREFIXES.get(call.service, call.service)}:{name}"


def _resources(call: Call) -> Iterable[str]:
    for parameter, name in RESOURCES.get(call.service, ()):
        value = call.parameters.get(parameter)
        if isinstance(value, list):
            return [name(str(each)) for each in value]
        if value:
            return [name(str(value))]
    return ["*"]


Special = Iterator[tuple[str, str, Context]]


def _states(operation: str, parameters: CallParameters) -> Special:
    call = Call("states", operation, parameters)
    token = parameters.get("taskToken")
    # A task's resource is its state machine: that is what scoping a callback means.
    if isinstance(token, str) and token in CallbackTask.machine_of:
        yield action_of(call), CallbackTask.machine_of[token], {}
        return
    kinds = {"CreateStateMachine": "stateMachine", "CreateActivity": "activity"}
    if operation in kinds:
        yield action_of(call), arn_of("states", f"{kinds[operation]}:{parameters.get('name')}"), {}
        return
    for resource in _resources(call):
        yield action_of(call), resource, {}


def _events(operation: str, parameters: CallParameters) -> Special:
    bus = str(parameters.get("EventBusName") or "default").rsplit("/", 1)[-1]
    if operation == "PutEvents":
        for entry in parameters.get("Entries", []):
            arn = _arn("events", "event-bus/")(entry.get("EventBusName") or "default")
            keys = {"events:source": "Source", "events:detail-type": "DetailType"}
            context = {key: (str(entry[name]),) for key, name in keys.items() if name in entry}
            yield "events:PutEvents", arn, context
    elif operation in ("ListRules", "ListEventBuses", "TestEventPattern"):
        yield f"events:{operation}", "*", {}
    elif "Rule" in parameters or "Rule" in operation:
        name = parameters.get("Rule") or parameters.get("Name")
        path = name if bus == "default" else f"{bus}/{name}"
        yield f"events:{operation}", arn_of("events", f"rule/{path}"), {}
    else:
        name = parameters.get("Name") or bus
        yield f"events:{operation}", _arn("events", "event-bus/")(str(name)), {}


def _kms(operation: str, parameters: CallParameters) -> Special:
    if operation == "ReEncrypt":
        yield "kms:ReEncryptFrom", _key_of(parameters), {}
        yield "kms:ReEncryptTo", key_arn(str(parameters.get("DestinationKeyId"))), {}
        return
    if "AliasName" in parameters:
        yield f"kms:{operation}", arn_of("kms", str(parameters["AliasName"])), {}
    key = parameters.get("KeyId") or parameters.get("TargetKeyId")
    if key or "CiphertextBlob" in parameters:
        pairs = parameters.get("EncryptionContext", {})
        context = {f"{ENCRYPTION_CONTEXT}{name}".lower(): (pairs[name],) for name in pairs}
        yield f"kms:{operation}", key_arn(str(key)) if key else _key_of(parameters), context
    elif "AliasName" not in parameters:
        yield f"kms:{operation}", "*", {}


def _key_of(parameters: CallParameters) -> str:
    return key_of_ciphertext(base64.b64decode(parameters.get("CiphertextBlob", "")))


def _logs(operation: str, parameters: CallParameters) -> Special:
    """A group's ARN ends in what a stream's goes on with, as in the messages of CloudWatch Logs."""
    group = parameters.get("logGroupName") or parameters.get("logGroupNamePrefix")
    named = parameters.get("logGroupIdentifier") or parameters.get("resourceArn")
    if named and str(named).startswith("arn:"):
        group = str(named).split(":log-group:")[-1].removesuffix(":*")
    elif named:
        group = named
    stream = parameters.get("logStreamName", "")
    yield f"logs:{operation}", arn_of("logs", f"log-group:{group or ''}:log-stream:{stream}"), {}


def _sns(operation: str, parameters: CallParameters) -> Special:
    call = Call("sns", operation, parameters)
    keys = {"sns:protocol": "Protocol", "sns:endpoint": "Endpoint"}
    context = {key: (str(parameters[name]),) for key, name in keys.items() if name in parameters}
    for resource in _resources(call):
        yield action_of(call), resource, context


_SPECIAL: Mapping[str, Callable[[str, CallParameters], Special]] = {
    "dynamodb": dynamodb_permissions,
    "events": _events,
    "kms": _kms,
    "logs": _logs,
    "s3": s3_permissions,
    "sns": _sns,
    "states": _states,
}
