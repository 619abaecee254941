# SPDX-License-Identifier: MIT-0
"""Executions at once on this machine: their time, and the memory that is held after them."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

from local.cloudformation.deployment import Deployment

from .instruments.executions import MINUTES_TO_WAIT, deployed_pattern, run_executions
from .instruments.process_memory import mebibytes_of_tree
from .report import Table, ratio

# The first of a number also pays for starting sandboxes; at 20, all that there will be.
SIZES = (1, 1, 20, 20, 200)
SECONDS_WAITED = MINUTES_TO_WAIT * 60


@dataclass(frozen=True)
class Figures:
    """One measurement: executions started at once, all of which succeeded."""

    executions: int
    seconds: float
    mebibytes: float

    @property
    def per_second(self) -> float:
        return self.executions / self.seconds

    @property
    def seconds_each(self) -> float:
        return self.seconds / self.executions


def measure_throughput(deployment: Deployment, executions: int) -> Figures:
    started = time.monotonic()
    run_executions(deployment, executions)
    return Figures(executions, time.monotonic() - started, mebibytes_of_tree(os.getpid()))


def table(measured: list[Figures]) -> Table:
    """One row a measurement, and what the skipped waits would have taken."""
    rows = (
        (
            f"{each.executions}, the first" if _is_repeated(each, later) else str(each.executions),
            f"{each.seconds:.1f}",
            f"{each.per_second:.1f}",
            f"1 : {ratio(SECONDS_WAITED, each.seconds_each)}",
            f"{each.mebibytes:.0f}" if each.mebibytes else "not told here",
        )
        for each, later in ((each, measured[n + 1 :]) for n, each in enumerate(measured))
    )
    some, many = measured[-2:]
    return Table(
        (
            "executions at once",
            "seconds",
            "per second",
            f"each : {MINUTES_TO_WAIT} minutes",
            "MiB in all processes",
        ),
        tuple(rows),
        (
            f"The time per execution at {many.executions}, as a ratio to that at "
            f"{some.executions}: {ratio(many.seconds_each, some.seconds_each)}.",
            "MiB: held after the executions by the endpoint's process, the fork servers and the "
            "sandboxes; of a page that several share, each holds its part.",
        ),
    )


def _is_repeated(figures: Figures, later: list[Figures]) -> bool:
    return figures.executions in {each.executions for each in later}


def figures() -> Iterator[Table]:
    with deployed_pattern() as deployment:
        yield table([measure_throughput(deployment, size) for size in SIZES])
