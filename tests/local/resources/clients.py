# SPDX-License-Identifier: MIT-0
"""Clients that sign as roles and users, and what they are refused."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.cloudformation.deployment import Deployment
from local.environment import environment
from local.iam.principals import access_key

from .stack import STACK


def refs(deployment: Deployment) -> dict[str, str]:
    resources = deployment.stacks[STACK].resources
    found = {name: created.physical.ref for name, created in resources.items()}
    return {**found, "KeyArn": resources["Key"].physical.attributes["Arn"]}


def as_role(deployment: Deployment, service: str, *statements: dict[str, Any]) -> Any:
    """A client of a role that has these statements, and no others."""
    name = f"r-{uuid.uuid4()}"
    iam = deployment.endpoint.client("iam")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    if statements:
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(document))
    return signing_as(deployment, service, access_key(arn))


def signing_as(deployment: Deployment, service: str, key: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=deployment.endpoint.url,
        region_name=environment().region,
        aws_access_key_id=key,
        aws_secret_access_key="local",
    )


def allow(action: Any, resource: Any = "*", **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **elements}


def refusal_of(call: Callable[[], Any]) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as refused:
        call()
    answer = refused.value.response
    return (
        answer["Error"]["Code"],
        answer["ResponseMetadata"]["HTTPStatusCode"],
        answer["Error"]["Message"],
    )
