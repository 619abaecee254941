# SPDX-License-Identifier: MIT-0
"""Patches of time: the time-out that a task has by default, and when a state was entered."""

from typing import Any

from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
from moto.stepfunctions.parser.asl.component.state import state
from moto.stepfunctions.parser.asl.eval.environment import Environment

from ...patching import replacing
from ..executions.worker import iso_milliseconds
from ..services import services


@replacing(
    TimeoutSeconds,
    "_eval_seconds",
    gap="A task with HeartbeatSeconds and no TimeoutSeconds times out after 60 seconds.",
    probe="heartbeat_alone_times_out_after_a_minute",
)
def _timeout_seconds(self: TimeoutSeconds, env: Environment) -> int:
    seconds: int = self.DEFAULT_TIMEOUT_SECONDS if self.is_default else self.timeout_seconds
    return seconds


@replacing(
    state,
    "StateData",
    gap="EnteredTime is the machine's time, in another format than the service's.",
    probe="entered_time_has_another_format",
)
def _state_data(Name: str, **_: Any) -> dict[str, Any]:  # noqa: N803 (moto calls it by keyword)
    return {"Name": Name, "EnteredTime": iso_milliseconds(services().now())}
