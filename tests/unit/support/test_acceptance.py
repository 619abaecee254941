# SPDX-License-Identifier: MIT-0
"""What a run of the acceptance tests on AWS costs, and what it never shows."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from cdk_stepfunction_durable_lambda_function.prefix import Prefix
from inspect_execution.histories.recording import FunctionMemory
from inspect_execution.model.prices import Prices
from local.commands.execution_result import ExecutionResult
from local.environment import PROJECT

from ...support.stacks.acceptance_plan import (
    BAD_INPUT,
    NO_INPUT,
    PLAN,
    PROBES,
    REFUSED_BY_HAND,
    Load,
    most_dollars,
    summary,
)
from ...support.stacks.histories import DurableHistory, Finished, Story
from ...support.stacks.patience import ON_THIS_MACHINE, Patience
from ...support.stacks.stack import Stack
from ...support.stacks.target import refuse_split_modules

MEMORY = FunctionMemory(2048, "arm64")
TOKEN = "the-task-token"
EVENTS: list[dict[str, Any]] = [
    {
        "type": "TaskScheduled",
        "taskScheduledEventDetails": {"parameters": json.dumps({"Payload": {"TaskToken": TOKEN}})},
    }
]
ORDER_OF_IT = DurableHistory("arn", "SUCCEEDED", datetime(2030, 1, 1, tzinfo=UTC), {}, {}, EVENTS)
FINISHED = Finished("arn", ExecutionResult("SUCCEEDED", "", "", ""), EVENTS, [ORDER_OF_IT], [])


def test_a_load_is_what_the_stories_of_its_executions_take() -> None:
    order: Story = [
        ("StepSucceeded", "create"),
        ("WaitStarted", "wait_for_fulfilment"),
        ("WaitSucceeded", "wait_for_fulfilment"),
        ("StepSucceeded", "notify"),
    ]
    invoice: Story = [("WaitStarted", "wait_for_cooling_off")]

    assert Load.of(order, invoice, states=2, guarded=True) == Load(
        transitions=2, durable_operations=6, invocations=5, waits=70
    )
    assert Load(transitions=1, durable_operations=2, invocations=2) == BAD_INPUT
    assert Load(transitions=1) == NO_INPUT
    assert Load.of(invoice, is_by_hand=True).is_by_hand


def test_the_most_that_loads_cost_is_told_to_the_cent_above() -> None:
    prices = Prices(
        transition=Decimal(1),
        durable_operation=Decimal(10),
        gigabyte_written=Decimal(4096),
        request=Decimal(100),
        gigabyte_second_arm64=Decimal("0.0001"),
    )
    order = Load(transitions=2, durable_operations=10, invocations=4, waits=70)
    loads = [order, NO_INPUT, REFUSED_BY_HAND]

    # 3 transitions, 10 operations, each with a full checkpoint of 256 KiB, and 4 invocations of
    # 10 s with 2 GB.
    assert most_dollars(loads, MEMORY, prices) == Decimal("513.01")
    assert most_dollars([], MEMORY, prices) == 0


def test_a_run_is_told_in_one_line_with_what_it_starts() -> None:
    loads = [load for module in PLAN.values() for load in module]
    dollars = most_dollars(loads, MEMORY, Prices())

    assert summary(MEMORY, Prices(region="eu-west-1", date="2030-01"), "eu-west-1") == (
        f"9 executions and 5 invocations by hand, 4:20 of waits, at most ${dollars} "
        "(prices of eu-west-1, 2030-01; without logs, traces and data kept)"
    )


def test_prices_of_another_region_are_told_to_be_no_bound() -> None:
    assert summary(MEMORY, Prices(date="2030-01"), "sa-east-1").endswith(
        "(prices of us-east-1, 2030-01, and those of sa-east-1 may be higher; "
        "without logs, traces and data kept)"
    )


def test_the_docs_show_the_line_that_a_run_begins_with() -> None:
    line = f"acceptance on AWS: {summary(FunctionMemory(1024, 'arm64'), Prices(), 'us-east-1')}\n"

    assert line in (PROJECT / "docs" / "operations.md").read_text()


def test_the_plan_has_every_module_of_tests() -> None:
    modules = (PROJECT / "tests" / "acceptance").glob("test_*.py")

    assert {*PLAN, *PROBES} == {module.stem for module in modules}


def test_a_wait_ends_at_its_deadline() -> None:
    with pytest.raises(AssertionError, match=r"waited 0\.01 s for nothing"):
        Patience(0.01, 0.001, 0.002).until(lambda: False, "nothing")


def test_what_is_not_in_the_plan_is_not_started() -> None:
    calls: list[dict[str, Any]] = []

    def start(**arguments: str) -> dict[str, str]:
        calls.append(arguments)
        return {"executionArn": "arn"}

    client = SimpleNamespace(start_execution=start, invoke=start)
    stack = Stack(lambda _: client, {"StepFunctionDFArn": "m"}, Prefix("p"), ON_THIS_MACHINE)
    planned = replace(stack, most_starts=2)
    planned.start({})
    planned.invoke("function:1", {}, "Event")
    with pytest.raises(AssertionError, match="2 starts are all that"):
        planned.start({})
    with pytest.raises(AssertionError, match="2 starts are all"):
        planned.invoke("function:1", {}, "Event")

    assert len(calls) == 2


def distributed(distribution: str) -> Any:
    return SimpleNamespace(getoption=lambda _name, _default: distribution)


@pytest.mark.parametrize("distribution", ["load", "worksteal", "each", "loadgroup"])
def test_tests_are_not_distributed_so_that_a_module_is_split(distribution: str) -> None:
    with pytest.raises(pytest.UsageError, match=f"must be loadfile or .*; got {distribution}$"):
        refuse_split_modules(distributed(distribution))


@pytest.mark.parametrize("distribution", ["no", "loadfile", "loadscope"])
def test_tests_may_be_distributed_by_module(distribution: str) -> None:
    refuse_split_modules(distributed(distribution))


def test_an_assertion_that_fails_shows_no_task_token() -> None:
    assert TOKEN not in repr(FINISHED)


def test_a_task_token_is_found_in_whichever_line_it_is() -> None:
    assert FINISHED.is_token_in(["nothing", f"of {TOKEN}."])
    assert not FINISHED.is_token_in(["nothing", "of it"])
