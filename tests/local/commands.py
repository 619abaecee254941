# SPDX-License-Identifier: MIT-0
"""`python -m local` as a user types it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from local.assembly import PROJECT

DEADLINE_SECONDS = 120
Local = Callable[..., "subprocess.CompletedProcess[str]"]


def local(*arguments: str | Path, cwd: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
    )
