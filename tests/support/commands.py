# SPDX-License-Identifier: MIT-0
"""The project's programs as a user types them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from local.environment import PROJECT

DEADLINE_SECONDS = 120
Local = Callable[..., "subprocess.CompletedProcess[str]"]


def local(*arguments: str | Path, cwd: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    return module("local", *arguments, cwd=cwd)


def module(
    name: str,
    *arguments: str | Path,
    cwd: Path = PROJECT,
    env: dict[str, str] | None = None,
    seconds: float = DEADLINE_SECONDS,
) -> subprocess.CompletedProcess[str]:
    """Run a module of the project as a program, to its end."""
    return subprocess.run(
        [sys.executable, "-m", name, *map(str, arguments)],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
