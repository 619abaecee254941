# SPDX-License-Identifier: MIT-0
"""The alarms on failures, and the dashboard of the state machine and its functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from .durable_function import DurableFunction


@dataclass(frozen=True)
class Metrics:
    """The metrics of a resource on the dashboard, and for each alarm what to do about it."""

    counts: tuple[str, ...]
    duration: str
    advice: Mapping[str, str]


# https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
STATE_MACHINE = Metrics(
    counts=(
        "ExecutionsStarted",
        "ExecutionsSucceeded",
        "ExecutionsFailed",
        "ExecutionsTimedOut",
        "ExecutionsAborted",
    ),
    duration="ExecutionTime",
    advice={
        "ExecutionsFailed": "An execution failed. Open it in the Step Functions console: its last "
        "event has the error. After States.Timeout, which is a heartbeat that ran out, look at "
        "the durable execution and at the callback guard.",
        "ExecutionsTimedOut": "An execution took longer than the state machine's TimeoutSeconds. "
        "Open it in the Step Functions console: the state it was in did not end in time.",
    },
)
# https://docs.aws.amazon.com/lambda/latest/dg/durable-monitoring.html
DURABLE_FUNCTION = Metrics(
    counts=(
        "DurableExecutionStarted",
        "DurableExecutionSucceeded",
        "DurableExecutionFailed",
        "DurableExecutionTimedOut",
        "DurableExecutionStopped",
    ),
    duration="DurableExecutionDuration",
    advice={
        "DurableExecutionFailed": "A durable execution failed. Open it in the Lambda console, "
        "under Durable executions of this function: it has the error, and the steps that are done. "
        "With no step at all, look for the error in the function's log.",
        "DurableExecutionTimedOut": "A durable execution took longer than its function allows. "
        "Open it in the Lambda console, under Durable executions of this function: its last "
        "operation did not end in time. If its invocations failed again and again, the function's "
        "log has the reason.",
    },
)
# After an error Lambda invokes the guard again: the alarm is on the events that Lambda drops.
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
CALLBACK_GUARD = Metrics(
    counts=("Invocations", "Errors", "Throttles", "AsyncEventsDropped"),
    duration="Duration",
    advice={
        "AsyncEventsDropped": "The guard could not fail the task of a durable execution that has "
        "ended, so its state waits until the heartbeat runs out. The guard's log has the reason. "
        "Stop that execution, or let it fail.",
    },
)


class Monitoring(Construct):
    """A dashboard with a row for each resource: its alarms, counts and durations.

    The names of alarms and dashboard begin with the resource's, so that two copies differ.

    Args:
        state_machine: the state machine, whose name becomes the dashboard's
        durable_functions: the functions to watch, in all their versions
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        state_machine: sfn.StateMachine,
        durable_functions: Iterable[DurableFunction],
    ) -> None:
        super().__init__(scope, construct_id)
        name = state_machine.state_machine_name
        # Alarms belong to a Region, but dashboards to the whole account:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
        self._dashboard = cloudwatch.Dashboard(
            self, "Dashboard", dashboard_name=f"{name}-{Stack.of(self).region}"
        )
        self._watch("StateMachine", state_machine, name, STATE_MACHINE)
        for each in durable_functions:
            function = each.function
            self._watch(each.node.id, function, function.function_name, DURABLE_FUNCTION)
        self._show_running()

    def watch_guard(self, guard: Construct, function: lambda_.Function) -> None:
        """Add the alarm and the metrics of a callback guard."""
        self._watch(guard.node.id, function, function.function_name, CALLBACK_GUARD)

    def _watch(
        self,
        construct_id: str,
        watched: sfn.StateMachine | lambda_.Function,
        name: str,
        metrics: Metrics,
    ) -> None:
        # The unqualified function's metrics count all versions, old ones included.
        # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html
        counts = {each: watched.metric(each, statistic="Sum") for each in metrics.counts}
        durations = [
            watched.metric(metrics.duration, statistic=each, label=each)
            for each in ("p50", "Maximum")
        ]
        alarms = [
            cloudwatch.Alarm(
                self,
                f"{construct_id}{metric}",
                alarm_name=f"{name}-{metric}",
                alarm_description=advice,
                metric=counts[metric],
                threshold=1,
                evaluation_periods=1,
                # A metric has no data while nothing happens.
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
            for metric, advice in metrics.advice.items()
        ]
        self._dashboard.add_widgets(
            cloudwatch.AlarmStatusWidget(title=f"{name}: alarms", alarms=alarms, width=6, height=6),
            cloudwatch.GraphWidget(title=name, left=list(counts.values()), width=9),
            cloudwatch.GraphWidget(title=f"{name}: {metrics.duration}", left=durations, width=9),
        )

    def _show_running(self) -> None:
        """Show the running durable executions, which Lambda counts for an account and Region."""
        self._dashboard.add_widgets(
            cloudwatch.GraphWidget(
                title="All durable executions in this account and Region",
                left=[_of_account("ApproximateRunningDurableExecutions")],
                right=[_of_account("ApproximateRunningDurableExecutionsUtilization")],
                width=24,
            )
        )


def _of_account(metric: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(namespace="AWS/Lambda", metric_name=metric, statistic="Maximum")
