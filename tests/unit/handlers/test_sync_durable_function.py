# SPDX-License-Identifier: MIT-0
"""Invoicing, on AWS's in-process runner."""

import json

from aws_durable_execution_sdk_python_testing.runner import (
    DurableFunctionTestResult,
    DurableFunctionTestRunner,
)

import sync_durable_function

from ...support.stacks.histories import INVOICED, operations


def run(event: object) -> DurableFunctionTestResult:
    with DurableFunctionTestRunner(sync_durable_function.handler, poll_interval=0.01) as runner:
        result: DurableFunctionTestResult = runner.run(json.dumps(event), execution_timeout=30)
        return result


def test_an_order_is_invoiced_after_ten_seconds() -> None:
    result = run({"order_id": "order-1"})
    invoice = json.loads(result.result or "")
    wait = result.get_wait("wait_for_cooling_off")

    assert [operation.name for operation in result.operations] == operations(INVOICED)
    assert (invoice["order_id"], invoice["status"]) == ("order-1", "SENT")
    assert wait.start_timestamp is not None
    assert wait.end_timestamp is not None
    assert round((wait.end_timestamp - wait.start_timestamp).total_seconds()) == 10


def test_an_event_without_an_order_fails_with_invalid_input_before_any_step() -> None:
    result = run({"order_id": None})

    assert result.operations == []
    assert result.error is not None
    assert (result.error.type, result.error.message) == (
        "InvalidInput",
        "order_id must be a text that is not empty, got null",
    )
