# SPDX-License-Identifier: MIT-0
"""Patches of the numbers that paths select: they have the ranges of those in definitions."""

from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.component.common.timeouts.heartbeat import HeartbeatSecondsPath
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSecondsPath
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.seconds_path import (
    SecondsPath,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment

from ....patching import wrapping
from ...failure import runtime_failure
from ...validation.values import COMPUTED_VALUE_CHECKS


def _require_range(path_type: type, attribute: str) -> None:
    name = path_type.__name__
    check = COMPUTED_VALUE_CHECKS[name.removesuffix("Path")]

    @wrapping(
        path_type,
        attribute,
        gap="A number of seconds that a path selects may be too large, or no number.",
        probe="path_selects_any_seconds",
    )
    def evaluate(original: Callable[..., Any], self: Any, env: Environment) -> Any:
        seconds = original(self, env)
        if message := check(seconds):
            path = self.string_sampler.literal_value
            raise runtime_failure(
                env, f"The {name} parameter is refused: {path} == {seconds}: {message}"
            )
        return seconds


_require_range(SecondsPath, "_get_wait_seconds")
_require_range(TimeoutSecondsPath, "_eval_seconds")
_require_range(HeartbeatSecondsPath, "_eval_seconds")
