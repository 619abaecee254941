# SPDX-License-Identifier: MIT-0
"""Patches of moto's EventBridge: rules that invoke functions."""

import json
from collections.abc import Callable
from typing import Any

from moto.events.models import Rule

from ..functions.lambda_error import LambdaError
from ..patching import replacing

PRINCIPAL = "events.amazonaws.com"
# Takes the principal, the ARN of the rule, the ARN of the function and the payload.
Invoke = Callable[[str, str, str, str], None]
_invokers: list[Invoke] = []


def use_invoker(invoke: Invoke) -> None:
    """Let rules invoke the functions of a new endpoint."""
    _invokers[:] = [invoke]


@replacing(
    Rule,
    "send_to_targets",
    gap="A rule does not invoke functions, and a disabled rule matches.",
    probe="rule_does_not_invoke_functions",
)
def _send_to_targets(
    self: Rule, original_event: dict[str, Any], transform_input: bool = True
) -> None:
    if self.state != "ENABLED" or not self.event_pattern.matches_event(original_event):
        return
    [invoke] = _invokers
    for target in self.targets:
        try:
            invoke(PRINCIPAL, self.arn, target["Arn"], json.dumps(original_event))
        except LambdaError:
            # EventBridge counts a failed invocation; the sender of the event learns nothing.
            continue
