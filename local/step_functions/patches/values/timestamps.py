# SPDX-License-Identifier: MIT-0
"""Patches of timestamps: fractions and offsets, in Wait."""

import math

from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp
from moto.stepfunctions.parser.asl.eval.environment import Environment

from ....patching import replacing, setting
from ...services import services
from ...values.timestamp import parse_timestamp

for _gap, _probe in (
    ("A timestamp with an offset is none.", "timestamp_with_an_offset_is_none"),
    ("A timestamp loses its fraction of a second.", "timestamp_loses_its_fraction"),
):
    setting(
        Timestamp, "_from_timestamp_string", staticmethod(parse_timestamp), gap=_gap, probe=_probe
    )


@replacing(
    Timestamp,
    "_get_wait_seconds",
    gap="A Wait for a timestamp compares it with the local time of the machine.",
    probe="wait_compares_with_the_time_of_the_machine",
)
def _seconds_to_wait(self: Timestamp, env: Environment) -> int:
    self.string.eval(env=env)
    text = env.stack.pop()
    until = parse_timestamp(text)
    if until is None:
        raise FailureEventException(self._create_failure_event(env, text))
    return math.ceil((until - services().clock.now()).total_seconds())
