# SPDX-License-Identifier: MIT-0
"""Patches of intrinsic functions: their escapes, their arguments and their failures."""

import json
from types import SimpleNamespace

from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.parse.intrinsic.intrinsic_parser import IntrinsicParser

from ....patching import replacing
from ...failure import runtime_failure
from ...intrinsics.functions import InvalidArguments, evaluate
from ...intrinsics.syntax import IntrinsicCall, parse_intrinsic
from .paths import select_path


class IntrinsicFunction(EvalComponent):
    """A call of an intrinsic function in the interpreter's tree."""

    def __init__(self, call: IntrinsicCall) -> None:
        self.call = call
        # For ErrorPath and CausePath, which know names without their first and last letters.
        self.name = SimpleNamespace(name=call.name[1:-1])

    def _field_name(self) -> None:
        # A failure names the field that the call stands in.
        return None

    def _eval_body(self, env: Environment) -> None:
        data = env.stack[-1]
        try:
            value = evaluate(self.call, lambda path: select_path(path, data, env))
        except InvalidArguments as error:
            raise runtime_failure(env, str(error)) from None
        env.stack.append(value)


@replacing(
    IntrinsicParser,
    "parse",
    gap="Intrinsic functions keep the escapes of literals.",
    probe="intrinsic_literal_keeps_its_escapes",
)
@replacing(
    IntrinsicParser,
    "parse",
    gap="Intrinsic functions take no null.",
    probe="intrinsic_function_takes_no_null",
)
@replacing(
    IntrinsicParser,
    "parse",
    gap="Intrinsic functions decode no UTF-8.",
    probe="intrinsic_function_decodes_no_utf_8",
)
def _parse(text: str) -> tuple[IntrinsicFunction, None]:
    # The text comes from the definition as it is written there: with JSON's escapes.
    return IntrinsicFunction(parse_intrinsic(json.loads(f'"{text}"'))), None
