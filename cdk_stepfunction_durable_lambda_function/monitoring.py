# SPDX-License-Identifier: MIT-0
"""Alarms on what ends badly, and a dashboard of both sides."""

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
    """Which of a thing's metrics are shown, and what to do at the first count of the bad ones."""

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
# An error is no reason for an alarm: Lambda invokes the guard again. An event it gives up is.
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
CALLBACK_GUARD = Metrics(
    counts=("Invocations", "Errors", "Throttles", "AsyncEventsDropped"),
    duration="Duration",
    advice={
        "AsyncEventsDropped": "The guard could not tell the state machine of a durable execution "
        "that has ended, so the execution there waits until its heartbeat runs out. The guard's "
        "log has the reason. Stop that execution, or let it fail.",
    },
)


class InvalidMonitoring(ValueError):
    """The context does not say whether to monitor."""


def is_wanted(value: object) -> bool:
    """Whether the context asks for monitoring.

    Raises:
        InvalidMonitoring: it is neither a boolean, as cdk.json may have it, nor the text of one,
            as `-c` hands it over
    """
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise InvalidMonitoring(f"monitoring must be true or false, got {value!r}")
    return value == "true"


class Monitoring(Construct):
    """A row on a dashboard for each thing that is watched: its alarms, counts and durations.

    Alarms, and the dashboard, are named after what they watch, so two copies share no name.

    Args:
        state_machine: gives the dashboard its name
        durable_functions: watched in all their versions
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
        # Alarms are a region's own, and dashboards all of the account's:
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
        """Watch a guard by its function, which speaks where no handler does."""
        self._watch(guard.node.id, function, function.function_name, CALLBACK_GUARD)

    def _watch(
        self,
        construct_id: str,
        watched: sfn.StateMachine | lambda_.Function,
        name: str,
        metrics: Metrics,
    ) -> None:
        # A function's own metrics count all versions: executions outlive a deploy on old ones.
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
                # While nothing happens there is no data.
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
        """Lambda counts what is running for the whole account and Region, against its quota."""
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
