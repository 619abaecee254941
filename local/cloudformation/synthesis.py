# SPDX-License-Identifier: MIT-0
"""Synthesizes the app, as the command line of the CDK does."""

import os
import subprocess
import sys
from pathlib import Path

from ..environment import PROJECT
from ..errors import LocalError

SYNTH_DEADLINE_SECONDS = 900


def search_path() -> str:
    """PATH for a process that imports aws_cdk: jsii starts `node`, which is beside this Python."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def synthesize(outdir: Path) -> Path:
    """Run the app, and return the directory of the cloud assembly that it writes.

    Raises:
        LocalError: the app failed, or ran longer than SYNTH_DEADLINE_SECONDS
    """
    environment = {**os.environ, "CDK_OUTDIR": str(outdir), "PATH": search_path()}
    try:
        finished = subprocess.run(
            [sys.executable, str(PROJECT / "app.py")],
            env=environment,
            capture_output=True,
            text=True,
            timeout=SYNTH_DEADLINE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise LocalError(f"app.py did not finish within {SYNTH_DEADLINE_SECONDS} s") from None
    if finished.returncode != 0:
        raise LocalError(f"app.py could not be synthesized: {_reason(finished.stderr)}")
    return outdir


def _reason(stderr: str) -> str:
    """The last line of a traceback, with the place in the project that it came from."""
    lines = stderr.strip().splitlines() or ["no message"]
    own = [line.strip() for line in lines if _is_place_in_project(line)]
    place = f" ({own[-1].rsplit(', in ', 1)[0]})" if own else ""
    return lines[-1] + place.replace(f"{PROJECT}{os.sep}", "")


def _is_place_in_project(line: str) -> bool:
    return line.strip().startswith(f'File "{PROJECT}') and f"{os.sep}.venv{os.sep}" not in line
