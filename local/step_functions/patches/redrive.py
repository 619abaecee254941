# SPDX-License-Identifier: MIT-0
"""Patch of how a state is entered: a redrive goes on in the states of an earlier run."""

from collections.abc import Callable

from moto.stepfunctions.parser.asl.component.state.state import CommonStateField

from ...patching import wrapping
from ..executions.environment import ExecutionEnvironment


@wrapping(
    CommonStateField,
    "_eval_state_input",
    gap="No execution can be redriven: nothing keeps what its states began with.",
    probe="no_execution_is_redriven",
)
def _enter(
    original: Callable[..., None], self: CommonStateField, env: ExecutionEnvironment
) -> None:
    env.note_entry()
    original(self, env)
