# SPDX-License-Identifier: MIT-0
"""The assembly with alarms and a dashboard, which change nothing in a run on this machine."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.environment import PROJECT
from local.errors import LocalError, UsageError

from ...support.assemblies.variants import edited, synthesized
from ...support.commands import DEADLINE_SECONDS, Local
from ...support.stacks.scenario import deployed


@pytest.fixture(scope="module")
def monitored(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    context = {"monitoring": "true", "prefix": "blue"}
    return synthesized(assembly, tmp_path_factory.mktemp("monitored"), context)


def test_the_linter_of_templates_has_nothing_against_it(monitored: Path) -> None:
    [template] = monitored.glob("*.template.json")
    finished = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), template],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
    )

    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")


def test_an_execution_runs_on_it(monitored: Path, local_here: Local) -> None:
    finished = local_here("run", "--assembly", monitored, "--input", '{"minutes_to_wait": 20}')

    assert "AWS::CloudWatch::Alarm" in next(monitored.glob("*.template.json")).read_text()
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "blue-async-durable-fn:1 started" in finished.stdout
    assert "execution SUCCEEDED" in finished.stdout


def test_what_refers_to_an_alarm_finds_its_name_and_arn(monitored: Path, tmp_path: Path) -> None:
    def name_a_log_group_after_an_alarm(resources: dict[str, Any]) -> None:
        alarm = {"AlarmName": "late", "AlarmActions": [], "Threshold": 1}
        resources["Late"] = {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm}
        name = {"Fn::Sub": "/${Late}/${Late.Arn}"}
        resources["Log"] = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name}}

    with deployed(edited(monitored, tmp_path, name_a_log_group_after_an_alarm)) as scenario:
        groups = scenario.logs.describe_log_groups(logGroupNamePrefix="/late/")["logGroups"]

    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:late"
    assert [group["logGroupName"] for group in groups] == [f"/late/{arn}"]


def test_a_property_that_no_alarm_has_is_refused(monitored: Path, tmp_path: Path) -> None:
    def break_an_alarm(resources: dict[str, Any]) -> None:
        alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Treshold": 1}}
        resources["Late"] = alarm

    refusal = r"^Late \(AWS::CloudWatch::Alarm\): the property Treshold is not supported here$"
    with (
        pytest.raises(UsageError, match=refusal),
        deployed(edited(monitored, tmp_path, break_an_alarm)),
    ):
        pytest.fail("it was deployed")


def test_what_the_command_line_hands_over_must_be_true_or_false(
    assembly: Path, tmp_path: Path
) -> None:
    refusal = r"^app\.py could not be .*: app\.py: monitoring must be true or false, got 'yes'$"
    with pytest.raises(LocalError, match=refusal):
        synthesized(assembly, tmp_path, {"monitoring": "yes"})
