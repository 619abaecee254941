# SPDX-License-Identifier: MIT-0
"""Inputs that break the rule: both sides fail at once, with field, rule and value."""

from typing import Any

import pytest

from ..support.stacks.acceptance_plan import BAD_INPUT, NO_INPUT, assert_within
from ..support.stacks.histories import assert_refused, assert_without_minutes
from ..support.stacks.stack import Stack


@pytest.mark.parametrize(
    ("minutes", "shown"), [(-5, "-5"), (60, "60"), ("20", '"20"'), (True, "true")]
)
def test_bad_minutes_fail_the_execution_at_once_with_field_rule_and_value(
    stack: Stack, minutes: Any, shown: str
) -> None:
    finished = stack.run({"minutes_to_wait": minutes})

    assert_refused(finished, shown)
    assert_within(stack.view(finished.execution).cost, BAD_INPUT)


@pytest.mark.parametrize("execution_input", [{}, {"minutes": 20}])
def test_an_input_without_minutes_fails_before_any_function_runs(
    stack: Stack, execution_input: Any
) -> None:
    finished = stack.run(execution_input)

    assert_without_minutes(finished)
    assert_within(stack.view(finished.execution).cost, NO_INPUT)
