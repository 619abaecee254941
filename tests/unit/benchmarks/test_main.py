# SPDX-License-Identifier: MIT-0
"""The command: which figures it prints, and what it does when one cannot be had."""

import sys

import pytest

from benchmarks import __main__ as main


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sizes are five, the synthesis fails, and the cold start takes too long."""

    def command(name: str) -> list[str]:
        programs = {
            "assets": "print('five')",
            "synthesis": "raise SystemExit('no figures')",
            "cold_start": "import time; time.sleep(20); print('late')",
        }
        return [sys.executable, "-c", programs[name]]

    monkeypatch.setattr(main, "command", command)


def test_all_figures_are_measured_unless_some_are_named() -> None:
    assert main.parse_names(["workflow", "assets"]) == ["workflow", "assets"]
    assert main.parse_names([]) == list(main.FIGURES)


def test_a_name_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main.parse_names(["nonsense"])

    assert end.value.code == 2
    assert "NAME must be one of synthesis, assets, " in capsys.readouterr().err


@pytest.mark.usefixtures("measuring")
def test_what_could_not_be_measured_takes_no_other_figures_with_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert main.run(["synthesis", "assets"]) == 1

    out, err = capfd.readouterr()
    assert out.splitlines()[1:] == ["", "### Synthesis", "", "### Size", "", "five"]
    assert out.startswith("Measured on 20")
    assert err == "no figures\n"


@pytest.mark.usefixtures("measuring")
def test_a_measurement_that_does_not_end_is_ended(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "DEADLINE_SECONDS", 0)

    assert main.run(["cold_start"]) == 1

    out, err = capfd.readouterr()
    assert "late" not in out
    assert err == "benchmarks: cold_start took more than 0 s\n"
