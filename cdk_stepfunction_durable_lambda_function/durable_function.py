# SPDX-License-Identifier: MIT-0
"""A durable Lambda function whose versions are retained."""

from aws_cdk import Annotations, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from .handler_function import HANDLERS, HandlerFunction


class DurableFunction(Construct):
    """A durable function, and the version of it that this deployment publishes.

    Args:
        name: the function's name. A function becomes durable only when it is created: a
            later change replaces the function, which then needs another name.
        handler_module: the file in lambda/ whose `handler` runs
        execution_timeout: the limit of one durable execution, waits included. Lambda refuses
            synchronous invocations of a function whose limit is over 15 minutes.
        layer: the packages that the handler imports
        max_event_age: how old the event of an asynchronous invocation may be when Lambda first
            runs it, 60 seconds to 6 hours. Lambda discards an older one.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        handler_module: str,
        execution_timeout: Duration,
        layer: lambda_.ILayerVersion,
        max_event_age: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.function = HandlerFunction(
            self,
            "Function",
            name=name,
            code=HANDLERS,
            handler_module=handler_module,
            layer=layer,
            timeout=Duration.minutes(15),
            durable_config=lambda_.DurableConfig(
                execution_timeout=execution_timeout, retention_period=Duration.days(3)
            ),
            environment={"EXECUTION_TIMEOUT_SECONDS": str(execution_timeout.to_seconds())},
            # A durable execution stays on the version that started it. By default CDK deletes
            # that version at the next deployment, while executions may still wait on it.
            current_version_options=lambda_.VersionOptions(removal_policy=RemovalPolicy.RETAIN),
        )
        self.version = self.function.current_version
        if max_event_age is not None:
            # A version's own: that of $LATEST does not cover it. The next deploy brings one for
            # the next version, and must leave this one to the events that still wait for this.
            lambda_.EventInvokeConfig(
                self,
                "EventInvokeConfig",
                function=self.function,
                qualifier=self.version.version,
                max_event_age=max_event_age,
            ).apply_removal_policy(RemovalPolicy.RETAIN)
        Annotations.of(self.function).acknowledge_info(
            "aws-lambda:Function.DurableConfig", "The function is durable from its creation on"
        )

    def grant_invoke_every_version(self, role: iam.IRole) -> None:
        """Let a role invoke every version of the function, but not the unqualified function.

        An execution that started before a deployment still invokes the version of that time.
        """
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["lambda:InvokeFunction"],
            resource_arns=[f"{self.function.function_arn}:*"],
        )
