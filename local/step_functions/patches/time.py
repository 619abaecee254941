# SPDX-License-Identifier: MIT-0
"""Patch of time: the time-out that a task has by default."""

from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
from moto.stepfunctions.parser.asl.eval.environment import Environment

from ...patching import replacing


@replacing(
    TimeoutSeconds,
    "_eval_seconds",
    gap="A task with HeartbeatSeconds and no TimeoutSeconds times out after 60 seconds.",
    probe="heartbeat_alone_times_out_after_a_minute",
)
def _timeout_seconds(self: TimeoutSeconds, env: Environment) -> int:
    seconds: int = self.DEFAULT_TIMEOUT_SECONDS if self.is_default else self.timeout_seconds
    return seconds
