# SPDX-License-Identifier: MIT-0
"""What an execution costs, to the last digit."""

from decimal import Decimal
from typing import Any

import pytest

from inspect_execution.errors import InvalidArgument
from inspect_execution.model.cost_estimate import CostEstimate
from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices, parse_prices

from ..events import (
    DURABLE,
    FAILED,
    answered,
    at,
    durable_event,
    durable_record,
    entered,
    exited,
    recording,
    scheduled,
    told,
)

EVENTS = told(
    entered("A"), scheduled(), FAILED, scheduled(), answered(header=DURABLE), exited("A")
)  # fmt: skip


def cost(*durable_events: Any, prices: Prices | None = None) -> CostEstimate:
    durable = durable_record(*durable_events)
    return build_view(recording(EVENTS, durable), prices or Prices()).cost


def amounts(cost: CostEstimate) -> dict[str, tuple[Decimal, Decimal]]:
    return {item.name: (item.quantity, item.dollars) for item in cost.items}


def test_every_kind_of_thing_is_counted_and_priced() -> None:
    counted = cost(
        durable_event(1, "StepStarted", "a"),
        durable_event(1, "StepFailed", "a"),
        durable_event(2, "StepSucceeded", "a", Result={"Payload": "x" * 1024}),
        durable_event(3, "WaitStarted", "b"),
        durable_event(4, "InvocationCompleted", StartTimestamp=at(0), EndTimestamp=at(2.0005)),
        durable_event(9, "InvocationCompleted", StartTimestamp=at(8), EndTimestamp=at(9)),
    )

    assert amounts(counted) == {
        # One state, and one retry of its task.
        "state transitions": (Decimal(2), Decimal("0.00005")),
        # The start, two attempts of a step, one wait.
        "durable operations": (Decimal(4), Decimal("0.000032")),
        "data written": (Decimal(1024), Decimal("0.25") / 1024 / 1024),
        # Two of the handler, and the first attempt's, which has no durable execution.
        "invocations": (Decimal(3), Decimal("0.0000006")),
        # 2.001 s and 1 s of 1 GB, each invocation rounded up to a millisecond.
        "compute": (Decimal("3.001"), Decimal("3.001") * Decimal("0.0000133334")),
    }
    assert counted.total == sum((line.dollars for line in counted.items), Decimal(0))


def test_what_an_estimate_leaves_out_is_said() -> None:
    counted = cost(
        durable_event(1, "CallbackStarted", "a"),
        durable_event(2, "StepSucceeded", "b", Result={"Truncated": True}),
        durable_event(4, "InvocationCompleted"),
    )

    assert counted.omissions == (
        "GB-seconds of 1 invocation: the history has no durations",
        "GB-seconds of 1 invocation without a durable execution",
        "data kept: $0.15 per GB and month, for the retention time",
        "bytes of payloads that the history truncates",
        "callbacks, contexts and chained invokes if each is more than one operation",
        "logs, traces, data transfer, other services and the Free Tier",
    )


def test_what_could_not_be_read_is_named() -> None:
    """Its retention time may be over, or it is beyond what is read."""
    counted = build_view(recording(EVENTS), Prices()).cost

    assert counted.omissions[0] == (
        "operations, invocations, compute and bytes of 1 durable execution that could not be read"
    )


@pytest.mark.parametrize(("ended", "times"), [({}, 0), ({"EndTimestamp": at(2)}, 1)])
def test_a_function_without_a_memory_is_named_where_its_time_is_known(
    ended: dict[str, Any], times: int
) -> None:
    invocation = durable_event(2, "InvocationCompleted", StartTimestamp=at(0), **ended)
    known = recording(EVENTS, durable_record(invocation))
    known.memory.clear()
    told = build_view(known, Prices()).cost.omissions

    assert sum("its memory is not known" in reason for reason in told) == times


def test_an_architecture_has_its_price() -> None:
    """Of the first tier. The CDK's functions are x86_64 unless they say otherwise."""
    prices = {name: Prices().gigabyte_second(name) for name in ("arm64", "x86_64", "mips")}

    assert prices == {
        "arm64": Decimal("0.0000133334"),
        "x86_64": Decimal("0.0000166667"),
        "mips": None,
    }


def test_prices_may_be_given() -> None:
    prices = parse_prices('{"transition": 1, "request": "0.5", "date": "2030-01"}', "p.json")

    assert (prices.transition, prices.request) == (Decimal(1), Decimal("0.5"))
    assert prices.date == "2030-01"
    assert prices.durable_operation == Prices().durable_operation
    assert amounts(cost(prices=prices))["state transitions"] == (Decimal(2), Decimal(2))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "--prices p.json must be JSON: Expecting value"),
        ("[1]", r"--prices p.json must be a JSON object, got \[1\]"),
        ('{"transitions": 1}', "--prices p.json: transitions is not one of region, .*"),
        ('{"transition": -1}', "transition must be a number of US dollars, 0 or more, got -1"),
        ('{"transition": "much"}', "transition must be a number .*, got much"),
        ('{"transition": true}', "transition must be a number .*, got True"),
        ('{"transition": NaN}', "transition must be a number .*, got nan"),
        ('{"transition": [1]}', "transition must be a number .*, got .*1.*"),
    ],
)
def test_prices_that_are_none_are_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        parse_prices(text, "p.json")
