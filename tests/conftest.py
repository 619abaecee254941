# SPDX-License-Identifier: MIT-0
"""Tells at the end how many faults the tests have injected."""

import pytest


class FaultCount:
    """Adds up what the tests of tests/local/faults report, in whichever process they ran."""

    def __init__(self) -> None:
        self.injected = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown":
            self.injected += sum(
                int(str(value)) for name, value in report.user_properties if name == "faults"
            )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.injected:
            terminalreporter.write_line(f"{self.injected} faults injected")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(FaultCount())
