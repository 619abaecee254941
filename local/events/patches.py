# SPDX-License-Identifier: MIT-0
"""Patches of moto's EventBridge: rules that deliver to every target that is served here."""

from typing import Any

from moto.events.models import Rule

from ..patching import replacing
from .delivery_queue import DeliveryQueue
from .rules import rule_deliveries

_lanes: list[DeliveryQueue] = []


def use_delivery_queue(lane: DeliveryQueue) -> None:
    """Let rules and topics deliver by the lane of a new endpoint."""
    _lanes[:] = [lane]


def current_delivery_queue() -> DeliveryQueue:
    """The lane of the endpoint that is up."""
    [lane] = _lanes
    return lane


@replacing(
    Rule,
    "send_to_targets",
    gap="A rule does not invoke functions, a disabled rule matches, and no policy is asked.",
    probe="rule_does_not_invoke_functions",
)
def _send_to_targets(
    self: Rule, original_event: dict[str, Any], transform_input: bool = True
) -> None:
    for delivery in rule_deliveries(self, original_event):
        current_delivery_queue().submit(delivery)
