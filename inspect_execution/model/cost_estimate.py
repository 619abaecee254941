# SPDX-License-Identifier: MIT-0
"""The cost estimate of an execution, from the quantities that its histories hold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from ..histories.durable_history import DurableExecutionHistory
from ..histories.durable_operations import DurableOperation
from ..histories.execution_history import ExecutionHistory
from ..histories.recording import FunctionMemory
from ..text import count
from .prices import Prices

BYTES_IN_GIGABYTE = Decimal(2**30)
MEGABYTES_IN_GIGABYTE = Decimal(1024)
# Lambda rounds the duration of each invocation up to a millisecond.
MILLISECOND = Decimal("0.001")


@dataclass(frozen=True)
class LineItem:
    """One quantity that AWS charges for, and its cost."""

    name: str
    quantity: Decimal
    unit: str
    dollars: Decimal


@dataclass(frozen=True)
class CostEstimate:
    """The line items, the prices that they use, and the costs that they omit."""

    items: tuple[LineItem, ...]
    prices: Prices
    omissions: tuple[str, ...]

    @property
    def total(self) -> Decimal:
        return sum((item.dollars for item in self.items), Decimal(0))


def durable_operations(execution: DurableExecutionHistory) -> int:
    """The number of operations that Lambda charges for: one for the start, one for each step and
    each of its retries, one for each wait.

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
    """Estimate the cost of an execution with its durable executions.

    Args:
        other_requests: the number of invocations without a durable execution
        memory: by the ARN of the function's version
        unread: the number of durable executions of which only the ARN is known
    """
    durable = list(executions)
    requests = other_requests + sum(len(execution.invocations) for execution in durable)
    operations = sum(map(durable_operations, durable))
    compute = _compute(durable, memory, prices)
    items = [
        _item("state transitions", history.transitions, prices.transition),
        _item("durable operations", operations, prices.durable_operation),
        _data_written(durable, prices),
        _item("invocations", requests, prices.request),
        *([compute] if compute else []),
    ]
    omissions = _omissions(durable, other_requests, memory, prices, unread)
    return CostEstimate(tuple(items), prices, tuple(omissions))


def _item(name: str, quantity: int, price: Decimal) -> LineItem:
    return LineItem(name, Decimal(quantity), "", quantity * price)


def _data_written(durable: list[DurableExecutionHistory], prices: Prices) -> LineItem:
    written = sum(execution.bytes_written for execution in durable)
    dollars = written / BYTES_IN_GIGABYTE * prices.gigabyte_written
    return LineItem("data written", Decimal(written), "bytes", dollars)


def _compute(
    durable: list[DurableExecutionHistory], memory: Mapping[str, FunctionMemory], prices: Prices
) -> LineItem | None:
    """GB-seconds of the invocations with known duration, memory and price; None without any."""
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


def _omissions(
    durable: list[DurableExecutionHistory],
    other_requests: int,
    memory: Mapping[str, FunctionMemory],
    prices: Prices,
    unread: int,
) -> Iterator[str]:
    """The costs that the line items omit, each as a text after "without"."""
    if unread:
        executions = count(unread, "durable execution")
        yield f"operations, invocations, compute and bytes of {executions} that could not be read"
    unmeasured = sum(not i.is_measured for execution in durable for i in execution.invocations)
    if unmeasured:
        yield f"GB-seconds of {count(unmeasured, 'invocation')}: the history has no durations"
    yield from _versions_without_price(durable, memory, prices)
    if other_requests:
        yield f"GB-seconds of {count(other_requests, 'invocation')} without a durable execution"
    if durable:
        yield f"data kept: ${prices.gigabyte_month_kept} per GB and month, for the retention time"
    if any(not execution.is_bytes_complete for execution in durable):
        yield "bytes of payloads that the history truncates"
    if any(o.kind not in ("step", "wait") for execution in durable for o in execution.operations):
        yield "callbacks, contexts and chained invokes if each is more than one operation"
    yield "logs, traces, data transfer, other services and the Free Tier"


def _versions_without_price(
    durable: list[DurableExecutionHistory], memory: Mapping[str, FunctionMemory], prices: Prices
) -> Iterator[str]:
    for version in sorted({_version_arn(each) for each in durable if _measured_seconds(each)}):
        known = memory.get(version)
        if known is None:
            yield f"GB-seconds of {version}: its memory is not known"
        elif prices.gigabyte_second(known.architecture) is None:
            yield f"GB-seconds of {version}: no price for {known.architecture}"
