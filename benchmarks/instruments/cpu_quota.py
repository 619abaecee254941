# SPDX-License-Identifier: MIT-0
"""The share of a processor that Lambda gives a memory size, by a control group of Linux."""

import itertools
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# "At 1,769 MB, a function has the equivalent of one vCPU", and less in proportion:
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
MEGABYTES_OF_ONE_VCPU = 1769
PERIOD_MICROSECONDS = 100_000
ROOT = Path("/sys/fs/cgroup")
OWN_GROUPS = Path("/proc/self/cgroup")
_numbers = itertools.count(1)


def quota_microseconds(megabytes: int) -> int:
    """The time of one processor that this much memory gets, of each period."""
    return round(PERIOD_MICROSECONDS * megabytes / MEGABYTES_OF_ONE_VCPU)


@dataclass(frozen=True)
class CpuGroups:
    """Where this user may make control groups with a CPU quota."""

    parent: Path
    is_v2: bool

    @classmethod
    def find(cls, root: Path = ROOT, own_groups: Path = OWN_GROUPS) -> "CpuGroups | None":
        """The first place where a process can be limited, or None."""
        for groups in cls._candidates(root, own_groups):
            try:
                with groups.limited(MEGABYTES_OF_ONE_VCPU) as members:
                    subprocess.run(joining(members, ["true"]), stderr=subprocess.PIPE, check=True)
                return groups
            except (OSError, subprocess.CalledProcessError):
                continue
        return None

    @classmethod
    def _candidates(cls, root: Path, own_groups: Path) -> Iterator["CpuGroups"]:
        """This process's own groups and those above them, the nearest first."""
        has_v2 = (root / "cgroup.controllers").exists()
        lines = own_groups.read_text().splitlines() if own_groups.exists() else []
        for line in lines:
            _, controllers, path = line.split(":", 2)
            is_v2 = has_v2 and not controllers
            if is_v2 or "cpu" in controllers.split(","):
                top = root if is_v2 else root / "cpu"
                own = top / path.lstrip("/")
                for parent in itertools.takewhile(top.parent.__ne__, (own, *own.parents)):
                    yield cls(parent, is_v2)

    @contextmanager
    def limited(self, megabytes: int) -> Iterator[Path]:
        """A group with the share of that memory: the file that takes its members, who have all
        ended when the context does.

        Raises:
            OSError: this user may not
        """
        group = self.parent / f"benchmarks-{os.getpid()}-{next(_numbers)}"
        group.mkdir()
        try:
            quota = quota_microseconds(megabytes)
            if self.is_v2:
                (group / "cpu.max").write_text(f"{quota} {PERIOD_MICROSECONDS}")
            else:
                (group / "cpu.cfs_period_us").write_text(str(PERIOD_MICROSECONDS))
                (group / "cpu.cfs_quota_us").write_text(str(quota))
            yield group / "cgroup.procs"
        finally:
            group.rmdir()


def joining(members: Path, command: Sequence[str]) -> list[str]:
    """The command as a member of a group from its first instruction on."""
    return ["/bin/sh", "-c", 'echo $$ > "$0" && exec "$@"', str(members), *command]
