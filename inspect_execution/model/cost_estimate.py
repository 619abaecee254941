# SPDX-License-Identifier: MIT-0
"""What an execution costs, as far as its histories tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from ..histories.durable_history import DurableExecutionHistory, DurableOperation
from ..histories.execution_history import ExecutionHistory
from ..histories.recording import FunctionMemory
from ..text import count
from .prices import Prices

BYTES_IN_GIGABYTE = Decimal(2**30)
MEGABYTES_IN_GIGABYTE = Decimal(1024)
# Of a durable function's memory, AWS bills milliseconds: each invocation is rounded up to one.
MILLISECOND = Decimal("0.001")


@dataclass(frozen=True)
class LineItem:
    """One kind of thing that is charged for."""

    name: str
    quantity: Decimal
    unit: str
    dollars: Decimal


@dataclass(frozen=True)
class CostEstimate:
    """An estimate: what it counts, and what it leaves out."""

    items: tuple[LineItem, ...]
    prices: Prices
    omissions: tuple[str, ...]

    @property
    def total(self) -> Decimal:
        return sum((line.dollars for line in self.items), Decimal(0))


def durable_operations(execution: DurableExecutionHistory) -> int:
    """The operations that Lambda counts: the start 1, a step 1 and its retries, a wait 1.

    https://docs.aws.amazon.com/lambda/latest/dg/durable-functions.html
    """
    return 1 + sum(map(_operations, execution.operations))


def _operations(operation: DurableOperation) -> int:
    return max(1, len(operation.attempts))


def estimate_cost(
    history: ExecutionHistory,
    executions: Iterable[DurableExecutionHistory],
    other_requests: int,
    memory: Mapping[str, FunctionMemory],
    prices: Prices,
    unread: int = 0,
) -> CostEstimate:
    """The bill of an execution.

    Args:
        unread: durable executions that are known by name alone
        other_requests: invocations of functions without a durable execution
        memory: by the part of a durable execution's ARN that names the function's version
    """
    durable = list(executions)
    written = sum(execution.bytes_written for execution in durable)
    requests = other_requests + sum(len(execution.invocations) for execution in durable)
    lines = [
        _line("state transitions", history.transitions, "", prices.transition),
        _line(
            "durable operations",
            sum(map(durable_operations, durable)),
            "",
            prices.durable_operation,
        ),
        LineItem(
            "data written",
            Decimal(written),
            "bytes",
            written / BYTES_IN_GIGABYTE * prices.gigabyte_written,
        ),
        _line("invocations", requests, "", prices.request),
    ]
    computed = _compute(durable, memory, prices)
    if computed is not None:
        lines.append(computed)
    omissions = list(_left_out(durable, other_requests, memory, prices))
    if unread:
        what = "operations, invocations, compute and bytes"
        omissions.insert(
            0, f"{what} of {count(unread, 'durable execution')} that could not be read"
        )
    return CostEstimate(tuple(lines), prices, tuple(omissions))


def _line(what: str, quantity: int, unit: str, price: Decimal) -> LineItem:
    return LineItem(what, Decimal(quantity), unit, quantity * price)


def _compute(
    durable: list[DurableExecutionHistory], memory: Mapping[str, FunctionMemory], prices: Prices
) -> LineItem | None:
    """GB-seconds of the invocations whose time and memory are known."""
    quantity, dollars = Decimal(0), Decimal(0)
    for execution in durable:
        known = memory.get(_version_arn(execution))
        price = prices.gigabyte_second(known.architecture) if known else None
        if known is None or price is None:
            continue
        used = _measured_seconds(execution) * known.megabytes / MEGABYTES_IN_GIGABYTE
        quantity, dollars = quantity + used, dollars + used * price
    return LineItem("compute", quantity, "GB-s", dollars) if quantity else None


def _measured_seconds(execution: DurableExecutionHistory) -> Decimal:
    total = Decimal(0)
    for invocation in execution.invocations:
        if invocation.is_measured and invocation.ended is not None:
            seconds = Decimal(str((invocation.ended - invocation.started).total_seconds()))
            total += seconds.quantize(MILLISECOND, rounding=ROUND_CEILING)
    return total


def _version_arn(execution: DurableExecutionHistory) -> str:
    return execution.arn.split("/")[0]


def _left_out(
    durable: list[DurableExecutionHistory],
    other_requests: int,
    memory: Mapping[str, FunctionMemory],
    prices: Prices,
) -> Iterable[str]:
    unmeasured = sum(not i.is_measured for execution in durable for i in execution.invocations)
    if unmeasured:
        yield f"GB-seconds of {count(unmeasured, 'invocation')}: the history has no durations"
    measured = {_version_arn(each) for each in durable if _measured_seconds(each)}
    for version in sorted(measured):
        known = memory.get(version)
        if known is None:
            yield f"GB-seconds of {version}: its memory is not known"
        elif prices.gigabyte_second(known.architecture) is None:
            yield f"GB-seconds of {version}: no price for {known.architecture}"
    if other_requests:
        yield f"GB-seconds of {count(other_requests, 'invocation')} without a durable execution"
    if durable:
        yield f"data kept: ${prices.gigabyte_month_kept} per GB and month, for the retention time"
    if any(not execution.is_bytes_complete for execution in durable):
        yield "bytes of payloads that the history cuts short"
    if any(o.kind not in ("step", "wait") for execution in durable for o in execution.operations):
        yield "callbacks, contexts and chained invokes are taken for one operation each"
    yield "logs, traces, data transfer, other services and the Free Tier"
