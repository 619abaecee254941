# SPDX-License-Identifier: MIT-0
"""A customer-managed key for the data of durable executions, and the permission to decrypt it."""

from aws_cdk import Fn, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_


def encrypt_durable_data(function: lambda_.Function, key_arn: str) -> None:
    """Let Lambda encrypt what the function's durable executions keep with the key.

    The key's own policy has to allow that: docs/operations.md has the statements.

    Args:
        key_arn: the ARN of a symmetric key in the Region of the stack
    """
    configuration = function.node.default_child
    assert isinstance(configuration, lambda_.CfnFunction)
    # CDK's DurableConfig has no key yet.
    configuration.add_property_override("DurableConfig.KMSKeyArn", key_arn)
    grant_decrypt(function, key_arn)


def grant_decrypt(function: lambda_.Function, key_arn: str) -> None:
    """Let the function decrypt with the key what Lambda hands to it, and nothing else."""
    stack = Stack.of(function)
    service = Fn.join(".", ["lambda", stack.region, stack.url_suffix])
    function.add_to_role_policy(
        iam.PolicyStatement(
            actions=["kms:Decrypt"],
            resources=[key_arn],
            conditions={"StringEquals": {"kms:ViaService": service}},
        )
    )
