# SPDX-License-Identifier: MIT-0
"""`local replay`: the recorded histories of this release, and what the command says and returns."""

from pathlib import Path

from local.environment import PROJECT

from ...support.commands import Local
from ...support.project import readme
from ...support.stacks.scenario import SYNC
from ..record_histories import HISTORIES


def test_the_recorded_histories_of_this_release_go_on(assembly: Path, local_here: Local) -> None:
    files = sorted(HISTORIES.glob("*.json"))
    finished = local_here("replay", "--assembly", assembly, *files)
    lines = finished.stdout.splitlines()

    assert (finished.returncode, finished.stderr) == (0, "")
    assert [line.split(": ")[0] for line in lines] == [str(path) for path in files]
    assert all(line.endswith(", and the same end") for line in lines if "RUNNING" not in line)
    assert [line.partition(": ")[2] for line in lines if "RUNNING" in line] == [
        "sfn-dfn-async-durable-fn, RUNNING: the same 2 operations from 4 states; goes on"
    ]
    shown = readme.section("Replay recorded executions")
    told = [line.replace(f"{PROJECT}/", "") for line in lines]
    assert [line for line in shown.splitlines() if line.startswith("tests/histories/")] == [
        line for line in told if "order-fulfilled" in line or "order-waiting" in line
    ]


def test_one_that_would_not_go_on_is_named_and_ends_the_command_with_1(
    assembly: Path, local_here: Local
) -> None:
    path = HISTORIES / "order-waiting.json"
    finished = local_here("replay", "--assembly", assembly, "--function", SYNC, path)

    assert finished.returncode == 1
    assert finished.stdout == (
        f"{path}: sfn-dfn-async-durable-fn, RUNNING, replayed with sfn-dfn-sync-durable-fn: "
        "DIFFERS: step create_order (operation 1) was removed: the handler ends before it, "
        "with the error InvalidInput: order_id must be a text that is not empty, got nothing\n"
    )


def test_a_function_that_is_not_deployed_is_refused_by_name(
    assembly: Path, local_here: Local
) -> None:
    path = HISTORIES / "order-waiting.json"
    finished = local_here("replay", "--assembly", assembly, "--function", "other", path)

    assert finished.returncode == 2
    assert finished.stderr == (
        f"local: {path}: no durable function of this assembly is called other; "
        "--function takes one of sfn-dfn-async-durable-fn, sfn-dfn-sync-durable-fn\n"
    )


def test_a_bad_file_is_refused_before_anything_is_deployed(
    tmp_path: Path, local_here: Local
) -> None:
    path = tmp_path / "bad.json"
    path.write_text("{")
    finished = local_here("replay", "--assembly", tmp_path, path)

    assert finished.returncode == 2
    assert finished.stderr.startswith(f"local: {path} is no JSON: ")
