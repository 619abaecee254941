# SPDX-License-Identifier: MIT-0
"""The function that fails the tasks of durable executions that ended without a callback."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from .durable_data_key import grant_decrypt
from .durable_function import DurableFunction
from .handler_function import HANDLERS, HandlerFunction
from .monitoring import Monitoring


class CallbackGuard(Construct):
    """A rule on durable executions that fail, time out or are stopped, and its function.

    Args:
        name: the function's name
        watched: the function whose durable executions are watched, in all its versions
        state_machine: the state machine whose tasks the guard may fail
        layer: the packages that the handler imports
        monitoring: gets the guard's alarm and metrics; None without monitoring
        durable_key_arn: encrypts the durable data that the guard reads; None without a key
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        watched: DurableFunction,
        state_machine: sfn.IStateMachine,
        layer: lambda_.ILayerVersion,
        monitoring: Monitoring | None = None,
        durable_key_arn: str | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        function = HandlerFunction(
            self,
            "Function",
            name=name,
            # Code of its own: the guard must run when a module of the handlers does not load.
            code=HANDLERS / "callback_guard",
            handler_module="callback_guard",
            layer=layer,
            timeout=Duration.minutes(3),
            # Calls are throttled when many executions fail at once. After these attempts
            # Lambda invokes the function twice more.
            environment={"AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "8"},
        )
        every_version = f"{watched.function.function_arn}:*"
        for action, resource in (
            ("lambda:GetDurableExecution", every_version),
            ("states:SendTaskFailure", state_machine.state_machine_arn),
        ):
            function.add_to_role_policy(iam.PolicyStatement(actions=[action], resources=[resource]))
        if durable_key_arn is not None:
            grant_decrypt(function, durable_key_arn)
        # https://docs.aws.amazon.com/lambda/latest/dg/durable-monitoring.html
        events.Rule(
            self,
            "Rule",
            description="Durable executions that failed, timed out or were stopped",
            event_pattern=events.EventPattern(
                source=["aws.lambda"],
                detail_type=["Durable Execution Status Change"],
                detail={
                    "status": ["FAILED", "TIMED_OUT", "STOPPED"],
                    # Without the colon, functions whose names begin like this one's match too.
                    "durableExecutionArn": [{"prefix": f"{watched.function.function_arn}:"}],
                },
            ),
            targets=[targets.LambdaFunction(function)],
        )
        if monitoring is not None:
            monitoring.watch_guard(self, function)
