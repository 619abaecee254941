# SPDX-License-Identifier: MIT-0
"""`local run` of an Express state machine: it prints the result, for there is no history."""

import json
from pathlib import Path

import pytest

from local.commands.deployment_options import DeploymentOptions
from local.commands.run import RunOptions, run
from local.errors import UsageError

from ....support.assemblies.hand_made import state_machine, write_assembly
from ....support.step_functions.integrations import MACHINES

FAILS = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "Cause": "c"}}}


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    resources = {
        "MachineRole": MACHINES["MachineRole"],
        "Express": MACHINES["Express"],
        "Fails": state_machine(FAILS, StateMachineName="fails", StateMachineType="EXPRESS"),
    }
    directory = tmp_path_factory.mktemp("express") / "assembly"
    return write_assembly(directory, {"App": {"Resources": resources}})


def status_of(assembly: Path, machine: str, html: Path | None = None) -> int:
    options = RunOptions(
        execution_input='{"a": 1}',
        deployment=DeploymentOptions(assembly=assembly),
        machine=machine,
        real_time=False,
        quiet=False,
        html=html,
    )
    return run(options)


def test_an_output_is_printed(assembly: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(assembly, "express") == 0
    printed = capsys.readouterr().out
    assert "An execution of an Express state machine has no history" in printed
    assert json.loads(printed[printed.index("{") :]) == {"given": {"a": 1}, "n": 2}


def test_a_failure_is_an_error(assembly: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(assembly, "fails") == 1
    assert capsys.readouterr().err == "FAILED: E: c\n"


def test_a_page_is_refused(assembly: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^--html: express is an Express state machine, whose"):
        status_of(assembly, "express", tmp_path / "page.html")
