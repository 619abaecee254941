# SPDX-License-Identifier: MIT-0
"""`python -m local run` as a user types it: what it prints and how it exits."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local.commands.page import HINT
from local.commands.run import parse_input
from local.environment import PROJECT

from ..support.assemblies import asset_with, variant
from ..support.commands import DEADLINE_SECONDS, Local, local
from ..support.liveness import has_sandboxes, watch
from ..support.scenario import wait_until


def test_a_run_tells_both_sides_in_modelled_time_and_prints_the_output(assembly: Path) -> None:
    finished = local("run", "--assembly", assembly)
    lines = finished.stdout.splitlines()
    told = [line for line in lines if re.match(r" *\d+:\d\d:\d\d\.\d{3}  ", line)]
    times = [line.split()[0] for line in told]
    output, _ = json.JSONDecoder().raw_decode(finished.stdout, finished.stdout.index("\n{") + 1)

    assert (finished.returncode, finished.stderr) == (0, "")
    assert output["status"] == "SENT"
    assert times == sorted(times)
    assert re.search(r"0:20:\d\d\.\d{3} +wait_for_fulfilment: over", finished.stdout)
    assert re.search(r"0:20:1\d\.\d{3}  execution SUCCEEDED", finished.stdout)
    assert any(line.endswith("step create_order succeeded") for line in told)
    assert lines[-2:] == HINT.splitlines()


def test_quiet_prints_the_output_alone(assembly: Path) -> None:
    finished = local("run", "--assembly", assembly, "--quiet", "--input", '{"minutes_to_wait": 1}')

    assert (finished.returncode, finished.stderr) == (0, "")
    assert json.loads(finished.stdout)["status"] == "SENT"


def test_an_input_may_come_from_a_file(assembly: Path, tmp_path: Path) -> None:
    path = tmp_path / "input.json"
    path.write_text('{"minutes_to_wait": 0}')
    finished = local("run", "--assembly", assembly, "--quiet", "--input", path)

    assert (finished.returncode, finished.stdout, finished.stderr) == (
        1,
        "",
        "FAILED: InvalidInput: "
        "minutes_to_wait must be a number more than 0 and less than 60, got 0\n",
    )


def test_an_input_that_is_no_json_is_told_in_one_line_by_the_process_itself() -> None:
    finished = local("run", "--input", "{nonsense")

    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.startswith("local: --input must be JSON")
    assert finished.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--input", "{nonsense"], "--input must be JSON .*, got {nonsense: No such file .*"),
        (["--input", "x" * 9_000], "--input must be JSON .*, got x{100}…: File name too long"),
        (["--input", '{"m": NaN}'], "--input must be JSON .*: NaN is not JSON"),
        (["--input", "[" * 100_000], r"--input must be JSON .*, got \[{100}…: nested too deeply"),
        (["--assembly", "/nowhere"], "/nowhere is not a cloud assembly: .*"),
        (["--html", "/nowhere/a.html"], "--html .*, and /nowhere/a.html is in no directory .*"),
        (["--html", "/"], "--html FILE must be a file's path, and / is a directory"),
    ],
)
def test_what_cannot_begin_is_told_in_one_line(
    local_here: Local, arguments: list[str], message: str
) -> None:
    finished = local_here("run", *arguments)

    assert (finished.returncode, finished.stdout) == (2, "")
    assert re.fullmatch(f"local: {message}\n", finished.stderr)


@pytest.mark.parametrize("manifest", ["{}", '{"artifacts": {"s": {"type": 1}}}', "[]", "nonsense"])
def test_a_directory_that_is_no_assembly_is_told_in_one_line(
    local_here: Local, tmp_path: Path, manifest: str
) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    finished = local_here("run", "--assembly", tmp_path)

    assert finished.returncode == 2
    assert re.fullmatch(f"local: {tmp_path} (is not|has no stack).*\n", finished.stderr)


def test_an_input_in_line_may_be_long() -> None:
    long_input = json.dumps({"minutes_to_wait": 0, "note": "x" * 10_000})

    assert parse_input(long_input) == long_input


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
        + "\n\ndef create_order(execution_id):\n    time.sleep(300)\n"
    )
    watch(changed, "orders.py")
    return changed


@pytest.mark.parametrize("arguments", [[], ["walk"], ["run", "--fast"]])
def test_a_wrong_command_line_is_status_2(local_here: Local, arguments: list[str]) -> None:
    finished = local_here(*arguments)

    assert finished.returncode == 2
    assert finished.stderr.startswith("usage: python -m local")
    assert "Traceback" not in finished.stderr
