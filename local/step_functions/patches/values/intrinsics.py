# SPDX-License-Identifier: MIT-0
"""Patches of intrinsic functions: their escapes, their arguments and their failures."""

import json
import re
from typing import Any

from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.parse.intrinsic.intrinsic_parser import IntrinsicParser
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

from ....patching import replacing
from ...failure import runtime_failure
from ...intrinsics.functions import InvalidArguments, evaluate
from ...intrinsics.syntax import Call, parse_intrinsic
from .paths import extract_json, variable_value

_VARIABLE = re.compile(r"\$[A-Za-z_]")


class IntrinsicFunction(EvalComponent):
    """A call of an intrinsic function in the interpreter's tree."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def _field_name(self) -> None:
        # A failure names the field that the call stands in.
        return None

    def _eval_body(self, env: Environment) -> None:
        data = env.stack[-1]
        try:
            value = evaluate(self.call, lambda path: _resolve(path, data, env))
        except InvalidArguments as error:
            raise runtime_failure(env, str(error)) from None
        env.stack.append(value)


def _resolve(path: str, data: Any, env: Environment) -> Any:
    if path.startswith("$$"):
        context = env.states.context_object.context_object_data
        try:
            return extract_json(path[1:], context)
        except NoSuchJsonPathError:
            raise NoSuchJsonPathError(path, context) from None
    if _VARIABLE.match(path):
        return variable_value(path, env)
    return extract_json(path, data)


@replacing(
    IntrinsicParser,
    "parse",
    gap="Intrinsic functions keep the escapes of literals, and know no null and no UTF-8.",
    probe="intrinsic_literal_keeps_its_escapes",
)
def _parse(text: str) -> tuple[IntrinsicFunction, None]:
    # The text comes from the definition as it is written there: with JSON's escapes.
    return IntrinsicFunction(parse_intrinsic(json.loads(f'"{text}"'))), None
