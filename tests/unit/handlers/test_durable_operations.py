# SPDX-License-Identifier: MIT-0
"""What must never change under an execution: the durable operations that a replay looks for."""

import json

import pytest
from aws_durable_execution_sdk_python_testing.runner import DurableFunctionTestRunner

import sync_durable_function

from ...support.stacks.histories import FULFILLED, INVOICED, operations
from .fulfilment import EVENT, Run, names
from .step_functions_double import StepFunctionsDouble

ORDER, INVOICE = operations(FULFILLED), operations(INVOICED)


def assert_kept(found: list[str | None], expected: list[str]) -> None:
    lost = [name for name in expected if name not in found]
    new = [name for name in found if name not in expected]

    assert found == expected, f"durable operations lost: {lost}, new: {new}; see CONTRIBUTING.md"


def test_an_order_has_the_operations_that_its_replay_looks_for(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    assert_kept(names(run(EVENT)), ORDER)


def test_an_invoice_has_the_operations_that_its_replay_looks_for() -> None:
    event = json.dumps({"order_id": "order-1"})
    with DurableFunctionTestRunner(sync_durable_function.handler, poll_interval=0.01) as runner:
        assert_kept(names(runner.run(event, execution_timeout=30)), INVOICE)


def test_what_was_renamed_is_named() -> None:
    with pytest.raises(AssertionError, match=r"lost: \['send_it'\], new: \['mail_it'\]"):
        assert_kept(["make_it", "mail_it"], ["make_it", "send_it"])
