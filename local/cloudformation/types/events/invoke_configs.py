# SPDX-License-Identifier: MIT-0
"""Lambda's configuration of asynchronous invocations: retries, age and destinations.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ....endpoint.endpoint import Endpoint
from ....endpoint.permissions.resources import policy_of
from ....environment import environment
from ....errors import LocalError
from ....functions.function import EventInvokeConfig
from ....functions.function_name import parse_function_name
from ....iam.caller import AccessDenied, Caller
from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource

_LIMITS = {"MaximumEventAgeInSeconds": (60, 21_600), "MaximumRetryAttempts": (0, 2)}
# The permission that a function's role needs for a destination of each service.
_ACTIONS = {
    "events": "events:PutEvents",
    "lambda": "lambda:InvokeFunction",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
}


@dataclass(frozen=True)
class InvokeConfig:
    """The configuration of a function's qualifier."""

    function_name: str
    qualifier: str

    def delete(self, endpoint: Endpoint) -> None:
        functions = endpoint.lambda_service.functions
        functions.configure_invocation(self.function_name, self.qualifier, None)


def require_destination(arn: str, role_arn: str, name: str) -> None:
    """Return if a function's role may send to a destination.

    Args:
        name: what the destination is, for the message

    Raises:
        LocalError: it may not, or nothing is sent there here
    """
    action = _ACTIONS.get(arn.split(":")[2] if arn.count(":") >= 5 else "")
    if action is None:
        raise LocalError(f"the {name} {arn} is not supported here")
    role = Caller(arn.split(":")[2], environment().region, role_arn)
    try:
        role.require(action, arn, resource_policy=policy_of(arn))
    except AccessDenied:
        raise LocalError(
            f"The provided execution role does not have permissions to call {action} on the "
            f"{name} {arn}"
        ) from None


def _check_config(properties: Mapping[str, Any]) -> Iterable[str]:
    for name, (low, high) in _LIMITS.items():
        value = properties.get(name)
        if value is not None and not isinstance(value, Mapping) and not low <= int(value) <= high:
            yield f"the property {name} must be between {low} and {high}, got {value}"


def _create_config(resource: Resource, context: StackContext) -> PhysicalResource:
    name, _ = parse_function_name(resource.of("FunctionName"), None)
    qualifier = resource.of("Qualifier")
    version = context.functions.version(name, qualifier)
    destinations = resource.of("DestinationConfig", {})
    found = {key: (destinations.get(key) or {}).get("Destination") for key in _DESTINATIONS}
    for arn in filter(None, found.values()):
        if version.configuration.durable is not None:
            # https://docs.aws.amazon.com/lambda/latest/dg/durable-invoking.html
            raise LocalError("the property DestinationConfig is not for durable functions")
        require_destination(arn, version.configuration.role_arn, "destination")
    defaults = EventInvokeConfig()
    config = EventInvokeConfig(
        int(resource.of("MaximumRetryAttempts", defaults.maximum_retry_attempts)),
        int(resource.of("MaximumEventAgeInSeconds", defaults.maximum_event_age_seconds)),
        found["OnSuccess"],
        found["OnFailure"],
    )
    context.functions.configure_invocation(name, qualifier, config)
    removable = InvokeConfig(name, qualifier)
    return PhysicalResource(resource.logical_id, removables=resource.removables(removable))


_DESTINATIONS = ("OnFailure", "OnSuccess")
TYPES = {
    "AWS::Lambda::EventInvokeConfig": ResourceType.of(
        _create_config,
        "DestinationConfig FunctionName! MaximumEventAgeInSeconds MaximumRetryAttempts Qualifier!",
        check=_check_config,
    ),
}
