# SPDX-License-Identifier: MIT-0
"""The cost of a simulated fleet, at the prices of an execution's cost estimate."""

from decimal import Decimal

from inspect_execution.model.prices import Prices

from .result import Result

ARCHITECTURE = "arm64"
GIGABYTES = Decimal(1)


def dollars(result: Result, prices: Prices) -> Decimal:
    """US dollars for transitions, durable operations, invocations and their compute.

    Data, logs and the Free Tier are left out.
    """
    compute = Decimal(str(result.busy_seconds)) * GIGABYTES
    return (
        result.transitions * prices.transition
        + result.operations * prices.durable_operation
        + result.invocations * prices.request
        + compute * (prices.gigabyte_second(ARCHITECTURE) or 0)
    )
