# SPDX-License-Identifier: MIT-0
"""The usage and the cost of one execution, beside those of other designs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from inspect_execution.histories.durable_history import DurableExecutionHistory
from inspect_execution.histories.recording import Recording
from inspect_execution.model.cost_estimate import (
    BYTES_IN_GIGABYTE,
    MEGABYTES_IN_GIGABYTE,
    CostEstimate,
    LineItem,
    durable_operations,
    estimate_cost,
)
from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.reading.aws_api import AwsApi
from inspect_execution.reading.execution_arn import ExecutionArn
from inspect_execution.reading.recorder import record_execution
from local.cloudformation.deployment import Deployment
from local.functions.function import FunctionConfiguration

from . import alternatives
from .instruments.executions import deployed_pattern, run_executions, wait_until
from .instruments.observer import Observer, observing
from .report import Table

CHECKPOINT = "CheckpointDurableExecution"
DAYS_IN_MONTH = 30
THOUSAND = 1000
LEAST_SHOWN = Decimal("0.0001")
WARM_RUNS = 5


@dataclass(frozen=True)
class Usage:
    """What a function took of the services in one execution of the state machine."""

    function: str
    invocations: int
    durable_operations: int
    checkpoint_calls: int
    other_calls: int
    bytes_written: int

    def numbers(self) -> tuple[int, ...]:
        return (
            self.invocations,
            self.durable_operations,
            self.checkpoint_calls,
            self.other_calls,
            self.bytes_written,
        )


@dataclass(frozen=True)
class Workflow:
    """One execution of the state machine: what each function took, and the cost estimate."""

    usage: tuple[Usage, ...]
    estimate: CostEstimate
    gigabytes: Decimal
    architecture: str

    def line(self, what: str) -> LineItem:
        [line] = [line for line in self.estimate.items if line.name == what]
        return line


def measure_workflow(deployment: Deployment, prices: Prices) -> Workflow:
    """Run one execution and count. The time of an invocation is this machine's."""
    endpoint = deployment.endpoint
    reader = AwsApi(endpoint.client("stepfunctions"), endpoint.client("lambda"), endpoint.url)
    with observing(endpoint) as observer:
        [arn] = run_executions(deployment, 1)
        recording = _ended(reader, ExecutionArn.parse(arn))
    view = build_view(recording, prices)
    durable = [_timed(each, observer.seconds[each.function]) for each in view.durable]
    configurations = [each.configuration for each in endpoint.lambda_service.functions.latest()]
    estimate = estimate_cost(view.history, durable, 0, recording.memory, prices)
    kept = _kept(durable, configurations, prices)
    return Workflow(
        tuple(_usage(each, durable, observer) for each in configurations),
        replace(estimate, items=(*estimate.items, kept)),
        configurations[0].memory_mb / MEGABYTES_IN_GIGABYTE,
        configurations[0].architecture,
    )


def _ended(reader: AwsApi, arn: ExecutionArn) -> Recording:
    """The execution once its durable executions have ended, too."""
    recordings: list[Recording] = []

    def have_ended() -> bool:
        recordings.append(record_execution(reader, arn))
        return all(each.details["Status"] != "RUNNING" for each in recordings[-1].durable)

    wait_until(have_ended, f"the durable executions of {arn.text} to end")
    return recordings[-1]


def _timed(durable: DurableExecutionHistory, seconds: list[float]) -> DurableExecutionHistory:
    """The durable execution with times of its invocations, which the local history lacks."""
    timed = tuple(
        replace(each, ended=each.started + timedelta(seconds=taken), is_measured=True)
        for each, taken in zip(durable.invocations, seconds, strict=True)
    )
    return replace(durable, invocations=timed)


def _usage(
    configuration: FunctionConfiguration, durable: list[DurableExecutionHistory], observer: Observer
) -> Usage:
    own = [each for each in durable if each.function == configuration.name]
    calls = {
        operation: number
        for (role_arn, operation), number in observer.calls.items()
        if role_arn == configuration.role_arn
    }
    return Usage(
        function=configuration.name,
        invocations=len(observer.seconds.get(configuration.name, [])),
        durable_operations=sum(map(durable_operations, own)),
        checkpoint_calls=calls.get(CHECKPOINT, 0),
        other_calls=sum(calls.values()) - calls.get(CHECKPOINT, 0),
        bytes_written=sum(each.bytes_written for each in own),
    )


def _kept(
    durable: list[DurableExecutionHistory],
    configurations: list[FunctionConfiguration],
    prices: Prices,
) -> LineItem:
    days = {each.name: each.durable.retention_days for each in configurations if each.durable}
    byte_days = Decimal(sum(each.bytes_written * days[each.function] for each in durable))
    gigabyte_months = byte_days / DAYS_IN_MONTH / BYTES_IN_GIGABYTE
    return LineItem(
        "data kept", byte_days, "byte-days", gigabyte_months * prices.gigabyte_month_kept
    )


def usage_table(workflow: Workflow) -> Table:
    columns = zip(*(each.numbers() for each in workflow.usage), strict=True)
    totals = tuple(map(sum, columns))
    rows = [(each.function, each.numbers()) for each in workflow.usage] + [("all", totals)]
    return Table(
        (
            "one workflow",
            "invocations",
            "durable operations",
            "checkpoint calls",
            "other calls of AWS",
            "bytes written",
        ),
        tuple((name, *(f"{number:,}" for number in numbers)) for name, numbers in rows),
        ("The guard is invoked when a durable execution ends badly, and not otherwise.",),
    )


def estimate_table(warm: Workflow, cold: Workflow) -> Table:
    total, prices = warm.estimate.total, warm.estimate.prices
    rows = [
        (
            line.name,
            f"{line.quantity.normalize():,f} {line.unit}".strip(),
            _dollars(line.dollars),
            f"{line.dollars / total:.1%}",
        )
        for line in sorted(warm.estimate.items, key=lambda line: line.dollars, reverse=True)
    ]
    started = cold.line("compute")
    return Table(
        ("what is charged for", "one workflow", "$ of 1,000", "share"),
        (*rows, ("all", "", _dollars(total), "100.0%")),
        (
            f"Prices of {prices.region}, {prices.date}: {prices.source}. Left out: "
            f"{warm.estimate.omissions[-1]}.",
            "Compute is no figure of AWS: it is the time that the invocations took here, in warm "
            f"sandboxes, each rounded up to a millisecond, for {warm.gigabytes * 1024} MB "
            f"({warm.architecture}). With all sandboxes to be started it was "
            f"{started.quantity.normalize():f} GB-s, ${_dollars(started.dollars)} of 1,000.",
        ),
    )


def _dollars(one: Decimal) -> str:
    thousand = one * THOUSAND
    return "< 0.0001" if 0 < thousand < LEAST_SHOWN else f"{thousand:.4f}"


def figures() -> Iterator[Table]:
    with deployed_pattern() as deployment:
        cold = measure_workflow(deployment, Prices())
        runs = [measure_workflow(deployment, Prices()) for _ in range(WARM_RUNS)]
    warm = sorted(runs, key=lambda each: each.line("compute").quantity)[WARM_RUNS // 2]
    yield usage_table(warm)
    yield estimate_table(warm, cold)
    yield alternatives.table(warm.estimate, warm.gigabytes, warm.architecture)
