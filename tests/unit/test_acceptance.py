# SPDX-License-Identifier: MIT-0
"""What a run of the acceptance tests on AWS costs."""

from decimal import Decimal

import pytest

import app
from inspect_execution.prices import Prices
from inspect_execution.recording import FunctionMemory

from ..acceptance.plan import (
    BAD_INPUT,
    INVOICE_BY_HAND,
    NO_INPUT,
    ORDER,
    PLAN,
    REFUSED_BY_HAND,
    Load,
    most_dollars,
    summary,
)
from ..patience import Patience

MEMORY = FunctionMemory(2048, "arm64")


def test_a_load_is_what_the_stories_of_its_executions_take() -> None:
    assert Load(transitions=2, durable_operations=10, invocations=4, waits=70) == ORDER
    assert Load(transitions=1, durable_operations=2, invocations=2) == BAD_INPUT
    assert Load(transitions=1) == NO_INPUT
    assert Load(durable_operations=4, invocations=2, waits=10, is_by_hand=True) == INVOICE_BY_HAND


def test_the_most_that_loads_cost_is_told_to_the_cent_above() -> None:
    prices = Prices(
        transition=Decimal(1),
        durable_operation=Decimal(10),
        gigabyte_written=Decimal(4096),
        request=Decimal(100),
        gigabyte_second_arm64=Decimal("0.0001"),
    )
    loads = [ORDER, NO_INPUT, REFUSED_BY_HAND]

    # 3 transitions, 10 operations, each with a full checkpoint of 256 KiB, and 4 invocations of
    # 10 s with 2 GB.
    assert most_dollars(loads, MEMORY, prices) == Decimal("513.01")
    assert most_dollars([], MEMORY, prices) == 0


def test_a_run_is_told_in_one_line_with_what_it_starts() -> None:
    loads = [load for module in PLAN.values() for load in module]
    dollars = most_dollars(loads, MEMORY, Prices())

    assert summary(MEMORY, Prices(region="eu-west-1", date="2030-01")) == (
        f"9 executions and 5 invocations by hand, 4:20 of waits, at most ${dollars} "
        "(prices of eu-west-1, 2030-01; without logs, traces and data kept)"
    )


def test_the_readme_shows_the_line_that_a_run_begins_with() -> None:
    line = f"acceptance on AWS: {summary(FunctionMemory(1024, 'arm64'), Prices())}\n"

    assert line in (app.ROOT / "README.md").read_text()


def test_the_plan_has_every_module_of_tests() -> None:
    modules = (app.ROOT / "tests" / "acceptance").glob("test_*.py")

    assert set(PLAN) == {module.stem for module in modules}


def test_a_wait_ends_at_its_deadline() -> None:
    with pytest.raises(AssertionError, match=r"waited 0\.01 s for nothing"):
        Patience(0.01, 0.001, 0.002).until(lambda: False, "nothing")
