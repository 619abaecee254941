# SPDX-License-Identifier: MIT-0
"""Whether processes are alive, told by a lock that each holds to its end: no system lacks that."""

import fcntl
from pathlib import Path

from .assemblies.variants import append

LOCK = "alive.lock"
HOLD = """

import fcntl

_alive = open({lock!r})
fcntl.flock(_alive, fcntl.LOCK_SH)
"""


def watch(assembly: Path, module: str) -> None:
    """Let has_sandboxes know of every sandbox that imports a deployed module."""
    lock = assembly / LOCK
    lock.touch()
    append(assembly, module, HOLD.format(lock=str(lock)))


def has_sandboxes(assembly: Path) -> bool:
    return is_held(assembly / LOCK)


def is_held(lock: Path) -> bool:
    """Whether a process that is alive, this one apart, holds a lock on the file."""
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
