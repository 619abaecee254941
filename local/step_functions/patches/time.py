# SPDX-License-Identifier: MIT-0
"""Patches of time: the clock of events, and the time-out that a task has by default."""

from datetime import datetime

from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager

from ...patching import replacing
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
    EventManager,
    "_get_current_timestamp",
    gap="Events carry the machine's time, which stands still while a durable wait is skipped.",
    probe="events_carry_the_time_of_the_machine",
)
def _now(_self: EventManager | None = None) -> datetime:
    return services().now()
