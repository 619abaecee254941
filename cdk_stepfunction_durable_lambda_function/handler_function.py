# SPDX-License-Identifier: MIT-0
"""A Lambda function whose handler stands in lambda/, with logs that are the stack's own."""

from pathlib import Path
from typing import Any

from aws_cdk import IgnoreMode, RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from .dependency_layer import ARCHITECTURE, RUNTIME

HANDLERS = Path(__file__).resolve().parent.parent / "lambda"


class HandlerFunction(lambda_.Function):
    """What every function of the stack has in common.

    Args:
        name: the function's name
        code: the directory that is deployed
        handler_module: the file in it whose `handler` runs
        layer: what the handler imports beside its own code
        properties: any other property of a function
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        code: Path,
        handler_module: str,
        layer: lambda_.ILayerVersion,
        **properties: Any,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            function_name=name,
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            handler=f"{handler_module}.handler",
            code=modules_of(code),
            layers=[layer],
            # At 128 MB, the default, importing boto3 alone takes longer than the ten seconds
            # that Lambda's init phase allows; at 1,024 MB a cold start is faster and cheaper.
            memory_size=1024,
            log_group=logs.LogGroup(
                scope,
                "Logs",
                retention=logs.RetentionDays.TWO_WEEKS,
                removal_policy=RemovalPolicy.DESTROY,
            ),
            logging_format=lambda_.LoggingFormat.JSON,
            **properties,
        )


def modules_of(directory: Path) -> lambda_.Code:
    """The modules of a directory and nothing else: no folder, and no file with a dot before it.

    In CDK's own mode `*` would let such a file pass, be it a `.env` with credentials in it.
    """
    return lambda_.Code.from_asset(
        str(directory), exclude=["*", "!/*.py", ".*"], ignore_mode=IgnoreMode.GIT
    )
