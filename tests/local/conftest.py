# SPDX-License-Identifier: MIT-0
"""The real assembly, deployed once a module to an endpoint on this machine.

A process has one endpoint at a time: a module either shares this one, or opens its own.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.__main__ import main

from ..support.commands import Local
from ..support.scenario import Scenario, deployed


@pytest.fixture(scope="module")
def scenario(assembly: Path) -> Iterator[Scenario]:
    with deployed(assembly) as ready:
        yield ready


@pytest.fixture
def local_here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Local:
    """The command in this process, for what ends before there is an endpoint."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["local", *map(str, arguments)])
        try:
            status = main()
        except SystemExit as end:
            status = int(str(end.code))
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, status, out, err)

    return run
