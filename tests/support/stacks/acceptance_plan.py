# SPDX-License-Identifier: MIT-0
"""What the acceptance tests start, and what that can cost at the most."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from inspect_execution.histories.recording import FunctionMemory
from inspect_execution.model.cost_estimate import (
    BYTES_IN_GIGABYTE,
    MEGABYTES_IN_GIGABYTE,
    CostEstimate,
)
from inspect_execution.model.prices import Prices

from .histories import (
    ABANDONED,
    BY_HAND,
    FULFILLED,
    INVOICED,
    REFUSED,
    VISITS,
    WAITED,
    Story,
    charged_operations,
    invocations,
    waits,
)

MINUTES = {"minutes_to_wait": 1}
WAIT_SECONDS = {"wait_for_fulfilment": 60, "wait_for_cooling_off": 10}
# The init phase alone may take as long, and takes two: a ceiling, not a measurement.
SECONDS_OF_AN_INVOCATION = 10
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_CHECKPOINT_BYTES = 256 * 1024
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Load:
    """What one start takes, in the units that AWS charges for; waits in seconds."""

    transitions: int = 0
    durable_operations: int = 0
    invocations: int = 0
    waits: int = 0
    is_by_hand: bool = False

    @classmethod
    def of(
        cls, *stories: Story, states: int = 0, guarded: bool = False, is_by_hand: bool = False
    ) -> "Load":
        """The load of durable executions with these stories.

        Args:
            states: how many states are entered
            guarded: whether the guard is invoked, too
        """
        return cls(
            transitions=states,
            durable_operations=charged_operations(*stories),
            invocations=invocations(*stories) + guarded,
            waits=sum(WAIT_SECONDS[name] for story in stories for name in waits(story)),
            is_by_hand=is_by_hand,
        )


ORDER = Load.of(FULFILLED, INVOICED, states=len(VISITS))
BAD_INPUT = Load.of(REFUSED, states=1, guarded=True)
NO_INPUT = Load.of(states=1)
ABANDONED_ORDER = Load.of(ABANDONED, states=1)
STOPPED_ORDER = Load.of(WAITED, states=1, guarded=True)
ORDER_BY_HAND = Load.of(BY_HAND, is_by_hand=True)
INVOICE_BY_HAND = Load.of(INVOICED, is_by_hand=True)
BAD_INVOICE_BY_HAND = Load.of([], is_by_hand=True)
REFUSED_BY_HAND = Load(is_by_hand=True)

# What each module of tests starts.
PLAN = {
    "test_order": [ORDER],
    "test_bad_input": [BAD_INPUT] * 4 + [NO_INPUT] * 2,
    "test_stops": [ABANDONED_ORDER, STOPPED_ORDER],
    "test_by_hand": [ORDER_BY_HAND, INVOICE_BY_HAND, BAD_INVOICE_BY_HAND, *[REFUSED_BY_HAND] * 2],
}
# What the probes start of the stack, on request. With their functions, which run for seconds, that
# is less than a cent.
PROBES = {"test_probes": [BAD_INPUT, BAD_INPUT, ABANDONED_ORDER]}


def most_dollars(loads: list[Load], memory: FunctionMemory, prices: Prices) -> Decimal:
    """What the loads cost at the most, rounded up to a cent.

    Every checkpoint is taken to be full, and every invocation to be a slow cold start. Logs,
    traces, data kept and the Free Tier are left out.
    """
    operations = sum(load.durable_operations for load in loads)
    invocations = sum(load.invocations for load in loads)
    gigabytes = operations * MAX_CHECKPOINT_BYTES / BYTES_IN_GIGABYTE
    gigabyte_seconds = (
        invocations * SECONDS_OF_AN_INVOCATION * memory.megabytes / MEGABYTES_IN_GIGABYTE
    )
    dollars = (
        sum(load.transitions for load in loads) * prices.transition
        + operations * prices.durable_operation
        + gigabytes * prices.gigabyte_written
        + invocations * prices.request
        + gigabyte_seconds * (prices.gigabyte_second(memory.architecture) or Decimal(0))
    )
    return dollars.quantize(CENT, rounding=ROUND_CEILING)


def summary(memory: FunctionMemory, prices: Prices, region: str) -> str:
    """One line, to be read before anything is started.

    Args:
        region: where it is started, which need not be the one that the prices are of
    """
    loads = [load for module in PLAN.values() for load in module]
    executions = sum(not load.is_by_hand for load in loads)
    minutes, seconds = divmod(sum(load.waits for load in loads), 60)
    elsewhere = "" if region == prices.region else f", and those of {region} may be higher"
    return (
        f"{executions} executions and {len(loads) - executions} invocations by hand, "
        f"{minutes}:{seconds:02} of waits, at most ${most_dollars(loads, memory, prices)} "
        f"(prices of {prices.region}, {prices.date}{elsewhere}; "
        "without logs, traces and data kept)"
    )


def assert_within(estimate: CostEstimate, load: Load) -> None:
    """What an execution took is no more than was planned for it."""
    took = {line.name: line.quantity for line in estimate.items}

    assert took["state transitions"] <= load.transitions
    assert took["durable operations"] <= load.durable_operations
    assert took["invocations"] <= load.invocations
