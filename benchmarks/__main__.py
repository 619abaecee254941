# SPDX-License-Identifier: MIT-0
"""`python -m benchmarks [NAME ...]`: the figures, as the Markdown of docs/performance.md."""

import subprocess
import sys

from inspect_execution import program

from .instruments import machine

# By the module that measures them.
FIGURES = {
    "synthesis": "Synthesis",
    "assets": "Size",
    "cold_start": "Cold start",
    "workflow": "One workflow, and what a thousand cost",
    "throughput": "On one machine",
    "fleet": "A fleet of executions",
    "inspection": "The view of the longest execution",
    "endurance": "Endurance",
}
MINUTES_IN_ALL = 12
DEADLINE_SECONDS = 900
END_DEADLINE_SECONDS = 10


def parse_names(arguments: list[str] | None = None) -> list[str]:
    """The names on the command line, or all.

    Raises:
        WrongArgument: a name is none of those
    """
    parser = program.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = ", ".join(FIGURES)
    # Not as argparse's choices: it would refuse that there are none.
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"of {known}")
    names: list[str] = parser.parse_args(arguments).names
    for name in names:
        if name not in FIGURES:
            parser.error(f"NAME must be one of {known}, got {name}")
    return names or list(FIGURES)


def run_figures(names: list[str]) -> int:
    """Measure each in a process of its own, so that none has another's memory and endpoint."""
    if names == list(FIGURES):
        print(f"All figures take about {MINUTES_IN_ALL} minutes.", file=sys.stderr)
    print(f"{machine.describe()}\n", flush=True)
    return max([_show(name) for name in names])


def command(name: str) -> list[str]:
    """What prints the figures of one module."""
    return [sys.executable, "-m", "benchmarks.report", name]


def _show(name: str) -> int:
    """Exit status 1 for figures that could not be had: the others are measured all the same.

    Raises:
        SystemExit: a measurement was ended by a signal, which ends all of them
    """
    print(f"### {FIGURES[name]}\n", flush=True)
    status = _measure(name)
    if status in program.ENDED_STATUSES:
        sys.exit(status)
    return int(status != 0)


def _measure(name: str) -> int:
    """The exit status of the process that measures. It never outlives this call."""
    process = None
    try:
        with program.held_signals():
            process = subprocess.Popen(command(name))
        return process.wait(DEADLINE_SECONDS)
    except subprocess.TimeoutExpired:
        print(f"benchmarks: {name} took more than {DEADLINE_SECONDS} s", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        # Ctrl-C reaches it as well: a second signal would disturb it as it puts all away.
        if process:
            _has_ended(process)
        raise
    finally:
        if process:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    if not _has_ended(process):
        process.kill()


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(END_DEADLINE_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True


if __name__ == "__main__":
    sys.exit(program.run_program("benchmarks", lambda: run_figures(parse_names())))
