# SPDX-License-Identifier: MIT-0
"""Patches of variables: when a value that a state assigns can be seen."""

import re
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.component.common.assign.assign_decl import AssignDecl
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.variable_store import VariableStore

from ....patching import wrapping

_IN_OUTPUT = re.compile(r"((Catch|Choices)\[\d+\]/)?Output\b")


def seen_by(store: VariableStore, location: str) -> dict[str, Any]:
    """The variables that a field's expressions see: Output does not see its state's Assign.

    https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
    """
    current = {**store._outer_scope, **store._inner_scope}
    if _IN_OUTPUT.match(location):
        return getattr(store, "before_assign", current)
    return current


def forget_assigned(store: VariableStore) -> None:
    """Take back what a state has assigned: a state that fails assigns nothing."""
    before = vars(store).pop("before_assign", None)
    if before is None:
        return
    for name in list(store._inner_scope):
        if name not in before:
            del store._inner_scope[name]
    store._inner_scope.update(
        {name: value for name, value in before.items() if name in store._inner_scope}
    )
    store.reset_tracing()


@wrapping(
    AssignDecl,
    "_eval_body",
    gap="The Output of a state sees the variables that the same state assigns.",
    probe="output_sees_what_its_state_assigns",
)
def _assign(original: Callable[..., None], self: AssignDecl, env: Environment) -> None:
    before = seen_by(env.variable_store, "Assign")
    original(self, env)
    env.variable_store.before_assign = before


@wrapping(
    CommonStateField,
    "_eval_state_input",
    gap="The Output of a state sees the variables that the same state assigns.",
    probe="output_sees_what_its_state_assigns",
)
def _enter(original: Callable[..., None], self: CommonStateField, env: Environment) -> None:
    vars(env.variable_store).pop("before_assign", None)
    original(self, env)
