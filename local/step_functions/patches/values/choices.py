# SPDX-License-Identifier: MIT-0
"""Patches of Choice states: what rules compare and assign, and a state that no rule leaves."""

from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.component.common.assign.assign_decl import AssignDecl
from moto.stepfunctions.parser.asl.component.common.string.string_expression import (
    StringContextPath,
    StringSampler,
)
from moto.stepfunctions.parser.asl.component.state.choice.choice_rule import ChoiceRule
from moto.stepfunctions.parser.asl.component.state.choice.comparison.comparison_func import (
    ComparisonFuncStringVariableSample,
    ComparisonFuncValue,
)
from moto.stepfunctions.parser.asl.component.state.choice.comparison.comparison_variable import (
    ComparisonVariable,
)
from moto.stepfunctions.parser.asl.component.state.choice.state_choice import StateChoice
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

from ....patching import replacing, wrapping
from ...failure import runtime_failure
from ...values.comparison import fits
from .paths import select_path

_PATH = "Path"


@replacing(
    ComparisonVariable,
    "_eval_body",
    gap="A comparison takes a path that selects nothing for a value.",
    probe="comparison_of_nothing_is_false",
)
@replacing(
    ComparisonVariable,
    "_eval_body",
    gap="The second path of a comparison cannot lead into the context object.",
    probe="comparison_knows_no_context_object",
)
@replacing(
    ComparisonVariable,
    "_eval_body",
    gap="StringMatches takes [ and ? for wildcards.",
    probe="brackets_and_question_marks_are_wildcards",
)
def _compare(self: ComparisonVariable, env: Environment) -> None:
    function = self.comparison_function
    assert isinstance(function, ComparisonFuncValue)
    name, data = function.operator_type.name, env.stack[-1]
    path = _path_of(self.variable.string_sampler)
    if name == "IsPresent":
        env.stack.append(_is_present(path, data, env) is function.value)
        return
    value = _selected(path, data, env)
    operand = function.value
    if isinstance(function, ComparisonFuncStringVariableSample):
        # A text that begins with a dollar sign: only of an operator with a path it is a variable.
        operand = _path_of(function.string_variable_sample)
    if name.endswith(_PATH):
        operand = _selected(operand, data, env)
    env.stack.append(fits(name.removesuffix(_PATH), value, operand))


def _path_of(sampler: StringSampler) -> str:
    is_context = isinstance(sampler, StringContextPath)
    return str(sampler.context_object_path if is_context else sampler.literal_value)


def _is_present(path: str, data: Any, env: Environment) -> bool:
    try:
        select_path(path, data, env)
    except NoSuchJsonPathError:
        return False
    return True


def _selected(path: str, data: Any, env: Environment) -> Any:
    try:
        return select_path(path, data, env)
    except NoSuchJsonPathError:
        raise runtime_failure(
            env,
            f"Invalid path '{path}': The choice state's condition path references an invalid "
            "value.",
        ) from None


class _Default(str):
    """The name of the state that a Choice state goes to when no rule is met."""


@replacing(
    StateChoice,
    "_eval_state",
    gap="A Choice state that no rule leaves fails in the words of an exception.",
    probe="choice_without_a_match_raises",
)
def _choose(self: StateChoice, env: Environment) -> None:
    for rule in self.choices_decl.rules:
        rule.eval(env)
        if env.stack.pop():
            assert rule.next_stmt is not None
            env.stack.append(rule.next_stmt.name)
            return
    if self.default_state is None:
        raise runtime_failure(
            env, "Failed to transition out of the state. The state does not point to a next state."
        )
    env.stack.append(_Default(self.default_state.state_name))


@wrapping(
    StateChoice,
    "_eval_state_output",
    gap="What the state assigns by default overwrites what a rule assigns that leads to the same "
    "state.",
    probe="default_overwrites_what_a_rule_assigns",
)
def _leave(original: Callable[..., None], self: StateChoice, env: Environment) -> None:
    if isinstance(env.stack[-1], _Default):
        original(self, env)
        return
    next_state_name = env.stack.pop()
    if self._is_language_query_jsonpath():
        if self.output_path:
            self.output_path.eval(env=env)
        else:
            env.states.reset(input_value=env.stack.pop())
    env.next_state_name = next_state_name


@wrapping(
    Preprocessor,
    "visitChoice_rule_comparison_variable",
    gap="A rule that compares a path assigns nothing.",
    probe="rule_of_a_path_assigns_nothing",
)
def _visit_rule(original: Callable[..., ChoiceRule], self: Preprocessor, ctx: Any) -> ChoiceRule:
    rule = original(self, ctx)
    if rule.assign is None and any(
        child.getText().startswith('"Assign"') for child in ctx.children
    ):
        parts = map(self.visit, ctx.children)
        rule.assign = next(each for each in parts if isinstance(each, AssignDecl))
    return rule


@replacing(
    ChoiceRule,
    "_eval_body",
    gap="What a rule assigns by a path is read from the outcome of its comparison.",
    probe="rule_assigns_from_the_outcome_of_its_comparison",
)
def _evaluate_rule(self: ChoiceRule, env: Environment) -> None:
    self.comparison.eval(env)
    is_met = env.stack.pop()
    for part in (self.assign, self.output) if is_met else ():
        if part is not None:
            part.eval(env=env)
    env.stack.append(is_met)
