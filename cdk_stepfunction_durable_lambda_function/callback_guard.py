# SPDX-License-Identifier: MIT-0
"""Calls the state machine back for durable executions that ended where no handler runs."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from .durable_function import DurableFunction
from .handler_function import HANDLERS, HandlerFunction
from .monitoring import Monitoring


class CallbackGuard(Construct):
    """A rule on durable executions that end badly, and the function that it invokes.

    Args:
        name: the function's name
        watched: the function whose durable executions are watched, whatever their version
        state_machine: the state machine whose tasks they answer
        layer: what the handler imports beside its own code
        monitoring: watches the guard too, if there is any
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
    ) -> None:
        super().__init__(scope, construct_id)
        function = HandlerFunction(
            self,
            "Function",
            name=name,
            # Code of its own: a module of the handlers that does not load must not silence it.
            code=HANDLERS / "callback_guard",
            handler_module="callback_guard",
            layer=layer,
            timeout=Duration.minutes(3),
            # Many executions that fail at once are throttled; after these, Lambda invokes the
            # function twice again.
            environment={"AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "8"},
        )
        every_version = f"{watched.function.function_arn}:*"
        for action, resource in (
            ("lambda:GetDurableExecution", every_version),
            ("states:SendTaskFailure", state_machine.state_machine_arn),
        ):
            function.add_to_role_policy(iam.PolicyStatement(actions=[action], resources=[resource]))
        # https://docs.aws.amazon.com/lambda/latest/dg/durable-monitoring.html
        events.Rule(
            self,
            "Rule",
            description="Durable executions that ended where no handler tells of it",
            event_pattern=events.EventPattern(
                source=["aws.lambda"],
                detail_type=["Durable Execution Status Change"],
                detail={
                    "status": ["FAILED", "TIMED_OUT", "STOPPED"],
                    # The colon keeps functions out whose names only begin like this one's.
                    "durableExecutionArn": [{"prefix": f"{watched.function.function_arn}:"}],
                },
            ),
            targets=[targets.LambdaFunction(function)],
        )
        if monitoring is not None:
            monitoring.watch_guard(self, function)
