# SPDX-License-Identifier: MIT-0
"""Lambda's event source mappings: queues alone.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ....endpoint.endpoint import Endpoint
from ....endpoint.permissions.resources import policy_of
from ....environment import environment
from ....errors import LocalError
from ....functions.function import FunctionVersion
from ....functions.function_name import parse_function_name
from ....iam.caller import AccessDenied, Caller
from ....lambda_.event_sources.mapping import (
    DEFAULT_BATCH_SIZE,
    DEFAULT_CONCURRENCY,
    EventSourceMapping,
    batch_problems,
)
from ....lambda_.invocation import Invocation, refuse_undurable
from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource
from .patterns import pattern_problems

REPORT_FAILURES = "ReportBatchItemFailures"
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
_ACTIONS = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")


@dataclass(frozen=True)
class Mapped:
    """A mapping that the template has."""

    id: str

    def delete(self, endpoint: Endpoint) -> None:
        endpoint.event_sources.remove(self.id)


def _check_mapping(properties: Mapping[str, Any]) -> Iterable[str]:
    for kind in properties.get("FunctionResponseTypes", []):
        if isinstance(kind, str) and kind != REPORT_FAILURES:
            yield f"the property FunctionResponseTypes must be {REPORT_FAILURES}, got {kind}"
    for pattern in _patterns(properties):
        try:
            parsed = json.loads(pattern)
        except ValueError:
            yield f"the property FilterCriteria: a Pattern must be JSON, got {pattern}"
        else:
            yield from (f"the property FilterCriteria: {each}" for each in pattern_problems(parsed))


def _patterns(properties: Mapping[str, Any]) -> tuple[str, ...]:
    criteria = properties.get("FilterCriteria", {})
    filters = criteria.get("Filters", []) if isinstance(criteria, Mapping) else []
    found = [each.get("Pattern") for each in filters if isinstance(each, Mapping)]
    return tuple(pattern for pattern in found if isinstance(pattern, str))


def _create_mapping(resource: Resource, context: StackContext) -> PhysicalResource:
    resource.refuse_replacement("EventSourceArn")
    queue_arn = resource.of("EventSourceArn")
    mapping_id = f"{context.stack.name}-{resource.logical_id}"
    if ":sqs:" not in queue_arn:
        raise LocalError(f"the property EventSourceArn must be that of a queue here: {queue_arn}")
    for problem in batch_problems(resource.properties, is_fifo=queue_arn.endswith(".fifo")):
        raise LocalError(problem)
    version = context.functions.version(resource.of("FunctionName"))
    _require_function(resource.of("FunctionName"), version)
    _require_queue(context.endpoint, queue_arn, version)
    mapping = EventSourceMapping(
        mapping_id,
        queue_arn,
        resource.of("FunctionName"),
        version.configuration.role_arn,
        batch_size=int(resource.of("BatchSize", DEFAULT_BATCH_SIZE)),
        window_seconds=int(resource.of("MaximumBatchingWindowInSeconds", 0)),
        reports_failures=REPORT_FAILURES in resource.of("FunctionResponseTypes", []),
        patterns=_patterns(resource.properties),
        concurrency=int(
            resource.of("ScalingConfig", {}).get("MaximumConcurrency", DEFAULT_CONCURRENCY)
        ),
    )
    if str(resource.of("Enabled", True)).lower() == "true":
        context.endpoint.event_sources.put(mapping)
    else:
        context.endpoint.event_sources.remove(mapping_id)
    arn = environment().arn("lambda", f"event-source-mapping:{mapping_id}")
    attributes = {"Id": mapping_id, "EventSourceMappingArn": arn}
    return PhysicalResource(mapping_id, attributes, resource.removables(Mapped(mapping_id)))


def _require_function(function_name: str, version: FunctionVersion) -> None:
    """Refuse a durable function that Lambda would not invoke and wait for.

    https://docs.aws.amazon.com/lambda/latest/dg/durable-invoking-esm.html
    """
    if version.configuration.durable is not None:
        _, qualifier = parse_function_name(function_name, None)
        invocation = Invocation(function_name, None, "RequestResponse", None, "{}")
        refuse_undurable(invocation, qualifier, version.configuration.durable)


def _require_queue(endpoint: Endpoint, queue_arn: str, version: FunctionVersion) -> None:
    role = Caller("sqs", environment().region, version.configuration.role_arn)
    for action in _ACTIONS:
        try:
            role.require(f"sqs:{action}", queue_arn, resource_policy=policy_of(queue_arn))
        except AccessDenied:
            raise LocalError(
                "The provided execution role does not have permissions to call "
                f"{action} on SQS ({version.configuration.role_arn})"
            ) from None
    sqs, name = endpoint.client("sqs"), queue_arn.rsplit(":", 1)[-1]
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    wanted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
    visibility = int(wanted["Attributes"]["VisibilityTimeout"])
    timeout = version.configuration.timeout_seconds
    if visibility < timeout:
        raise LocalError(
            f"Queue visibility timeout: {visibility} seconds is less than Function timeout: "
            f"{timeout} seconds"
        )


TYPES = {
    "AWS::Lambda::EventSourceMapping": ResourceType.of(
        _create_mapping,
        "BatchSize Enabled EventSourceArn! FilterCriteria FunctionName! FunctionResponseTypes "
        "MaximumBatchingWindowInSeconds ScalingConfig",
        "LoggingConfig MetricsConfig Tags",
        check=_check_mapping,
    ),
}
