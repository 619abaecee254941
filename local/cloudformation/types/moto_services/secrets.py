# SPDX-License-Identifier: MIT-0
"""Secrets Manager's resource types: secrets and their policies.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource
from ..access.policies import check_policy
from ..delete_call import delete_call

_TEMPLATE = ("GenerateStringKey", "SecretStringTemplate")


def _create_secret(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    secrets = context.endpoint.client("secretsmanager")
    name = context.name(resource, "Name")
    if resource.existing is None:
        text = _secret_string(resource, secrets)
        description = (
            {"Description": resource.of("Description")}
            if "Description" in (resource.properties)
            else {}
        )
        arn = secrets.create_secret(Name=name, SecretString=text, **description)["ARN"]
    else:
        resource.refuse_replacement("Name")
        arn = resource.existing.ref
        settings = ("GenerateSecretString", "SecretString")
        if any(resource.of(each) != resource.previous.get(each) for each in settings):
            text = _secret_string(resource, secrets)
            secrets.put_secret_value(SecretId=arn, SecretString=text)
    deleted = delete_call(
        "secretsmanager", "delete_secret", SecretId=arn, ForceDeleteWithoutRecovery=True
    )
    return PhysicalResource(arn, {"Id": arn}, resource.removables(deleted))


def _secret_string(resource: Resource, secrets: Any) -> str:
    """The given text, or a generated password, which may go into a template."""
    settings = resource.of("GenerateSecretString")
    if settings is None:
        return str(resource.of("SecretString", ""))
    options = {key: value for key, value in settings.items() if key not in _TEMPLATE}
    if "PasswordLength" in options:
        options["PasswordLength"] = int(options["PasswordLength"])
    password = str(secrets.get_random_password(**options)["RandomPassword"])
    if "SecretStringTemplate" not in settings:
        return password
    template = json.loads(settings["SecretStringTemplate"])
    return json.dumps({**template, settings["GenerateStringKey"]: password})


def _check_secret(properties: Mapping[str, Any]) -> Iterable[str]:
    if "SecretString" in properties and "GenerateSecretString" in properties:
        yield "the properties SecretString and GenerateSecretString exclude each other"
    generated = properties.get("GenerateSecretString", {})
    if isinstance(generated, Mapping) and len(set(_TEMPLATE) & set(generated)) == 1:
        yield f"the property GenerateSecretString needs both of {' and '.join(_TEMPLATE)}"


def _create_secret_policy(resource: Resource, context: StackContext) -> PhysicalResource:
    secret = resource.of("SecretId")
    policy = json.dumps(resource.of("ResourcePolicy"))
    secrets = context.endpoint.client("secretsmanager")
    secrets.put_resource_policy(SecretId=secret, ResourcePolicy=policy)
    deleted = delete_call("secretsmanager", "delete_resource_policy", SecretId=secret)
    return PhysicalResource(secret, removables=resource.removables(deleted))


TYPES = {
    "AWS::SecretsManager::ResourcePolicy": ResourceType.of(
        _create_secret_policy,
        "ResourcePolicy! SecretId!",
        "BlockPublicPolicy",
        check=check_policy("ResourcePolicy"),
    ),
    "AWS::SecretsManager::Secret": ResourceType.of(
        _create_secret,
        "Description GenerateSecretString Name SecretString",
        "KmsKeyId ReplicaRegions Tags Type",
        check=_check_secret,
    ),
}
