# SPDX-License-Identifier: MIT-0
"""Commands that a page shows, run as a user runs them: with the AWS CLI of the requirements."""

import os
import subprocess
from pathlib import Path

from local.cloudformation.synthesis import search_path

from .credentials import CREDENTIALS, REGION

DEADLINE_SECONDS = 60


def run_shown(command: str, directory: Path) -> str:
    """Run a command in a shell, in that directory, and return what it prints."""
    finished = subprocess.run(
        ["sh", "-c", command],
        cwd=directory,
        env={**os.environ, "PATH": search_path(), **CREDENTIALS, **REGION},
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    return finished.stdout
