# SPDX-License-Identifier: MIT-0
"""Alarms and dashboards: alarms are kept and never change, as no metric is measured here."""

from ...environment import environment
from ..resource import Resource, ResourceType, StackContext
from ..templates.physical_resource import PhysicalResource
from .delete_call import delete_call


def _alarm_arn(name: str) -> str:
    return environment().arn("cloudwatch", f"alarm:{name}")


def _create_alarm(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    resource.refuse_replacement("AlarmName")
    name = context.name(resource, "AlarmName")
    cloudwatch = context.endpoint.client("cloudwatch")
    known = cloudwatch.meta.service_model.operation_model("PutMetricAlarm").input_shape.members
    settings = {key: value for key, value in resource.properties.items() if key in known}
    cloudwatch.put_metric_alarm(**{**settings, "AlarmName": name})
    deleted = delete_call("cloudwatch", "delete_alarms", AlarmNames=[name])
    return PhysicalResource(name, {"Arn": _alarm_arn(name)}, resource.removables(deleted))


def _name_alarm(resource: Resource, context: StackContext) -> PhysicalResource:
    name = context.name(resource, "AlarmName")
    return PhysicalResource(name, {"Arn": _alarm_arn(name)})


def _name_dashboard(resource: Resource, context: StackContext) -> PhysicalResource:
    return PhysicalResource(context.name(resource, "DashboardName"))


# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_CloudWatch.html
TYPES = {
    "AWS::CloudWatch::Alarm": ResourceType.of(
        _create_alarm,
        "AlarmName",
        "ActionConfiguration ActionsEnabled AlarmActions AlarmDescription ComparisonOperator "
        "DatapointsToAlarm Dimensions EvaluateLowSampleCountPercentile EvaluationCriteria "
        "EvaluationInterval EvaluationPeriods EvaluationWindow ExtendedStatistic "
        "InsufficientDataActions MetricName Metrics Namespace OKActions Period Statistic Tags "
        "Threshold ThresholdMetricId TreatMissingData Unit WarmUpConfiguration",
    ),
    "AWS::CloudWatch::CompositeAlarm": ResourceType.of(
        _name_alarm,
        "AlarmName",
        "ActionsEnabled ActionsSuppressor ActionsSuppressorExtensionPeriod "
        "ActionsSuppressorWaitPeriod AlarmActions AlarmDescription AlarmRule "
        "InsufficientDataActions OKActions Tags",
    ),
    "AWS::CloudWatch::Dashboard": ResourceType.of(
        _name_dashboard, "DashboardName", "DashboardBody Tags"
    ),
}
