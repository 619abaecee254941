# SPDX-License-Identifier: MIT-0
"""A Lambda function with its handler in lambda/ and a log group of the stack."""

from pathlib import Path
from typing import Any

from aws_cdk import IgnoreMode, RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from .dependency_layer import ARCHITECTURE, RUNTIME

HANDLERS = Path(__file__).resolve().parent.parent / "lambda"


class HandlerFunction(lambda_.Function):
    """A function with the properties that all functions of the stack share.

    Args:
        name: the function's name
        code: the directory to deploy
        handler_module: the module in it that defines `handler`
        layer: the packages that the handler imports
        properties: further properties of `aws_lambda.Function`
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
            # At the default of 128 MB the import of boto3 alone takes longer than Lambda's init
            # phase, ten seconds. At 1,024 MB a cold start is faster and cheaper.
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
    """Take the Python modules of a directory, without folders and without hidden files.

    In CDK's default mode `*` does not exclude hidden files, as a `.env` with credentials.
    """
    return lambda_.Code.from_asset(
        str(directory), exclude=["*", "!/*.py", ".*"], ignore_mode=IgnoreMode.GIT
    )
