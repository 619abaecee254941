# SPDX-License-Identifier: MIT-0
"""The stack: a state machine, the two durable functions that it invokes, the permission to send
callbacks, and the guard for durable executions that end without one. Monitoring, a start by name
and a key for the durable data are optional.
"""

from typing import Any

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from .callback_guard import CallbackGuard
from .dependency_layer import DependencyLayer
from .durable_data_key import encrypt_durable_data
from .durable_function import DurableFunction
from .monitoring import Monitoring
from .prefix import Prefix
from .start_once import retry_unanswered, start_once_state

# How long the task waits for an answer, or for a heartbeat.
HEARTBEAT = Duration.hours(1)


class CdkStepfunctionDurableLambdaFunctionStack(Stack):
    """A state machine that calls an asynchronous, then a synchronous durable function."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        prefix: Prefix,
        is_monitored: bool = False,
        starts_once: bool = False,
        durable_key_arn: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, construct_id, **kwargs)
        layer = DependencyLayer(self, "DependencyLayer")
        async_durable = DurableFunction(
            self,
            "AsyncDurableFunction",
            name=prefix.name("async-durable-fn"),
            handler_module="async_durable_function",
            execution_timeout=Duration.hours(1),
            layer=layer,
            # An event that is older finds its task closed: no work begins for it.
            max_event_age=HEARTBEAT,
        )
        sync_durable = DurableFunction(
            self,
            "SyncDurableFunction",
            name=prefix.name("sync-durable-fn"),
            handler_module="sync_durable_function",
            execution_timeout=Duration.minutes(15),
            layer=layer,
        )
        state_machine = self._state_machine(
            prefix.name("integration-pattern-cdk"),
            self._async_state(async_durable, starts_once).next(self._sync_state(sync_durable)),
        )
        for function in (async_durable, sync_durable):
            function.grant_invoke_every_version(state_machine.role)
            if durable_key_arn is not None:
                encrypt_durable_data(function.function, durable_key_arn)
        self._allow_callback(async_durable, state_machine)
        # An attribute, so that the guard, its only reader, can be deleted from this file.
        self.monitoring = (
            Monitoring(
                self,
                "Monitoring",
                state_machine=state_machine,
                durable_functions=(async_durable, sync_durable),
            )
            if is_monitored
            else None
        )
        CallbackGuard(
            self,
            "CallbackGuard",
            name=prefix.name("callback-guard-fn"),
            watched=async_durable,
            state_machine=state_machine,
            layer=layer,
            monitoring=self.monitoring,
            durable_key_arn=durable_key_arn,
        )

        CfnOutput(self, "AsyncDurableFunctionName", value=async_durable.function.function_name)
        CfnOutput(self, "SyncDurableFunctionName", value=sync_durable.function.function_name)
        CfnOutput(self, "StepFunctionDFArn", value=state_machine.state_machine_arn)

    def _async_state(self, function: DurableFunction, starts_once: bool) -> sfn.TaskStateBase:
        """Start the function, then wait for its callback with the task token."""
        name, heartbeat = "Async Durable Lambda Fn Invoke", sfn.Timeout.duration(HEARTBEAT)
        if starts_once:
            return retry_unanswered(
                _retry_throttled(start_once_state(self, name, function, heartbeat))
            )
        return _retry_throttled(
            tasks.LambdaInvoke.jsonata(
                self,
                name,
                lambda_function=function.version,
                integration_pattern=sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
                invocation_type=tasks.LambdaInvocationType.EVENT,
                payload=sfn.TaskInput.from_object(
                    {
                        "TaskToken": "{% $states.context.Task.Token %}",
                        "minutes_to_wait": "{% $states.input.minutes_to_wait %}",
                    }
                ),
                heartbeat_timeout=heartbeat,
                outputs="{% $states.result %}",
                retry_on_service_exceptions=False,
            )
        )

    def _sync_state(self, function: DurableFunction) -> sfn.TaskStateBase:
        """Invoke the function and wait for its result, as with any Lambda function."""
        return _retry_throttled(
            tasks.LambdaInvoke.jsonata(
                self,
                "Synchronous Durable Lambda Fn Invoke",
                lambda_function=function.version,
                payload=sfn.TaskInput.from_text("{% $states.input %}"),
                outputs="{% $states.result.Payload %}",
                retry_on_service_exceptions=False,
            )
        )

    def _state_machine(self, name: str, definition: sfn.IChainable) -> sfn.StateMachine:
        return sfn.StateMachine(
            self,
            "StateMachine",
            state_machine_name=name,
            state_machine_type=sfn.StateMachineType.STANDARD,
            query_language=sfn.QueryLanguage.JSONATA,
            definition_body=sfn.DefinitionBody.from_chainable(definition),
            timeout=Duration.hours(2),
            tracing_enabled=True,
            logs=sfn.LogOptions(
                # A group below /aws/vendedlogs/ needs no entry in the account's resource
                # policy for CloudWatch Logs, whose length is limited.
                destination=logs.LogGroup(
                    self,
                    "StateMachineLogs",
                    log_group_name=f"/aws/vendedlogs/states/{name}",
                    retention=logs.RetentionDays.TWO_WEEKS,
                    removal_policy=RemovalPolicy.DESTROY,
                ),
                level=sfn.LogLevel.ERROR,
                # Execution data would put the task token into the log.
                include_execution_data=False,
            ),
        )

    def _allow_callback(self, function: DurableFunction, state_machine: sfn.StateMachine) -> None:
        """Let the function send callbacks to this state machine, and to no other.

        The function depends on its role's default policy, and the state machine on the
        function. In that policy the state machine's ARN would close a dependency circle.
        """
        assert function.function.role is not None
        iam.Policy(
            self,
            f"{function.node.id}TaskCallbackPolicy",
            roles=[function.function.role],
            statements=[
                iam.PolicyStatement(
                    actions=[
                        "states:SendTaskSuccess",
                        "states:SendTaskFailure",
                        "states:SendTaskHeartbeat",
                    ],
                    resources=[state_machine.state_machine_arn],
                )
            ],
        )


def _retry_throttled(state: sfn.TaskStateBase) -> sfn.TaskStateBase:
    """Retry an invocation that Lambda throttled: no durable execution has started.

    CDK's own retry also covers service exceptions, after which a durable execution may have
    started: a second one would do the work twice.

    The pauses are 5, 10, 20 … 60 seconds. Full jitter takes a random part of each, so that the
    executions of a burst do not come back at the same moments: 21 minutes in all, on average.
    With both states' retries, the heartbeat and the longest invoice, that fits the state
    machine's timeout. docs/reliability.md has the bursts that these values bear.
    """
    state.add_retry(
        errors=["Lambda.TooManyRequestsException"],
        interval=Duration.seconds(5),
        max_attempts=45,
        max_delay=Duration.minutes(1),
        jitter_strategy=sfn.JitterType.FULL,
    )
    return state
