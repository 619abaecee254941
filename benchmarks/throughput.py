# SPDX-License-Identifier: MIT-0
"""`python -m benchmarks.throughput`: executions at once on this machine, their time and memory."""

import json
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_durable_execution_sdk_python_testing.clock import SkipClock
from rich.console import Console
from rich.table import Table

from local.assembly import PROJECT, read_stack, synthesize
from local.deployment import Deployment
from local.endpoint import Endpoint

SIZES = (1, 20, 200)
EXECUTION_INPUT = json.dumps({"minutes_to_wait": 20})
POLL_SECONDS = 0.25
DEADLINE_SECONDS = 120


@dataclass(frozen=True)
class Figures:
    """One measurement: executions started at once, and what became of them."""

    executions: int
    succeeded: int
    seconds: float
    mebibytes: float

    @property
    def per_second(self) -> float:
        return self.executions / self.seconds

    @property
    def seconds_each(self) -> float:
        return self.seconds / self.executions


def measure(deployment: Deployment, executions: int) -> Figures:
    """Start so many executions at once and wait for all of them."""
    step_functions = deployment.endpoint.client("stepfunctions")
    machine = deployment.state_machine_arns[0]
    started = time.monotonic()
    arns = {
        step_functions.start_execution(stateMachineArn=machine, input=EXECUTION_INPUT)[
            "executionArn"
        ]
        for _ in range(executions)
    }
    while _running(step_functions, machine):
        if time.monotonic() - started > DEADLINE_SECONDS:
            sys.exit(f"{executions} executions did not end within {DEADLINE_SECONDS} s")
        time.sleep(POLL_SECONDS)
    seconds = time.monotonic() - started
    statuses = Counter(
        step_functions.describe_execution(executionArn=arn)["status"] for arn in arns
    )
    return Figures(executions, statuses["SUCCEEDED"], seconds, _mebibytes())


def _running(step_functions: Any, machine: str) -> bool:
    listed = step_functions.list_executions(
        stateMachineArn=machine, statusFilter="RUNNING", maxResults=1
    )
    return bool(listed["executions"])


def _mebibytes() -> float:
    """Resident memory of this process and all below it; Linux alone can tell."""
    own = os.getpid()
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except (OSError, ValueError):
            continue
        if own in (int(fields["Pid"]), int(fields["PPid"])):
            total += int(fields.get("VmRSS", "0 kB").split()[0])
    return total / 1024


def main() -> None:
    table = Table("executions at once", "succeeded", "seconds", "per second", "MiB in all")
    with Endpoint(SkipClock()) as endpoint:
        deployment = Deployment(read_stack(synthesize(PROJECT / "cdk.out")), endpoint)
        deployment.create()
        measured = [measure(deployment, size) for size in SIZES]
    for figures in measured:
        table.add_row(
            str(figures.executions),
            str(figures.succeeded),
            f"{figures.seconds:.1f}",
            f"{figures.per_second:.1f}",
            f"{figures.mebibytes:.0f}",
        )
    Console().print(table)
    some, many = measured[-2:]
    print(
        f"time per execution at {many.executions}, as a ratio to that at {some.executions}: "
        f"{many.seconds_each / some.seconds_each:.2f}"
    )


if __name__ == "__main__":
    main()
