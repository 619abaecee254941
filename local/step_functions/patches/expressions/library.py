# SPDX-License-Identifier: MIT-0
"""Patches of jsonata-python, for what its seams do not reach."""

from collections.abc import Callable
from typing import Any

from jsonata.functions import Functions
from jsonata.signature import Signature
from jsonata.utils import Utils

from ....patching import JSONATA, replacing, wrapping
from ...jsonata.values import copied


@wrapping(
    Signature,
    "get_symbol",
    gap="A null as an argument counts as no argument at all.",
    probe="null_is_no_argument",
    release=JSONATA,
)
def _get_symbol(original: Callable[[Any, Any], str], self: Signature, value: Any) -> str:
    return "l" if value is Utils.NULL_VALUE else original(self, value)


@replacing(
    Functions,
    "function_clone",
    gap="A transform turns the nulls of what it changes into nothing.",
    probe="transform_loses_null",
    release=JSONATA,
)
def _function_clone(arg: Any) -> Any:
    return copied(arg)
