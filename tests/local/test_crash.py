# SPDX-License-Identifier: MIT-0
"""A handler killed in the middle of a step is invoked again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .scenario import FULFILLED, Scenario, asset_with, deployed, variant

KILL_ONCE = """

def notify_customer(order):
    import os, pathlib, signal
    attempts = pathlib.Path({attempts!r})
    with attempts.open("a") as file:
        print(os.getpid(), file=file)
    if len(attempts.read_text().splitlines()) == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return {{"order_id": order["order_id"], "text": "on its way"}}
"""


@pytest.fixture
def attempts(tmp_path: Path) -> Path:
    return tmp_path / "attempts"


@pytest.fixture
def killed_once(assembly: Path, tmp_path: Path, attempts: Path) -> Iterator[Scenario]:
    changed = variant(assembly, tmp_path)
    orders = asset_with(changed, "orders.py") / "orders.py"
    orders.write_text(orders.read_text() + KILL_ONCE.format(attempts=str(attempts)))
    with deployed(changed) as ready:
        yield ready


def test_a_handler_killed_in_a_step_is_invoked_again_and_the_execution_succeeds(
    killed_once: Scenario, attempts: Path
) -> None:
    finished = killed_once.run({"minutes_to_wait": 20})
    [order] = finished.asynchronous
    first, second = attempts.read_text().splitlines()

    assert first != second
    assert finished.outcome.status == "SUCCEEDED"
    assert order.story() == FULFILLED
