# SPDX-License-Identifier: MIT-0
"""A Lambda function that is durable, logged, and versioned for keeps."""

from aws_cdk import Annotations, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from .handler_function import HANDLERS, HandlerFunction


class DurableFunction(Construct):
    """One durable function and the version that this deployment publishes.

    Args:
        name: the function's name; durability is fixed at creation, so changing it later
            replaces the function, and a fixed name then has to change with it
        handler_module: the file in lambda/ whose `handler` runs
        execution_timeout: how long one durable execution may take, waits included; a
            synchronous invoke is refused when it is more than 15 minutes
        layer: what the handler imports beside its own code
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
            # A durable execution stays on the version that started it: deleting that version
            # at the next deploy, CDK's default, would pull it from under those that wait.
            current_version_options=lambda_.VersionOptions(removal_policy=RemovalPolicy.RETAIN),
        )
        self.version = self.function.current_version
        Annotations.of(self.function).acknowledge_info(
            "aws-lambda:Function.DurableConfig", "The function is durable from its creation on"
        )

    def grant_invoke_every_version(self, role: iam.IRole) -> None:
        """Let a role invoke any version, and nothing unqualified.

        An execution that began before a deploy still names the version of its day.
        """
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["lambda:InvokeFunction"],
            resource_arns=[f"{self.function.function_arn}:*"],
        )
