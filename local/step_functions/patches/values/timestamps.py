# SPDX-License-Identifier: MIT-0
"""Patches of timestamps: fractions and offsets, in Choice and in Wait."""

import math
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.state.choice.comparison.operator.implementations import (  # noqa: E501
    is_operator,
    timestamp_operators,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp
from moto.stepfunctions.parser.asl.eval.environment import Environment

from ....patching import replacing, setting, wrapping
from ...services import services
from ...values.timestamp import parse_timestamp

GAP = "A timestamp with a fraction of a second or an offset is none."
PROBE = "timestamp_with_an_offset_is_none"

setting(
    is_operator.IsTimestamp,
    "string_to_timestamp",
    staticmethod(parse_timestamp),
    gap=GAP,
    probe=PROBE,
)
setting(Timestamp, "_from_timestamp_string", staticmethod(parse_timestamp), gap=GAP, probe=PROBE)


def _compare_timestamps(operator: type) -> None:
    @wrapping(
        operator,
        "_compare",
        gap="A comparison of a timestamp with a value that is none fails the execution.",
        probe="comparison_with_no_timestamp_fails",
    )
    def compare(original: Callable[[Any, Any], bool], variable: Any, value: Any) -> bool:
        return parse_timestamp(value) is not None and original(variable, value)


for _operator in (
    timestamp_operators.TimestampEquals,
    timestamp_operators.TimestampGreaterThan,
    timestamp_operators.TimestampGreaterThanEquals,
    timestamp_operators.TimestampLessThan,
    timestamp_operators.TimestampLessThanEquals,
):
    _compare_timestamps(_operator)


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
