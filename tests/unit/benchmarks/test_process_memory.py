# SPDX-License-Identifier: MIT-0
"""The memory of processes counts all that descend from one, each shared page once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.instruments.process_memory import mebibytes_of_tree

HELD_MEBIBYTES = 96
# A process that starts another one, which shares all it has and holds more.
FORKS = f"""
import os, sys
ours, theirs = os.pipe()
if os.fork():
    os.close(theirs)
    os.read(ours, 1)
    print("held", flush=True)
    os.wait()
else:
    held = b"x" * ({HELD_MEBIBYTES} << 20)
    os.write(theirs, b"x")
    sys.stdin.read()
"""


def told(processes: Path, process_id: int, parent: int, kibibytes: int) -> None:
    directory = processes / str(process_id)
    directory.mkdir()
    (directory / "status").write_text(f"Name:\tx\nPPid:\t{parent}\nPid:\t{process_id}\n")
    (directory / "smaps_rollup").write_text(f"Rss: 9999 kB\nPss:  {kibibytes} kB\nPss_Dirty: 1 kB")


def test_descendants_are_counted_and_others_are_not(tmp_path: Path) -> None:
    told(tmp_path, 1, 0, 10_000)
    told(tmp_path, 10, 1, 1024)
    told(tmp_path, 11, 10, 2048)
    told(tmp_path, 12, 11, 4096)
    told(tmp_path, 20, 1, 10_000)
    # It has ended meanwhile.
    (tmp_path / "13").mkdir()

    assert mebibytes_of_tree(10, tmp_path) == 7.0
    assert mebibytes_of_tree(10, tmp_path / "elsewhere") == 0


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone can tell")
def test_what_a_grandchild_holds_is_counted_once() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        held = mebibytes_of_tree(process.pid)
        process.communicate()

    assert HELD_MEBIBYTES < held < 2 * HELD_MEBIBYTES
    assert mebibytes_of_tree(os.getpid()) > 1
