# SPDX-License-Identifier: MIT-0
"""A business step that fails for good, in the real assembly."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .scenario import Scenario, asset_with, deployed, variant


@pytest.fixture
def out_of_stock(assembly: Path, tmp_path: Path) -> Iterator[Scenario]:
    """The stack with a business step that always fails."""
    changed = variant(assembly, tmp_path)
    orders = asset_with(changed, "orders.py") / "orders.py"
    orders.write_text(
        orders.read_text()
        + "\n\nclass OutOfStock(Exception): ...\n\n\n"
        + "def notify_customer(order):\n    raise OutOfStock('no widgets left')\n"
    )
    with deployed(changed) as ready:
        yield ready


def test_a_failing_step_fails_both_sides_with_its_own_error(out_of_stock: Scenario) -> None:
    finished = out_of_stock.run({"minutes_to_wait": 20})
    [order] = finished.asynchronous

    assert (finished.outcome.status, finished.outcome.error, finished.outcome.cause) == (
        "FAILED",
        "OutOfStock",
        "no widgets left",
    )
    assert order.status == "FAILED"
    assert (order.error["ErrorType"], order.error["ErrorMessage"]) == (
        "OutOfStock",
        "no widgets left",
    )
    # The SDK tries a step six times before it is given up.
    assert order.story() == [
        ("StepSucceeded", "create_order"),
        ("WaitStarted", "wait_for_fulfilment"),
        ("WaitSucceeded", "wait_for_fulfilment"),
        ("StepSucceeded", "check_still_wanted"),
        *[("StepFailed", "notify_customer")] * 6,
        ("StepSucceeded", "send_task_failure"),
    ]
    assert finished.synchronous == []
