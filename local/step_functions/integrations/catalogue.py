# SPDX-License-Identifier: MIT-0
"""The integrations that are served here: services, actions, parameters and patterns.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore import xform_name
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_dynamodb,
    state_task_service_events,
    state_task_service_lambda,
    state_task_service_sfn,
    state_task_service_sns,
    state_task_service_sqs,
)

from ...service_models import service_model
from ..values.resource_arn import SYNC, SYNC_2, TOKEN, ServiceResource
from .errors import ErrorNames
from .names import action_name, optimized_name
from .values import OPTIMIZED, SDK, Conventions


@dataclass(frozen=True)
class Integration:
    """One call of a service from a Task state.

    Args:
        client: the service, as boto3 names it
        operation: the operation, as the API names it
        parameters: the fields that are sent, others are dropped; None sends all
        has_metadata: whether the result has the metadata of the HTTP response
    """

    client: str
    operation: str
    conventions: Conventions
    errors: ErrorNames
    parameters: frozenset[str] | None = None
    has_metadata: bool = False

    @property
    def method(self) -> str:
        """The method of boto3's client."""
        return str(xform_name(self.operation))

    @property
    def model(self) -> Any:
        """The operation in the service's model."""
        return service_model(self.client).operation_model(self.operation)

    @property
    def fields(self) -> Mapping[str, Any]:
        """The members of the request by the names of their fields."""
        shape = self.model.input_shape
        members = shape.members if shape is not None else {}
        return {self.conventions.name(name): member for name, member in members.items()}

    @property
    def required(self) -> list[str]:
        """The names of the fields without which the service refuses a request."""
        shape = self.model.input_shape
        members = shape.required_members if shape is not None else []
        return [self.conventions.name(name) for name in members]


class NotServed(Exception):
    """Why no integration here serves a Resource."""


@dataclass(frozen=True)
class _Optimized:
    client: str
    actions: str
    module: Any
    errors: ErrorNames
    patterns: tuple[str, ...] = (TOKEN,)
    has_metadata: bool = True

    def parameters(self, action: str) -> frozenset[str]:
        return frozenset(self.module._SUPPORTED_API_PARAM_BINDINGS[action.lower()])


_OPTIMIZED = {
    "dynamodb": _Optimized(
        "dynamodb",
        "getItem putItem updateItem deleteItem",
        state_task_service_dynamodb,
        ErrorNames("DynamoDB", "AmazonDynamoDBv2", "AmazonDynamoDBException"),
        patterns=(),
    ),
    # As recorded: of these alone, the result is without metadata.
    "events": _Optimized(
        "events",
        "putEvents",
        state_task_service_events,
        ErrorNames("EventBridge", "AmazonEventBridge", "AmazonEventBridgeException"),
        has_metadata=False,
    ),
    "lambda": _Optimized(
        "lambda",
        "invoke",
        state_task_service_lambda,
        ErrorNames("Lambda", "AWSLambda", "AWSLambdaException"),
    ),
    "sns": _Optimized(
        "sns",
        "publish",
        state_task_service_sns,
        ErrorNames("SNS", "AmazonSNS", "AmazonSNSException"),
    ),
    "sqs": _Optimized(
        "sqs",
        "sendMessage",
        state_task_service_sqs,
        ErrorNames("SQS", "AmazonSQS", "AmazonSQSException"),
    ),
    "states": _Optimized(
        "stepfunctions",
        "startExecution",
        state_task_service_sfn,
        ErrorNames("StepFunctions", "AWSStepFunctions", "AWSStepFunctionsException"),
        patterns=(TOKEN, SYNC, SYNC_2),
    ),
}
# By the service in the ARN: the service as boto3 names it, and the prefix of its errors.
_SDK = {
    "cloudformation": ("cloudformation", "CloudFormation"),
    "cloudwatch": ("cloudwatch", "CloudWatch"),
    "cloudwatchlogs": ("logs", "CloudWatchLogs"),
    "dynamodb": ("dynamodb", "DynamoDb"),
    "eventbridge": ("events", "EventBridge"),
    "iam": ("iam", "Iam"),
    "kms": ("kms", "Kms"),
    "lambda": ("lambda", "Lambda"),
    "s3": ("s3", "S3"),
    "secretsmanager": ("secretsmanager", "SecretsManager"),
    "sfn": ("stepfunctions", "Sfn"),
    "sns": ("sns", "Sns"),
    "sqs": ("sqs", "Sqs"),
    "ssm": ("ssm", "Ssm"),
    "sts": ("sts", "Sts"),
}
LAMBDA_ERRORS = _OPTIMIZED["lambda"].errors


def find_integration(resource: ServiceResource) -> Integration:
    """The integration that serves a Resource.

    Raises:
        NotServed: the service, the action or the pattern is not served here, or is none of AWS's
    """
    return _find_sdk(resource) if resource.is_sdk else _find_optimized(resource)


def _find_optimized(resource: ServiceResource) -> Integration:
    service = _OPTIMIZED.get(resource.service)
    if service is None:
        raise NotServed(f"the optimized integration of {resource.service} is not served here")
    if resource.action not in service.actions.split():
        raise NotServed(f"{resource.service} has no optimized integration {resource.action}")
    _require_pattern(resource, service.patterns)
    return Integration(
        service.client,
        optimized_name(resource.action),
        OPTIMIZED,
        service.errors,
        service.parameters(resource.action),
        service.has_metadata,
    )


def _find_sdk(resource: ServiceResource) -> Integration:
    if resource.service not in _SDK:
        raise NotServed(f"the SDK integration of {resource.service} is not served here")
    client, prefix = _SDK[resource.service]
    operation = operations_by_action(client).get(resource.action)
    if operation is None:
        raise NotServed(f"{resource.service} has no API action {resource.action}")
    if service_model(client).operation_model(operation).has_event_stream_output:
        raise NotServed(f"{resource.action} answers with a stream of events")
    _require_pattern(resource, (TOKEN,))
    return Integration(client, operation, SDK, ErrorNames.of_sdk(prefix))


def _require_pattern(resource: ServiceResource, known: tuple[str, ...]) -> None:
    if resource.pattern is not None and resource.pattern not in known:
        raise NotServed(f"{resource.service}:{resource.action} has no pattern .{resource.pattern}")


@cache
def operations_by_action(client: str) -> Mapping[str, str]:
    """The operations of a service by the names of their actions."""
    return {action_name(name): name for name in service_model(client).operation_names}
