# SPDX-License-Identifier: MIT-0
"""Patches of JSONPath: how paths are read, what they select, and where they place results."""

import json
import re
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.common.path.result_path import ResultPath
from moto.stepfunctions.parser.asl.component.common.query_language import QueryLanguageMode
from moto.stepfunctions.parser.asl.component.common.string import string_expression
from moto.stepfunctions.parser.asl.component.common.string.string_expression import (
    StringVariableSample,
)
from moto.stepfunctions.parser.asl.eval import states
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.variable_store import NoSuchVariable
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

from ....patching import replacing, setting, wrapping
from ...failure import state_failure
from ...values.json_path import NoPlace, NothingSelected, placed, select

_VARIABLE = re.compile(r"\$[A-Za-z_]")
_VARIABLE_NAME = re.compile(r"\$(\w+)")


def extract_json(path: str, data: Any) -> Any:
    """What a path selects, with the interpreter's error where that is nothing.

    Raises:
        NoSuchJsonPathError: a definite path leads to no value
    """
    try:
        return select(path, data)
    except NothingSelected:
        raise NoSuchJsonPathError(path, data) from None


for _module in (states, string_expression):
    setting(
        _module,
        "extract_json",
        extract_json,
        gap="A filter without a match is an error, and one match of a deep scan loses its list.",
        probe="filter_without_a_match_is_an_error",
    )


def _text_of(parser_rule_context: Any) -> str | None:
    text = parser_rule_context.getText()
    if text.startswith('"'):
        return str(json.loads(text))
    return None if text == "null" else str(text)


setting(
    Preprocessor,
    "_inner_string_of",
    staticmethod(_text_of),
    gap="Paths and names of fields keep the escapes that JSON writes them with.",
    probe="path_keeps_its_json_escapes",
)


def variable_value(path: str, env: Environment) -> Any:
    """What a path that begins with a variable selects, such as `$order.items[0]`.

    Raises:
        NoSuchJsonPathError: there is no such variable, or it has no such value
    """
    name = _VARIABLE_NAME.match(path)
    assert name is not None
    try:
        return extract_json(f"${path[name.end() :]}", env.variable_store.get(name[1]))
    except NoSuchVariable:
        raise NoSuchJsonPathError(path, env.states.get_input()) from None


def select_path(path: str, data: Any, env: Environment) -> Any:
    """What a path selects from the input, the context object (`$$`) or a variable (`$name`).

    Raises:
        NoSuchJsonPathError: it is definite and leads to no value
    """
    if path.startswith("$$"):
        context = env.states.context_object.context_object_data
        try:
            return extract_json(path[1:], context)
        except NoSuchJsonPathError:
            raise NoSuchJsonPathError(path, context) from None
    if _VARIABLE.match(path):
        return variable_value(path, env)
    return extract_json(path, data)


@wrapping(
    StringVariableSample,
    "_eval_body",
    gap="A path into a variable is read as JSONata in a JSONPath state.",
    probe="variable_in_a_json_path_state_is_jsonata",
)
def _sample(
    original: Callable[[Any, Environment], None], self: StringVariableSample, env: Environment
) -> None:
    if self.query_language_mode == QueryLanguageMode.JSONPath:
        env.stack.append(variable_value(self.expression, env))
    else:
        original(self, env)


@replacing(
    ResultPath,
    "_eval_body",
    gap="A ResultPath that cannot be applied to the input fails in the words of an exception.",
    probe="result_path_through_a_number_raises",
)
def _place_result(self: ResultPath, env: Environment) -> None:
    data, result = env.states.get_input(), env.stack.pop()
    if self.result_path_src is None:
        env.stack.clear()
        env.stack.append(data)
        return
    try:
        env.stack.append(placed(self.result_path_src, data, result))
    except NoPlace:
        raise state_failure(
            env,
            StatesErrorNameType.StatesResultPathMatchFailure,
            f"An error occurred while executing the state '{env.next_state_name}' (entered at the "
            f"event id #{env.event_history_context.entered[0]}). "
            f"Unable to apply ReferencePath {self.result_path_src} to input {to_json_str(data)}",
        ) from None
