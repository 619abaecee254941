# SPDX-License-Identifier: MIT-0
"""An order fulfilled on AWS's in-process runner: what the tests of the callback start from."""

from collections.abc import Callable
from typing import Any

from aws_durable_execution_sdk_python_testing.runner import DurableFunctionTestResult

from .step_functions_double import TOKEN

Run = Callable[[Any], DurableFunctionTestResult]
EVENT = {"TaskToken": TOKEN, "minutes_to_wait": 20}


def names(result: DurableFunctionTestResult) -> list[str | None]:
    """The names of all durable operations, in their order."""
    return [operation.name for operation in result.operations]


class OutOfStock(Exception):
    """A business error."""


def fail_for_good(*_: object) -> Any:
    raise OutOfStock("no widgets left")
