# SPDX-License-Identifier: MIT-0
"""An app that cannot be synthesized is reported by its error, its file and its line."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest

from local.cloudformation import synthesis
from local.environment import PROJECT
from local.errors import UsageError

from ...support.commands import ending
from ...support.liveness import is_held
from ...support.stacks.patience import ON_THIS_MACHINE

STACK = """
def make():
    {line}
"""

# A synthesis that bundles a layer with a tool that ends at no signal but SIGKILL.
BUNDLING = """
import subprocess, sys, tempfile
tempfile.mkdtemp(prefix="jsii-kernel-")
subprocess.run([sys.executable, "tool.py"], cwd={directory!r})
"""
TOOL = """
import fcntl, signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
alive = open("alive.lock")
fcntl.flock(alive, fcntl.LOCK_SH)
time.sleep(120)
"""
PROGRAM = """
import sys
from pathlib import Path
from inspect_execution.program import run_program
from local.cloudformation import synthesis
synthesis.PROJECT = Path(sys.argv[1])
sys.exit(run_program("local", lambda: bool(synthesis.synthesize(Path(sys.argv[1], "cdk.out")))))
"""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("undefined_name", "NameError: name 'undefined_name' is not defined"),
        ("raise ValueError('one\\n  two\\nthree')", "ValueError: one two three"),
        ("raise ValueError from KeyError('first')", "ValueError"),
        ("if", "SyntaxError: invalid syntax"),
    ],
)
def test_an_error_of_the_stack_names_its_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, reason: str
) -> None:
    (tmp_path / "app.py").write_text("import stack\nstack.make()\n")
    (tmp_path / "stack.py").write_text(STACK.format(line=line))
    monkeypatch.setattr(synthesis, "PROJECT", tmp_path)
    with pytest.raises(UsageError) as raised:
        synthesis.synthesize(tmp_path / "cdk.out")

    assert str(raised.value) == (
        f'app.py could not be synthesized: {reason} (File "stack.py", line 3)'
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("undefined_name", "NameError: name 'undefined_name' is not defined"),
        # Python reports it without the line that begins a traceback.
        ("if", "SyntaxError: invalid syntax"),
    ],
)
def test_an_error_of_app_py_itself_names_its_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, reason: str
) -> None:
    (tmp_path / "app.py").write_text(f"import sys\n{line}\n")
    monkeypatch.setattr(synthesis, "PROJECT", tmp_path)
    with pytest.raises(UsageError) as raised:
        synthesis.synthesize(tmp_path / "cdk.out")

    assert str(raised.value) == (
        f'app.py could not be synthesized: {reason} (File "app.py", line 2)'
    )


def test_an_app_that_ends_without_a_traceback_is_reported_by_its_last_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.py").write_text("import sys\nsys.exit('no account')\n")
    monkeypatch.setattr(synthesis, "PROJECT", tmp_path)
    with pytest.raises(UsageError, match=r"^app\.py could not be synthesized: no account$"):
        synthesis.synthesize(tmp_path / "cdk.out")


def test_two_runs_do_not_synthesize_into_one_directory_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.py").write_text(
        "import os, pathlib, time\n"
        "bundling = pathlib.Path(os.environ['CDK_OUTDIR'], 'asset-building')\n"
        "bundling.mkdir()\n"
        "time.sleep(0.5)\n"
        "bundling.rmdir()\n"
    )
    monkeypatch.setattr(synthesis, "PROJECT", tmp_path)
    outdir = tmp_path / "cdk.out"
    with ThreadPoolExecutor() as pool:
        synthesized = list(pool.map(synthesis.synthesize, [outdir, outdir]))

    assert synthesized == [outdir, outdir]


@pytest.mark.parametrize("end", ["", "raise SystemExit(1)", "os.kill(os.getpid(), 9)"])
def test_temporary_files_are_removed_however_the_app_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    made = tmp_path / "made.txt"
    (tmp_path / "app.py").write_text(
        "import os, pathlib, tempfile\n"
        f"pathlib.Path({str(made)!r}).write_text(tempfile.mkdtemp())\n{end}\n"
    )
    monkeypatch.setattr(synthesis, "PROJECT", tmp_path)
    with nullcontext() if not end else pytest.raises(UsageError):
        synthesis.synthesize(tmp_path / "cdk.out")

    assert made.read_text()
    assert not Path(made.read_text()).exists()


@pytest.fixture
def bundling(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(BUNDLING.format(directory=str(tmp_path)))
    (tmp_path / "tool.py").write_text(TOOL)
    (tmp_path / "alive.lock").touch()
    (tmp_path / "temporary").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("send", "number", "status"),
    # A terminal sends Ctrl-C to all processes of the command.
    [(os.killpg, signal.SIGINT, 130), (os.kill, signal.SIGTERM, 143)],
    ids=["Ctrl-C", "SIGTERM"],
)
def test_a_synthesis_that_a_signal_ends_leaves_no_process_and_no_temporary_directory(
    bundling: Path, send: Callable[[int, int], None], number: int, status: int
) -> None:
    temporary = bundling / "temporary"
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(bundling)],
        cwd=PROJECT,
        env={**os.environ, "TMPDIR": str(temporary)},
        start_new_session=True,
    )
    with ending(process):
        ON_THIS_MACHINE.until(lambda: is_held(bundling / "alive.lock"), "the app's tool")
        assert list(temporary.rglob("jsii-kernel-*"))
        send(process.pid, number)

        assert process.wait(30) == status
    ON_THIS_MACHINE.until(lambda: not is_held(bundling / "alive.lock"), "the end of the tool")
    assert list(temporary.iterdir()) == []


def test_a_synthesis_that_takes_too_long_is_ended_and_leaves_as_little(
    bundling: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthesis, "PROJECT", bundling)
    monkeypatch.setattr(synthesis, "SYNTH_DEADLINE_SECONDS", 1)
    monkeypatch.setattr("tempfile.tempdir", str(bundling / "temporary"))
    with pytest.raises(UsageError, match=r"^app\.py did not finish within 1 s$"):
        synthesis.synthesize(bundling / "cdk.out")

    assert not is_held(bundling / "alive.lock")
    assert list((bundling / "temporary").iterdir()) == []
