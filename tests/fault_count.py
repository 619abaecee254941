# SPDX-License-Identifier: MIT-0
"""How many faults were injected, and whether the README says so."""

import re
from collections import Counter
from pathlib import Path

import pytest

from . import readme

FAULTS = Path(__file__).parent / "local" / "faults"
SAID = re.findall(
    r"injects each of these faults, (\d+) in all, and\s+tries (\d+) inputs", readme.TEXT
)


class FaultCount:
    """Adds up what the tests of tests/local/faults report, in whichever process they ran.

    When all of them have passed, and the README has other numbers, the run has failed.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._modules: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown":
            self._modules.add(Path(report.fspath).stem)
            for name, value in report.user_properties:
                self._counts[name] += int(str(value))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK and self._is_refuted(session.config):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._counts:
            terminalreporter.write_line(f"{self._found()} tried")
        if self._is_refuted(terminalreporter.config):
            terminalreporter.write_line("README.md has other numbers", red=True)

    def _found(self) -> str:
        return f"{self._counts['faults']} faults injected, {self._counts['inputs']} inputs"

    def _is_refuted(self, config: pytest.Config) -> bool:
        """Whether all tests of faults have run, and not as the README says."""
        is_cut = config.option.keyword or any("::" in argument for argument in config.args)
        is_whole = not is_cut and {path.stem for path in FAULTS.glob("test_*.py")} <= self._modules
        said = [f"{faults} faults injected, {inputs} inputs" for faults, inputs in SAID]
        return is_whole and said != [self._found()]
