# SPDX-License-Identifier: MIT-0
"""The cold start of each handler: from the start of its process to its first call."""

import os
import platform
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from local.functions.function import FunctionVersion

from .instruments.cpu_quota import MEGABYTES_OF_ONE_VCPU, CpuGroups
from .instruments.executions import deployed_pattern
from .instruments.starter import Starter
from .report import Table

MEGABYTES = (128, 512, 1024, 1769)
RUNS = 3
NOTE = (
    "Seconds, the median of {runs} runs, from the start of the process to its first call: the "
    "first checkpoint, or the guard's first question. Code, layer and environment are those "
    "deployed; the processor and Python {python} are this machine's, not Lambda's. Lambda's init "
    "phase, which imports, may take 10 s. The layer has bytecode when {runtime} builds it."
)
QUOTA_NOTE = (
    "Each memory size is modelled by its share of one processor, memory / 1,769 MB "
    "([AWS](https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html)), as a CPU "
    "quota; memory itself is not limited."
)
NO_QUOTA_NOTE = (
    "This machine lets this user set no CPU quota (neither cgroup v1 nor v2), so no memory size "
    "is modelled: this is one whole processor or more."
)


def at_once(megabytes: int | None, processors: int) -> int:
    """How many such starts take half of the processors: more would slow each other down."""
    if megabytes is None:
        return 1
    return max(1, processors * MEGABYTES_OF_ONE_VCPU // (2 * megabytes))


def _medians(
    starter: Starter, versions: list[FunctionVersion], megabytes: int | None, *, bytecode: bool
) -> list[str]:
    """One cell for each version."""

    def seconds(version: FunctionVersion) -> float:
        return starter.start(version, megabytes, bytecode=bytecode).seconds

    with ThreadPoolExecutor(at_once(megabytes, os.cpu_count() or 1)) as pool:
        try:
            runs = list(pool.map(seconds, versions * RUNS))
        except BaseException:
            starter.abandon()
            raise
    return [f"{median(runs[index :: len(versions)]):.2f}" for index in range(len(versions))]


def _rows(starter: Starter, sizes: tuple[int | None, ...]) -> Iterator[tuple[str, ...]]:
    versions = starter.versions()
    for version in versions:
        # The first one writes the bytecode.
        starter.start(version, None, bytecode=True)
    for bytecode in (True, False):
        columns = [_medians(starter, versions, size, bytecode=bytecode) for size in sizes]
        for version, *cells in zip(versions, *columns, strict=True):
            yield version.name, "with" if bytecode else "without", *cells


def figures() -> Iterator[Table]:
    groups = CpuGroups.find()
    sizes = (*MEGABYTES, None) if groups else (None,)
    with deployed_pattern() as deployment, tempfile.TemporaryDirectory() as empty:
        starter = Starter(deployment.endpoint, groups, Path(empty))
        starter.endpoint.gateway.intercept = starter.intercept
        rows = tuple(_rows(starter, sizes))
        [runtime] = {each.configuration.runtime for each in starter.versions()}
    columns = [f"{size:,} MB" if size else "no quota" for size in sizes]
    notes = (
        NOTE.format(runs=RUNS, python=platform.python_version(), runtime=runtime),
        QUOTA_NOTE if groups else NO_QUOTA_NOTE,
    )
    yield Table(("function", "bytecode", *columns), rows, notes)
