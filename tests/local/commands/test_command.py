# SPDX-License-Identifier: MIT-0
"""`python -m local run` as a user types it: what it prints and how it exits."""

import fcntl
import json
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

from local.commands.execution_input import parse_input
from local.commands.page import HINT
from local.environment import PROJECT

from ...support.assemblies.hand_made import write_assembly
from ...support.assemblies.small_stacks import LOOP, LOOPS, TALK
from ...support.assemblies.variants import asset_with, variant
from ...support.commands import DEADLINE_SECONDS, Local, local, module
from ...support.liveness import has_sandboxes, watch
from ...support.stacks.scenario import wait_until


def test_a_run_tells_both_sides_in_modelled_time_and_prints_the_output(
    assembly: Path, local_here: Local
) -> None:
    finished = local_here("run", "--assembly", assembly)
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


def test_quiet_prints_the_output_alone(assembly: Path, local_here: Local) -> None:
    finished = local_here(
        *("run", "--assembly", assembly, "--quiet", "--input", '{"minutes_to_wait": 1}')
    )

    assert (finished.returncode, finished.stderr) == (0, "")
    assert json.loads(finished.stdout)["status"] == "SENT"


def test_an_input_may_come_from_a_file(assembly: Path, tmp_path: Path, local_here: Local) -> None:
    path = tmp_path / "input.json"
    path.write_text('{"minutes_to_wait": 0}')
    finished = local_here("run", "--assembly", assembly, "--quiet", "--input", path)

    assert (finished.returncode, finished.stdout, finished.stderr) == (
        1,
        "",
        "FAILED: InvalidInput: "
        "minutes_to_wait must be a number more than 0 and less than 60, got 0\n",
    )


def test_a_page_that_is_asked_for_has_what_handlers_log_also_with_quiet(
    assembly: Path, tmp_path: Path, local_here: Local
) -> None:
    page = tmp_path / "page.html"
    given = '{"minutes_to_wait": 0}'
    local_here("run", "--assembly", assembly, "--quiet", "--input", given, "--html", page)

    assert "Execution failed" in page.read_text()


def test_an_input_that_is_no_json_is_told_in_one_line_by_the_process_itself() -> None:
    finished = local("run", "--input", "{nonsense")

    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.startswith("local: --input must be JSON")
    assert finished.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--input", "{nonsense"],
            "--input must be JSON .*, got {nonsense: Expecting property name .*: line 1 .*",
        ),
        (["--input", "nowhere"], "--input must be JSON .*, got nowhere: No such file .*"),
        (["--input", ""], "--input must be JSON .*, got : Expecting value: line 1 .*"),
        (["--input", "5 minutes"], "--input must be JSON .*, got 5 minutes: Extra data: .*"),
        (["--input", "app.py"], "--input must be JSON .*, got app.py: the file is not JSON: .*"),
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


def test_a_broken_profile_and_configuration_of_aws_are_not_read(
    assembly: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "config"
    broken.write_text("[broken")
    finished = module(
        *("local", "run", "--assembly", assembly, "--quiet", "--input", '{"minutes_to_wait": 0}'),
        env={**os.environ, "AWS_PROFILE": "nowhere", "AWS_CONFIG_FILE": str(broken)},
    )

    assert finished.returncode == 1
    assert finished.stderr.startswith("FAILED: InvalidInput: minutes_to_wait must be")


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


def test_handlers_lines_are_shown_without_task_tokens_and_a_failure_with_its_place_and_page(
    tmp_path: Path, local_here: Local
) -> None:
    assembly = write_assembly(tmp_path / "talk", {"Talk": {"Resources": TALK}})
    finished = local_here("run", "--assembly", assembly)
    page = re.search(r"^This execution as one timeline: (.*)$", finished.stdout, re.MULTILINE)

    assert finished.returncode == 1
    assert re.search(
        r"^ 0:\S+ {52}talk \| .*logged \[task token 1\]", finished.stdout, re.MULTILINE
    )
    assert re.search(r"File \".*index.py\", line 7, in handler", finished.stdout)
    assert "task failed: KeyError: 'broken'" in finished.stdout
    assert "\nIt ended in the state Talk" in finished.stdout
    assert page is not None
    told = (PROJECT / page[1]).read_text()
    assert "talk" in told
    # Its endpoint has ended: no command can redrive it.
    assert "redrive-execution" not in told
    assert "local run" not in finished.stdout.split("FAILED")[-1]


def test_a_history_of_more_than_a_thousand_events_is_shown_whole(
    tmp_path: Path, local_here: Local
) -> None:
    assembly = write_assembly(tmp_path / "loop", {"Loop": {"Resources": LOOP}})
    finished = local_here("run", "--assembly", assembly)
    shown = re.findall(r"^ 0:\S+  (.*)$", finished.stdout, re.MULTILINE)

    assert shown == [
        "execution started",
        "Zero entered (Pass)",
        *["Add entered (Pass)", "More entered (Choice)"] * LOOPS,
        "Done entered (Succeed)",
        "execution SUCCEEDED",
    ]


def test_an_encoding_without_a_character_is_no_traceback(assembly: Path) -> None:
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    finished = module("local", "run", "--assembly", assembly, "--input", "{\u2026", env=ascii_only)
    shown = module("local", "run", "--assembly", "/nowhere/\u2026", env=ascii_only)

    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.startswith("local: --input must be JSON or a file with JSON, got {?: ")
    assert shown.stderr.startswith("local: /nowhere/? is not a cloud assembly: ")


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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: command: see python -m local --help"),
        (["walk"], "argument command: invalid choice: 'walk' .*: see python -m local --help"),
        (["run", "--fast"], "unrecognized arguments: --fast: see python -m local run --help"),
        (["run", "--input"], "argument --input: expected one .*: see python -m local run --help"),
    ],
)
def test_a_wrong_command_line_is_status_2_and_one_line(
    local_here: Local, arguments: list[str], message: str
) -> None:
    finished = local_here(*arguments)

    assert finished.returncode == 2
    assert re.fullmatch(f"local: {message}\n", finished.stderr)
