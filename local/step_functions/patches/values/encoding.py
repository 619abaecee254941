# SPDX-License-Identifier: MIT-0
"""Patches of JSON texts: how data is written, and how long it may be."""

import json
from types import SimpleNamespace
from typing import Any

from moto.stepfunctions.parser.asl.component.state import state
from moto.stepfunctions.parser.asl.component.state.exec.state_task import (
    lambda_eval_utils,
    state_task_lambda,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service,
)
from moto.stepfunctions.parser.asl.eval.variable_store import VariableStore
from moto.stepfunctions.parser.asl.parse import preprocessor
from moto.stepfunctions.parser.asl.utils import encoding
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from ....patching import replacing, setting
from ...values.limits import MAX_DATA_BYTES


def _dumps(value: Any, cls: type[json.JSONEncoder] | None = None, **_: Any) -> str:
    return json.dumps(value, cls=cls, separators=(",", ":"), ensure_ascii=False)


for _module in (encoding, lambda_eval_utils):
    setting(
        _module,
        "json",
        SimpleNamespace(**{**vars(json), "dumps": _dumps}),
        gap="JSON has spaces after commas and colons, and escapes what is not ASCII.",
        probe="json_has_spaces",
    )


def _is_within_size_quota(value: Any) -> bool:
    return len(to_json_str(value).encode(errors="replace")) <= MAX_DATA_BYTES


for _module in (state, state_task_lambda, state_task_service):
    setting(
        _module,
        "is_within_size_quota",
        _is_within_size_quota,
        gap="The size of data counts the escapes of what is not ASCII.",
        probe="size_counts_escapes",
    )


@replacing(
    VariableStore,
    "get_assigned_variables",
    gap="A text that is assigned to a variable is recorded without JSON's escapes.",
    probe="assigned_text_is_no_json",
)
def _assigned_variables(self: VariableStore) -> dict[str, str]:
    return {name: to_json_str(self.get(name)) for name in sorted(self._declaration_tracing)}


def _text_of_literal(parser_rule_context: Any) -> str:
    text = parser_rule_context.getText()
    return str(json.loads(text)) if text.startswith('"') else str(text)


setting(
    preprocessor,
    "from_string_literal",
    _text_of_literal,
    gap="A string of a definition is read as Python: a surrogate pair becomes two characters.",
    probe="surrogate_pair_becomes_two_characters",
)
