# SPDX-License-Identifier: MIT-0
"""EventBridge's resource types: rules.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ....endpoint.endpoint import Endpoint
from ....errors import LocalError
from ....events.inputs import INPUTS, is_path
from ....events.targets import SERVICES
from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource
from ..access.trust import require_trust
from .patterns import pattern_problems

_TARGET = frozenset(
    ("Arn", "DeadLetterConfig", "Id", "RetryPolicy", "RoleArn", "SqsParameters", *INPUTS)
)
# The targets for which EventBridge needs a role.
_NEED_ROLE = ("states",)


@dataclass(frozen=True)
class EventRule:
    """A rule of an event bus."""

    name: str
    bus: str = "default"

    def put(
        self, endpoint: Endpoint, settings: Mapping[str, str], targets: list[dict[str, Any]]
    ) -> str:
        """Create or replace the rule, with these targets and no others, and return its ARN."""
        events = endpoint.client("events")
        arn = events.put_rule(Name=self.name, EventBusName=self.bus, **settings)["RuleArn"]
        if targets:
            events.put_targets(Rule=self.name, EventBusName=self.bus, Targets=targets)
        self._remove_targets(events, but={target["Id"] for target in targets})
        return str(arn)

    def delete(self, endpoint: Endpoint) -> None:
        events = endpoint.client("events")
        self._remove_targets(events, but=set())
        events.delete_rule(Name=self.name, EventBusName=self.bus)

    def _remove_targets(self, events: Any, but: set[str]) -> None:
        listed = events.list_targets_by_rule(Rule=self.name, EventBusName=self.bus)["Targets"]
        there = {target["Id"] for target in listed}
        if there - but:
            events.remove_targets(Rule=self.name, EventBusName=self.bus, Ids=sorted(there - but))


def _check_rule(properties: Mapping[str, Any]) -> Iterable[str]:
    pattern, state = properties.get("EventPattern"), properties.get("State", "ENABLED")
    if "EventPattern" in properties and (not isinstance(pattern, dict) or not pattern):
        yield "the property EventPattern must be an object that is not empty"
    if not {"EventPattern", "ScheduleExpression"} & set(properties):
        yield "the property EventPattern or ScheduleExpression is missing"
    yield from (f"the property EventPattern: {each}" for each in pattern_problems(pattern))
    if state not in ("ENABLED", "DISABLED"):
        yield f"the property State must be ENABLED or DISABLED here, got {state}"
    for target in properties.get("Targets", []):
        yield from (f"the property Targets: {each}" for each in _target_problems(target))


def _target_problems(target: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(set(target) - _TARGET):
        yield f"{key} is not supported here"
    if len(inputs := sorted(set(target) & set(INPUTS))) > 1:
        yield f"only one of {', '.join(INPUTS)} may be given, got {', '.join(inputs)}"
    transformer = target.get("InputTransformer", {})
    paths = [target.get("InputPath"), *transformer.get("InputPathsMap", {}).values()]
    for path in paths:
        if isinstance(path, str) and not is_path(path):
            yield f"the path {path} is none that EventBridge takes"


def _require_target(target: Mapping[str, Any]) -> None:
    """Return if events can go to a target.

    Raises:
        LocalError: nothing is delivered there, or not without a role that EventBridge may use
    """
    arn, role = target["Arn"], target.get("RoleArn")
    service = arn.split(":")[2] if arn.count(":") >= 5 else ""
    if service not in SERVICES:
        raise LocalError(f"the property Targets has {arn}, which is no target here")
    if service in _NEED_ROLE and not role:
        raise LocalError(f"the property Targets: RoleArn is required for target {arn}.")
    if role:
        refusal = "Provided role cannot be assumed by principal 'events.amazonaws.com'."
        require_trust(role, "events", refusal)


def _create_rule(resource: Resource, context: StackContext) -> PhysicalResource:
    targets = resource.of("Targets", [])
    for target in targets:
        _require_target(target)
    resource.refuse_replacement("EventBusName", "Name")
    bus = str(resource.of("EventBusName", "default")).rsplit("/", 1)[-1]
    rule = EventRule(context.name(resource, "Name"), bus)
    settings = {"State": resource.of("State", "ENABLED")}
    if resource.of("EventPattern"):
        settings["EventPattern"] = json.dumps(resource.of("EventPattern"))
    if resource.of("ScheduleExpression"):
        settings["ScheduleExpression"] = resource.of("ScheduleExpression")
    arn = rule.put(context.endpoint, settings, targets)
    ref = rule.name if bus == "default" else f"{bus}|{rule.name}"
    return PhysicalResource(ref, {"Arn": arn}, (rule,))


TYPES = {
    "AWS::Events::Rule": ResourceType.of(
        _create_rule,
        "EventBusName EventPattern Name State Targets",
        # A schedule is kept with its rule, and fires nothing.
        "Description RoleArn ScheduleExpression Tags",
        check=_check_rule,
    ),
}
