# SPDX-License-Identifier: MIT-0
"""The alarms and the dashboard that `-c monitoring=true` adds, and that nothing else does."""

import functools
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cdk_stepfunction_durable_lambda_function.options import InvalidOption
from local.cloudformation.templates.physical_resource import PhysicalResource
from local.cloudformation.templates.template import Template

from ...support.assemblies.resources import ASYNC, GUARD, SYNC, TemplateDict, only, resources
from ...support.project import readme
from ..conftest import synthesize
from .conftest import leave_out_the_guard

MACHINE = "sfn-dfn-integration-pattern-cdk"
MACHINE_ARN = f"arn:aws:states:us-east-1:123456789012:stateMachine:{MACHINE}"
# What every alarm has in common: one is too many, and no data is no news.
AT_THE_FIRST = {
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "EvaluationPeriods": 1,
    "Period": 300,
    "Statistic": "Sum",
    "Threshold": 1,
    "TreatMissingData": "notBreaching",
}


@pytest.fixture(scope="module")
def monitored(tmp_path_factory: pytest.TempPathFactory) -> TemplateDict:
    return synthesize(tmp_path_factory.mktemp("monitored"), {"monitoring": "true"})


def deployed(template: TemplateDict, resource_type: str) -> list[dict[str, Any]]:
    """The properties of every resource of a type, as they are once the stack stands."""
    identities = {
        logical_id: PhysicalResource(function["Properties"]["FunctionName"])
        for logical_id, function in resources(template, "Lambda::Function").items()
    }
    machine, properties = only(template, "StepFunctions::StateMachine")
    name = properties["StateMachineName"]
    arn = MACHINE_ARN.replace(MACHINE, name)
    identities[machine] = PhysicalResource(arn, {"Name": name})
    resolver = Template(template, {"AWS::Region": "us-east-1"}, identities)
    for logical_id, alarm in resources(template, "CloudWatch::Alarm").items():
        name = resolver.resolve(alarm["Properties"]["AlarmName"])
        identities[logical_id] = PhysicalResource(name, {"Arn": f"arn of {name}"})
    return [
        resolver.resolve(resource["Properties"])
        for resource in resources(template, resource_type).values()
    ]


def dashboard(template: TemplateDict) -> dict[str, Any]:
    """The one dashboard, its body as an object."""
    [properties] = deployed(template, "CloudWatch::Dashboard")
    return {**properties, "DashboardBody": json.loads(properties["DashboardBody"])}


def alarm_names(template: TemplateDict) -> list[str]:
    return [alarm["AlarmName"] for alarm in deployed(template, "CloudWatch::Alarm")]


@pytest.mark.parametrize(
    ("watched", "namespace", "dimension", "metric"),
    [
        (MACHINE, "AWS/States", ("StateMachineArn", MACHINE_ARN), "ExecutionsFailed"),
        (MACHINE, "AWS/States", ("StateMachineArn", MACHINE_ARN), "ExecutionsTimedOut"),
        (ASYNC, "AWS/Lambda", ("FunctionName", ASYNC), "DurableExecutionFailed"),
        (ASYNC, "AWS/Lambda", ("FunctionName", ASYNC), "DurableExecutionTimedOut"),
        (SYNC, "AWS/Lambda", ("FunctionName", SYNC), "DurableExecutionFailed"),
        (SYNC, "AWS/Lambda", ("FunctionName", SYNC), "DurableExecutionTimedOut"),
        (GUARD, "AWS/Lambda", ("FunctionName", GUARD), "AsyncEventsDropped"),
    ],
)
def test_an_alarm_goes_off_at_the_first_bad_end(
    monitored: TemplateDict,
    watched: str,
    namespace: str,
    dimension: tuple[str, str],
    metric: str,
) -> None:
    [alarm] = [
        each
        for each in deployed(monitored, "CloudWatch::Alarm")
        if each["AlarmName"] == f"{watched}-{metric}"
    ]

    # What it means, and what to do.
    assert re.fullmatch(r"[A-Z].+\. (Open|.*log).+\.", alarm.pop("AlarmDescription"))
    assert alarm == {
        "AlarmName": f"{watched}-{metric}",
        "Namespace": namespace,
        "MetricName": metric,
        # No version: executions outlive a deploy on the old ones.
        "Dimensions": [{"Name": dimension[0], "Value": dimension[1]}],
        **AT_THE_FIRST,
    }


def test_there_are_as_many_alarms_as_the_docs_name(monitored: TemplateDict) -> None:
    named = re.findall(r"`(sfn-dfn-[\w-]+-[A-Z]\w+)`", readme.section("Monitoring"))

    assert sorted(named) == sorted(alarm_names(monitored))
    assert len(named) == 7


def test_the_dashboard_has_a_row_for_each_thing_that_is_watched(monitored: TemplateDict) -> None:
    board = dashboard(monitored)

    assert board["DashboardName"] == f"{MACHINE}-us-east-1"
    assert [each["properties"]["title"] for each in board["DashboardBody"]["widgets"]] == [
        f"{MACHINE}: alarms",
        MACHINE,
        f"{MACHINE}: ExecutionTime",
        f"{ASYNC}: alarms",
        ASYNC,
        f"{ASYNC}: DurableExecutionDuration",
        f"{SYNC}: alarms",
        SYNC,
        f"{SYNC}: DurableExecutionDuration",
        "All durable executions in this account and Region",
        f"{GUARD}: alarms",
        GUARD,
        f"{GUARD}: Duration",
    ]


def test_the_dashboard_shows_every_alarm(monitored: TemplateDict) -> None:
    shown = [
        arn
        for widget in dashboard(monitored)["DashboardBody"]["widgets"]
        if widget["type"] == "alarm"
        for arn in widget["properties"]["alarms"]
    ]

    assert shown == [f"arn of {name}" for name in alarm_names(monitored)]


def graph(template: TemplateDict, title: str) -> list[list[Any]]:
    [metrics] = [
        widget["properties"]["metrics"]
        for widget in dashboard(template)["DashboardBody"]["widgets"]
        if widget["properties"]["title"] == title
    ]
    assert isinstance(metrics, list)
    return metrics


def test_executions_are_counted_from_their_start_to_every_end(monitored: TemplateDict) -> None:
    assert graph(monitored, MACHINE) == [
        ["AWS/States", f"Executions{what}", "StateMachineArn", MACHINE_ARN, {"stat": "Sum"}]
        for what in ("Started", "Succeeded", "Failed", "TimedOut", "Aborted")
    ]
    assert graph(monitored, ASYNC) == [
        ["AWS/Lambda", f"DurableExecution{what}", "FunctionName", ASYNC, {"stat": "Sum"}]
        for what in ("Started", "Succeeded", "Failed", "TimedOut", "Stopped")
    ]


def test_durations_are_shown_as_median_and_maximum(monitored: TemplateDict) -> None:
    duration = ["AWS/Lambda", "DurableExecutionDuration", "FunctionName", SYNC]

    assert graph(monitored, f"{SYNC}: DurableExecutionDuration") == [
        [*duration, {"label": "p50", "stat": "p50"}],
        [*duration, {"label": "Maximum", "stat": "Maximum"}],
    ]


def test_what_is_running_is_counted_for_the_whole_account(monitored: TemplateDict) -> None:
    running, name = ["AWS/Lambda"], "ApproximateRunningDurableExecutions"

    assert graph(monitored, "All durable executions in this account and Region") == [
        [*running, name, {"stat": "Maximum"}],
        [*running, f"{name}Utilization", {"stat": "Maximum", "yAxis": "right"}],
    ]


def test_monitoring_adds_to_the_stack_and_changes_nothing_in_it(
    template: TemplateDict, monitored: TemplateDict
) -> None:
    kept = {
        logical_id: resource
        for logical_id, resource in monitored["Resources"].items()
        if not logical_id.startswith("Monitoring")
    }

    assert {**monitored, "Resources": kept} == template


@pytest.mark.parametrize("value", [False, "false", None])
def test_nothing_of_it_is_there_unless_it_is_asked_for(
    template: TemplateDict, tmp_path: Path, value: object
) -> None:
    assert "AWS::CloudWatch::" not in json.dumps(template)
    assert synthesize(tmp_path, {"monitoring": value}) == template


def test_a_boolean_as_in_cdk_json_asks_for_it_too(monitored: TemplateDict, tmp_path: Path) -> None:
    assert synthesize(tmp_path, {"monitoring": True}) == monitored


def test_two_monitored_copies_share_no_name(monitored: TemplateDict, tmp_path: Path) -> None:
    blue = synthesize(tmp_path, {"monitoring": "true", "prefix": "blue"})

    assert not set(alarm_names(blue)) & set(alarm_names(monitored))
    assert alarm_names(blue)[0] == "blue-integration-pattern-cdk-ExecutionsFailed"
    # Of a Region, too: dashboards are the account's.
    assert dashboard(blue)["DashboardName"] == "blue-integration-pattern-cdk-us-east-1"


def test_the_guards_alarm_goes_with_the_guard(
    monitored: TemplateDict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_out_the_guard(monkeypatch)
    without = synthesize(tmp_path, {"monitoring": "true"})

    assert alarm_names(without) == alarm_names(monitored)[:-1]
    assert GUARD not in json.dumps(dashboard(without))


@pytest.mark.parametrize("value", ["", "yes", "True", "1", 1, 0, [], {}])
def test_anything_but_true_or_false_is_refused(app: ModuleType, value: object) -> None:
    with pytest.raises(InvalidOption) as refusal:
        app.build({"monitoring": value})

    assert str(refusal.value) == f"monitoring must be true or false, got {value!r}"


def test_the_refusal_is_one_line_and_a_status(
    app: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "build", functools.partial(app.build, {"monitoring": "on"}))
    with pytest.raises(SystemExit) as end:
        app.main()

    # Text as its code is what an interpreter prints to standard error before it exits with 1.
    assert end.value.code == "app.py: monitoring must be true or false, got 'on'"
