# SPDX-License-Identifier: MIT-0
"""Patches of Map states: an object has one item for each key-value pair.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemspath.html
"""

from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.component.common.path.items_path import ItemsPath
from moto.stepfunctions.parser.asl.component.state.exec.state_map.items.items import ItemsJSONata
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import (
    iteration_worker,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment

from ....patching import setting, wrapping
from ...failure import runtime_failure

GAP = "A Map state takes an array alone, and no object."
PROBE = "map_takes_no_object"


class Pair(dict[str, Any]):
    """The item that an iteration over an object gets as its input."""


def _pairs(items: dict[str, Any]) -> list[Pair]:
    return [Pair(Key=key, Value=value) for key, value in items.items()]


@wrapping(ItemsPath, "_eval_body", gap=GAP, probe=PROBE)
def _select_items(
    original: Callable[[Any, Environment], None], self: ItemsPath, env: Environment
) -> None:
    original(self, env)
    items = env.stack[-1]
    if isinstance(items, dict):
        env.stack[-1] = _pairs(items)
    elif not isinstance(items, list):
        path = self.string_sampler.literal_value
        raise runtime_failure(env, f'Reference path "{path}" must point to array.')


@wrapping(ItemsJSONata, "_eval_body", gap=GAP, probe=PROBE)
def _evaluate_items(
    original: Callable[[Any, Environment], None], self: ItemsJSONata, env: Environment
) -> None:
    self.string_jsonata.eval(env=env)
    items = env.stack[-1]
    if isinstance(items, dict):
        env.stack[-1] = _pairs(items)
    elif not isinstance(items, list):
        # The interpreter's own refusal of other values.
        env.stack.pop()
        original(self, env)


def _item_data(Index: int, Value: Any) -> dict[str, Any]:  # noqa: N803 (moto names them)
    if isinstance(Value, Pair):
        return {"Index": Index, **Value}
    return {"Index": Index, "Value": Value}


setting(iteration_worker, "ItemData", _item_data, gap=GAP, probe=PROBE)
