# SPDX-License-Identifier: MIT-0
"""`python -m local run` as a user types it: what it prints and how it exits."""

import json
import re
from pathlib import Path

from local.commands.page import HINT
from local.environment import PROJECT

from ...support.assemblies.hand_made import write_assembly
from ...support.assemblies.small_stacks import LOOP, LOOPS, TALK
from ...support.commands import Local


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
