# SPDX-License-Identifier: MIT-0
"""The memory of a process together with all that descend from it: sandboxes, their fork servers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

PROCESSES = Path("/proc")


def mebibytes_of_tree(root: int, processes: Path = PROCESSES) -> float:
    """The MiB that a process and its descendants hold: of a page that n share, each holds 1 / n.

    Linux alone can tell: 0 elsewhere.

    Args:
        root: the process id
        processes: the directory with what Linux tells of each process: see proc(5)
    """
    descendants = tree(root, _parents(processes))
    return sum(_kibibytes(processes / str(each)) for each in descendants) / 1024


def tree(root: int, parents: Mapping[int, int]) -> Iterator[int]:
    """A process and all that descend from it.

    Args:
        parents: the parent of each process
    """
    children = defaultdict(list)
    for process_id, parent in parents.items():
        children[parent].append(process_id)
    found = [root]
    while found:
        each = found.pop()
        yield each
        found += children[each]


def _parents(processes: Path) -> dict[int, int]:
    directories = processes.glob("[0-9]*")
    return {int(each.name): _number(each / "status", "PPid") for each in directories}


def _kibibytes(process: Path) -> int:
    return _number(process / "smaps_rollup", "Pss")


def _number(path: Path, name: str) -> int:
    """The number of a field, or 0 if there is none, or the process has ended."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return 0
    values = (line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(next(values, 0))
