# SPDX-License-Identifier: MIT-0
"""The command: which figures it prints, and what it does when one cannot be had."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE

import pytest

from benchmarks import __main__ as main
from benchmarks.instruments import machine
from inspect_execution.program import WrongArgument
from local.environment import PROJECT

DEADLINE_SECONDS = 30


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sizes are five, the synthesis fails, and the cold start takes too long."""

    def command(name: str) -> list[str]:
        programs = {
            "assets": "print('five')",
            "synthesis": "raise SystemExit('no figures')",
            "cold_start": "import time; time.sleep(20); print('late')",
        }
        return [sys.executable, "-c", programs[name]]

    monkeypatch.setattr(main, "command", command)


def test_all_figures_are_measured_unless_some_are_named() -> None:
    assert main.parse_names(["workflow", "assets"]) == ["workflow", "assets"]
    assert main.parse_names([]) == list(main.FIGURES)


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(WrongArgument, match=r"^NAME must be one of synthesis, assets, .*nonsense"):
        main.parse_names(["nonsense"])


@pytest.mark.usefixtures("measuring")
def test_what_could_not_be_measured_takes_no_other_figures_with_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert main.run_figures(["synthesis", "assets"]) == 1

    out, err = capfd.readouterr()
    assert out.splitlines()[1:] == ["", "### Synthesis", "", "### Size", "", "five"]
    assert out.startswith("Measured on 20")
    assert err == "no figures\n"


@pytest.mark.usefixtures("measuring")
def test_a_measurement_that_does_not_end_is_ended(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "DEADLINE_SECONDS", 0)

    assert main.run_figures(["cold_start"]) == 1

    out, err = capfd.readouterr()
    assert "late" not in out
    assert err == "benchmarks: cold_start took more than 0 s\n"


# It never ends by itself; the second one is deaf to what asks it to end, too.
WAITING = "print('begun', flush=True); input()"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAITING}"
PARENT = """
import sys
from benchmarks import __main__ as main
from inspect_execution import program
main.END_DEADLINE_SECONDS = 0.1
main.machine.describe = lambda: "Measured"
main.command = lambda name: [sys.executable, "-c", sys.argv[1]]
sys.exit(program.run_program("benchmarks", lambda: main.run_figures(["assets", "synthesis"])))
"""
MEASURED = "Measured\n\n### Size\n\n"
SIGNAL_AT_START = """
import os, subprocess
execute = subprocess.Popen._execute_child
def execute_and_signal(*arguments):
    execute(*arguments)
    os.kill(os.getpid(), {})
subprocess.Popen._execute_child = execute_and_signal
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """The command as a process, whose measurements do this."""
    started: list[subprocess.Popen[str]] = []
    deadlines: list[threading.Timer] = []
    late: list[subprocess.Popen[str]] = []

    def end_late(process: "subprocess.Popen[str]") -> None:
        late.append(process)
        end(process)

    def start(measurement: str, stdout: int = PIPE, program: str = PARENT) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program, measurement],
            cwd=PROJECT,
            stdin=PIPE,
            stdout=stdout,
            stderr=PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        deadline = threading.Timer(DEADLINE_SECONDS, end_late, (process,))
        deadline.start()
        deadlines.append(deadline)
        return process

    yield start
    for deadline in deadlines:
        deadline.cancel()
    for process in started:
        end(process)
        process.communicate(timeout=DEADLINE_SECONDS)
    assert not late


def end(process: "subprocess.Popen[str]") -> None:
    """Kill a process and its measurement, which has its output open, so that no read waits on."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("measurement", [WAITING, DEAF])
def test_a_signal_to_the_command_alone_ends_the_measurement_too(
    start: Start, measurement: str, number: int, status: int
) -> None:
    """The measurement has the output open: that it ends says that both have."""
    process = start(measurement)
    assert process.stdout
    while process.stdout.readline() != "begun\n":
        assert process.poll() is None
    process.send_signal(number)
    process.wait(DEADLINE_SECONDS)
    assert process.stderr

    assert (process.returncode, process.stdout.read(), process.stderr.read()) == (status, "", "")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_as_the_measurement_starts_ends_it_too(
    start: Start, number: int, status: int
) -> None:
    process = start(WAITING, program=SIGNAL_AT_START.format(int(number)) + PARENT)
    process.wait(DEADLINE_SECONDS)
    assert process.stdout
    assert process.stderr

    out = process.stdout.read().removesuffix("begun\n")
    assert (process.returncode, out, process.stderr.read()) == (status, MEASURED, "")


@pytest.mark.parametrize("status", [130, 141, 143])
def test_a_measurement_that_somebody_ended_ends_all(start: Start, status: int) -> None:
    process = start(f"raise SystemExit({status})")
    out, err = process.communicate(timeout=DEADLINE_SECONDS)

    assert (process.returncode, out, err) == (status, MEASURED, "")


def test_a_reader_that_has_enough_ends_the_command(start: Start) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start(WAITING, writing)
    os.close(writing)
    _, err = process.communicate(timeout=DEADLINE_SECONDS)

    assert (process.returncode, err) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
def test_a_full_disk_is_one_line(start: Start) -> None:
    with Path("/dev/full").open("wb") as full:
        process = start(WAITING, full.fileno())
    _, err = process.communicate(timeout=DEADLINE_SECONDS)

    line = "benchmarks: the output cannot be written: No space left on device\n"
    assert (process.returncode, err) == (1, line)


def test_a_machine_that_is_busy_is_told_with_its_figures() -> None:
    told = " Before it began, 1.0 processes were at work on average"
    assert machine.busy(1.0, 2) == f"{told}."
    assert machine.busy(1.01, 2) == f"{told}: too many for figures to quote."
