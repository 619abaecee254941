# SPDX-License-Identifier: MIT-0
"""`python -m local run` in terminals, pipes and encodings of every kind, and under signals."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import pytest

from local.environment import PROJECT

from ...support.assemblies.variants import asset_with, variant
from ...support.commands import DEADLINE_SECONDS, ending, module
from ...support.liveness import has_sandboxes, watch
from ...support.stacks.scenario import wait_until


def test_an_encoding_without_a_character_is_no_traceback(assembly: Path) -> None:
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    finished = module("local", "run", "--assembly", assembly, "--input", "{\u2026", env=ascii_only)
    shown = module("local", "run", "--assembly", "/nowhere/\u2026", env=ascii_only)

    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.startswith("local: --input must be JSON or a file with JSON, got {?: ")
    assert shown.stderr.startswith("local: /nowhere/? is not a cloud assembly, ")


@pytest.mark.skipif(sys.platform != "linux", reason="uses a pseudo-terminal of Linux")
def test_a_terminal_of_60_columns_shows_both_sides_in_one_column(assembly: Path) -> None:
    shown = in_terminal(60, "run", "--assembly", str(assembly))
    part = shown[shown.index("SFN = ") : shown.index("The execution took")]
    lines = [line for line in part.splitlines() if "Running one execution" not in line]

    assert max(map(len, lines)) <= 60
    assert "…" not in "".join(lines)
    assert any(re.fullmatch(r" 0:20:\S+ DUR wait_for_fulfilment: over", line) for line in lines)
    assert any(re.fullmatch(r" 0:20:1\S+ SFN execution SUCCEEDED", line) for line in lines)


def in_terminal(columns: int, *arguments: str) -> str:
    """Run the command in a terminal of that width, and return what it shows, without colours."""
    terminal, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    process = subprocess.Popen(
        [sys.executable, "-m", "local", *arguments],
        cwd=PROJECT,
        env={**environment, "TERM": "xterm"},
        stdout=end,
        stderr=end,
    )
    os.close(end)
    shown = b""
    with ending(process):
        # Linux ends a terminal without a process by an error.
        with suppress(OSError):
            while part := os.read(terminal, 65_536):
                shown += part
        os.close(terminal)
        assert process.wait(DEADLINE_SECONDS) == 0
    return re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", shown.decode()).replace("\r", "\n")


def test_a_reader_that_has_enough_is_no_error(assembly: Path) -> None:
    finished = subprocess.run(
        f"{sys.executable} -m local run --assembly {assembly} | head -1",
        shell=True,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
    )

    assert (finished.stdout, finished.stderr) == ("Deploying to this machine …\n", "")


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"]
)
@pytest.mark.parametrize(
    "when",
    [
        pytest.param(
            "at once",
            marks=pytest.mark.skipif(
                sys.platform != "linux", reason="Linux alone tells what signals are handled"
            ),
        ),
        "in a step",
    ],
)
def test_a_signal_ends_the_run_and_every_process_it_started(
    sleepy: Path, number: signal.Signals, status: int, when: str
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "local", "run", "--assembly", str(sleepy)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with ending(process):
        if when == "at once":
            wait_until(lambda: handles(process.pid, signal.SIGTERM), "its signal handlers")
        else:
            wait_until(lambda: has_sandboxes(sleepy), "a sandbox")
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)

    assert (process.returncode, errors) == (status, "")
    assert not has_sandboxes(sleepy)


def handles(process_id: int, number: signal.Signals) -> bool:
    """Whether a process has a handler of its own for a signal."""
    status = Path(f"/proc/{process_id}/status").read_text()
    [caught] = re.findall(r"^SigCgt:\s*(\w+)$", status, re.MULTILINE)
    return bool(int(caught, 16) >> (number - 1) & 1)


@pytest.fixture
def sleepy(assembly: Path, tmp_path: Path) -> Path:
    """An assembly with a step that takes for ever."""
    changed = variant(assembly, tmp_path)
    orders = asset_with(changed, "orders.py") / "orders.py"
    orders.write_text(
        "import time\n"
        + orders.read_text()
        + "\n\ndef create_order(order_key):\n    time.sleep(300)\n"
    )
    watch(changed, "orders.py")
    return changed
