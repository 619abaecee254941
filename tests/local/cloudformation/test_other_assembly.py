# SPDX-License-Identifier: MIT-0
"""Another app's assembly: plain functions, aliases, JSONPath."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ...support.commands import Local


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    outdir = tmp_path_factory.mktemp("other")
    search_path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(
        [sys.executable, str(Path(__file__).with_name("other_app.py"))],
        env={
            **os.environ,
            "CDK_OUTDIR": str(outdir),
            "CDK_VALIDATION": "false",
            "PATH": search_path,
        },
        check=True,
        timeout=120,
    )
    return outdir


def test_another_apps_state_machine_runs(other: Path, local_here: Local) -> None:
    finished = local_here(
        "run", "--assembly", other, "--quiet", "--input", '{"names": ["Ada", "", "Grace"]}'
    )

    assert (finished.returncode, finished.stderr) == (0, "")
    assert json.loads(finished.stdout) == [
        {"greeting": "Hello Ada", "version": "1"},
        "sorry",
        {"greeting": "Hello Grace", "version": "1"},
    ]


def test_the_run_tells_what_it_understands_of_it(other: Path, local_here: Local) -> None:
    finished = local_here("run", "--assembly", other, "--input", '{"names": ["Ada"]}')

    assert finished.returncode == 0
    assert "Greet one entered" in finished.stdout
    assert "task succeeded" in finished.stdout
    assert "execution SUCCEEDED" in finished.stdout
