# SPDX-License-Identifier: MIT-0
"""EventBridge's resource types: rules."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...endpoint.endpoint import Endpoint
from ...errors import LocalError
from ..resource import Resource, ResourceType, StackContext
from ..templates.physical_resource import PhysicalResource


@dataclass(frozen=True)
class EventRule:
    """A rule of an event bus."""

    name: str
    bus: str = "default"

    def put(
        self, endpoint: Endpoint, pattern: str, state: str, targets: list[dict[str, str]]
    ) -> str:
        """Create or replace the rule, with these targets and no others, and return its ARN."""
        events = endpoint.client("events")
        arn = events.put_rule(
            Name=self.name, EventBusName=self.bus, EventPattern=pattern, State=state
        )["RuleArn"]
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
    if not isinstance(pattern, dict) or not pattern:
        yield "the property EventPattern must be an object that is not empty"
    if state not in ("ENABLED", "DISABLED"):
        yield f"the property State must be ENABLED or DISABLED here, got {state}"
    for target in properties.get("Targets", []):
        for key in sorted(set(target) - {"Arn", "Id"}):
            yield f"the property Targets has {key}, not supported here"


def _create_rule(resource: Resource, context: StackContext) -> PhysicalResource:
    targets = resource.of("Targets", [])
    for target in targets:
        if ":lambda:" not in target["Arn"]:
            raise LocalError(f"the property Targets has {target['Arn']}: functions alone here")
    resource.refuse_replacement("EventBusName", "Name")
    bus = str(resource.of("EventBusName", "default")).rsplit("/", 1)[-1]
    rule = EventRule(context.name(resource, "Name"), bus)
    pattern, state = json.dumps(resource.of("EventPattern")), resource.of("State", "ENABLED")
    arn = rule.put(context.endpoint, pattern, state, targets)
    ref = rule.name if bus == "default" else f"{bus}|{rule.name}"
    return PhysicalResource(ref, {"Arn": arn}, (rule,))


TYPES = {
    "AWS::Events::Rule": ResourceType.of(
        _create_rule,
        "EventBusName EventPattern! Name State Targets",
        "Description Tags",
        check=_check_rule,
    ),
}
