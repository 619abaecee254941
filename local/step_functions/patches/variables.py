# SPDX-License-Identifier: MIT-0
"""Patches of variables: what a reference to one is, and when an assigned value can be seen."""

import json
import re
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.component.common.assign.assign_decl import AssignDecl
from moto.stepfunctions.parser.asl.component.common.query_language import QueryLanguageMode
from moto.stepfunctions.parser.asl.component.common.string.string_expression import (
    StringLiteral,
    StringVariableSample,
)
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.variable_store import VariableStore
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
from moto.stepfunctions.parser.asl.utils.json_path import extract_json

from ...patching import replacing, wrapping

_REFERENCE = re.compile(r"\$(\w+)(.*)", re.DOTALL)


def seen_by(store: VariableStore, location: str) -> dict[str, Any]:
    """The variables that a field's expressions see: Output does not see its state's Assign.

    https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
    """
    current = {**store._outer_scope, **store._inner_scope}
    if "Output" not in location.split("/")[:2]:
        return current
    return getattr(store, "before_assign", current)


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


@replacing(
    StringVariableSample,
    "_eval_body",
    gap="A JSONPath into a variable is evaluated as JSONata, with the variables pasted as text.",
    probe="jsonata_has_no_evaluator",
)
def _sample(self: StringVariableSample, env: Environment) -> None:
    found = _REFERENCE.fullmatch(self.expression)
    name, path = found.groups() if found else (self.expression, "")
    value = env.variable_store.get(name)
    env.stack.append(extract_json(f"${path}", value) if path else value)


@replacing(
    VariableStore,
    "get_assigned_variables",
    gap="A text that is assigned is recorded between quotes, with nothing in it escaped.",
    probe="assigned_text_is_no_json",
)
def _assigned_variables(self: VariableStore) -> dict[str, str]:
    return {
        name: json.dumps(self.get(name), ensure_ascii=False, separators=(",", ":"))
        for name in sorted(self._declaration_tracing)
    }


def _literal_under_jsonata(visit: str) -> None:
    @wrapping(
        Preprocessor,
        visit,
        gap="Under JSONata, a text that looks like a JSONPath or an intrinsic function is one.",
        probe="text_that_looks_like_a_path_is_one",
    )
    def read(original: Callable[[Any, Any], Any], self: Preprocessor, ctx: Any) -> Any:
        language = self._get_current_query_language().query_language_mode
        if language == QueryLanguageMode.JSONata:
            return StringLiteral(literal_value=json.loads(ctx.getText()))
        return original(self, ctx)


for _visit in (
    "visitString_jsonpath",
    "visitString_context_path",
    "visitString_variable_sample",
    "visitString_intrinsic_function",
):
    _literal_under_jsonata(_visit)
