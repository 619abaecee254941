# SPDX-License-Identifier: MIT-0
"""How many faults were injected and states explored, and whether docs/reliability.md says so."""

import re
from collections import Counter
from pathlib import Path

import pytest

from . import readme

FAULTS = Path(__file__).parents[2] / "local" / "faults"
# How many points there are to kill at is not quite the same in every run.
SAID = re.findall(
    r"faults, more than (\d+) in all, and tries (\d+) inputs",
    " ".join(readme.PAGES["docs/reliability.md"].split()),
)


class FaultCount:
    """Adds up what tests report of faults and states, in whichever process they ran.

    When all of them have passed, and the page has other numbers, the run has failed.
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
        faults, inputs = self._counts["faults"], self._counts["inputs"]
        if self._counts["states"]:
            terminalreporter.write_line(f"{self._counts['states']:,} states of callbacks explored")
        if faults or inputs:
            terminalreporter.write_line(f"{faults} faults injected, {inputs} inputs tried")
        if self._is_refuted(terminalreporter.config):
            terminalreporter.write_line("docs/reliability.md has other numbers", red=True)

    def _is_refuted(self, config: pytest.Config) -> bool:
        """Whether all tests of faults have run, and not as the page says."""
        is_cut = config.option.keyword or any("::" in argument for argument in config.args)
        is_whole = not is_cut and {path.stem for path in FAULTS.glob("test_*.py")} <= self._modules
        [(least_faults, inputs)] = SAID
        is_right = self._counts["faults"] > int(least_faults) and self._counts["inputs"] == int(
            inputs
        )
        return is_whole and not is_right
