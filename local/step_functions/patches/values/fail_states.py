# SPDX-License-Identifier: MIT-0
"""Patches of Fail states: ErrorPath and CausePath select texts."""

from collections.abc import Callable

from moto.stepfunctions.parser.asl.component.state.fail.cause_decl import CausePath
from moto.stepfunctions.parser.asl.component.state.fail.error_decl import ErrorPath
from moto.stepfunctions.parser.asl.eval.environment import Environment

from ....patching import wrapping
from ...failure import runtime_failure


def _require_text(path_type: type, gap: str, probe: str) -> None:
    @wrapping(path_type, "_eval_body", gap=gap, probe=probe)
    def evaluate(
        original: Callable[..., None], self: ErrorPath | CausePath, env: Environment
    ) -> None:
        original(self, env)
        if not isinstance(value := env.stack[-1], str):
            path = self.string_expression.literal_value
            raise runtime_failure(
                env, f"The {path_type.__name__} parameter does not select a text: {path} == {value}"
            )


_require_text(
    CausePath,
    gap="A cause that a path selects may be of any type.",
    probe="cause_path_selects_a_number",
)
_require_text(
    ErrorPath,
    gap="An error that a path selects and that is no text fails in the words of an exception.",
    probe="error_path_selects_a_number",
)
