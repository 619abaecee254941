# SPDX-License-Identifier: MIT-0
"""Alarms and dashboards, of which nothing is kept: no metric is measured here."""

from ...environment import environment
from ..resource import Resource, ResourceType, StackContext
from ..templates.physical_resource import PhysicalResource


def _name_alarm(resource: Resource, context: StackContext) -> PhysicalResource:
    name = context.name(resource, "AlarmName")
    return PhysicalResource(name, {"Arn": environment().arn("cloudwatch", f"alarm:{name}")})


def _name_dashboard(resource: Resource, context: StackContext) -> PhysicalResource:
    return PhysicalResource(context.name(resource, "DashboardName"))


# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_CloudWatch.html
TYPES = {
    "AWS::CloudWatch::Alarm": ResourceType.of(
        _name_alarm,
        "AlarmName",
        "ActionConfiguration ActionsEnabled AlarmActions AlarmDescription ComparisonOperator "
        "DatapointsToAlarm Dimensions EvaluateLowSampleCountPercentile EvaluationCriteria "
        "EvaluationInterval EvaluationPeriods EvaluationWindow ExtendedStatistic "
        "InsufficientDataActions MetricName Metrics Namespace OKActions Period Statistic Tags "
        "Threshold ThresholdMetricId TreatMissingData Unit WarmUpConfiguration",
    ),
    "AWS::CloudWatch::Dashboard": ResourceType.of(
        _name_dashboard, "DashboardName", "DashboardBody Tags"
    ),
}
