# SPDX-License-Identifier: MIT-0
"""Deploys a stack of a cloud assembly to the endpoint: the template is the only input."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .assembly import StackArtifact
from .endpoint import Endpoint
from .errors import LocalError
from .function import (
    ACCOUNT,
    PARTITION,
    REGION,
    DurableConfig,
    FunctionConfiguration,
    FunctionVersion,
    function_arn,
)
from .template import Identity, Template

PSEUDO_PARAMETERS = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": PARTITION,
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::NoValue": "",
}


@dataclass(frozen=True)
class Resource:
    """One resource of the template, its properties resolved."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]


@dataclass
class Deployment:
    """A stack as it stands at the endpoint."""

    stack: StackArtifact
    endpoint: Endpoint
    outputs: dict[str, str] = field(default_factory=dict)
    state_machine_arns: list[str] = field(default_factory=list)
    versions: list[FunctionVersion] = field(default_factory=list)

    def create(self) -> None:
        """Create every resource.

        Raises:
            LocalError: a resource, or a property that matters, is not supported here
        """
        template = Template(
            self.stack.template,
            {
                **PSEUDO_PARAMETERS,
                "AWS::StackName": self.stack.name,
                "AWS::StackId": (
                    f"arn:{PARTITION}:cloudformation:{REGION}:{ACCOUNT}:stack/{self.stack.name}/local"
                ),
            },
        )
        for logical_id, definition in template.in_creation_order():
            kind = RESOURCE_TYPES.get(definition["Type"])
            if kind is None:
                raise LocalError(f"{logical_id}: {definition['Type']} is not supported here")
            try:
                properties = template.resolve(definition.get("Properties", {}))
            except LocalError as error:
                raise LocalError(f"{logical_id} ({definition['Type']}): {error}") from None
            resource = Resource(logical_id, definition["Type"], properties)
            kind.refuse_unsupported(resource)
            template.identities[logical_id] = kind.create(self, resource)
        self.outputs = template.outputs()

    def physical_name(self, resource: Resource, given: str | None) -> str:
        return given or f"{self.stack.name}-{resource.logical_id}"

    def asset(self, resource: Resource, location: Mapping[str, Any]) -> Path:
        """The directory of a code or layer asset."""
        path = self.stack.assets.get(location.get("S3Key", ""))
        if path is None or not path.exists():
            raise LocalError(
                f"{resource.logical_id} ({resource.type}): the assembly has no asset "
                f"{location.get('S3Key')}"
            )
        if path.is_dir():
            return path
        directory = Path(tempfile.mkdtemp(prefix="asset-"))
        with zipfile.ZipFile(path) as archive:
            archive.extractall(directory)
        return directory


@dataclass(frozen=True)
class ResourceType:
    """How one CloudFormation type is created, and which of its properties have an effect here."""

    create: Callable[[Deployment, Resource], Identity]
    used: frozenset[str]
    without_effect: frozenset[str] = frozenset({"Tags", "Description"})

    def refuse_unsupported(self, resource: Resource) -> None:
        for name in resource.properties:
            if name not in self.used and name not in self.without_effect:
                raise LocalError(
                    f"{resource.logical_id} ({resource.type}): "
                    f"the property {name} is not supported here"
                )


def _create_function(deployment: Deployment, resource: Resource) -> Identity:
    properties = resource.properties
    if not properties["Runtime"].startswith("python"):
        raise LocalError(
            f"{resource.logical_id} ({resource.type}): "
            f"the property Runtime must be a Python, got {properties['Runtime']}"
        )
    name = deployment.physical_name(resource, properties.get("FunctionName"))
    durable = properties.get("DurableConfig")
    logging = properties.get("LoggingConfig", {})
    deployment.endpoint.lambda_service.create_function(
        FunctionConfiguration(
            name=name,
            handler=properties["Handler"],
            code=deployment.asset(resource, properties["Code"]),
            layers=tuple(
                deployment.endpoint.lambda_service.layer(arn)
                for arn in properties.get("Layers", [])
            ),
            environment=properties.get("Environment", {}).get("Variables", {}),
            timeout_seconds=int(properties.get("Timeout", 3)),
            memory_mb=int(properties.get("MemorySize", 128)),
            role_arn=properties["Role"],
            log_group=logging.get("LogGroup", f"/aws/lambda/{name}"),
            json_logs=logging.get("LogFormat") == "JSON",
            durable=durable
            and DurableConfig(
                execution_timeout_seconds=int(durable["ExecutionTimeout"]),
                retention_days=int(durable.get("RetentionPeriodInDays", 14)),
            ),
        )
    )
    return Identity(name, {"Arn": function_arn(name)})


def _create_version(deployment: Deployment, resource: Resource) -> Identity:
    version = deployment.endpoint.lambda_service.publish_version(
        resource.properties["FunctionName"]
    )
    deployment.versions.append(version)
    return Identity(version.arn, {"Version": version.number, "FunctionArn": version.arn})


def _create_layer(deployment: Deployment, resource: Resource) -> Identity:
    name = deployment.physical_name(resource, resource.properties.get("LayerName"))
    directory = deployment.asset(resource, resource.properties["Content"])
    return Identity(deployment.endpoint.lambda_service.publish_layer(name, directory))


def _create_role(deployment: Deployment, resource: Resource) -> Identity:
    name = deployment.physical_name(resource, resource.properties.get("RoleName"))
    role = deployment.endpoint.client("iam").create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps(resource.properties["AssumeRolePolicyDocument"]),
    )
    return Identity(name, {"Arn": role["Role"]["Arn"], "RoleId": role["Role"]["RoleId"]})


def _create_policy(deployment: Deployment, resource: Resource) -> Identity:
    for role in resource.properties.get("Roles", []):
        deployment.endpoint.client("iam").put_role_policy(
            RoleName=role,
            PolicyName=resource.properties["PolicyName"],
            PolicyDocument=json.dumps(resource.properties["PolicyDocument"]),
        )
    return Identity(resource.properties["PolicyName"])


def _create_log_group(deployment: Deployment, resource: Resource) -> Identity:
    name = deployment.physical_name(resource, resource.properties.get("LogGroupName"))
    deployment.endpoint.client("logs").create_log_group(logGroupName=name)
    return Identity(name, {"Arn": f"arn:{PARTITION}:logs:{REGION}:{ACCOUNT}:log-group:{name}:*"})


def _create_state_machine(deployment: Deployment, resource: Resource) -> Identity:
    if resource.properties.get("StateMachineType", "STANDARD") != "STANDARD":
        raise LocalError(
            f"{resource.logical_id} ({resource.type}): "
            "the property StateMachineType must be STANDARD here"
        )
    name = deployment.physical_name(resource, resource.properties.get("StateMachineName"))
    created = deployment.endpoint.client("stepfunctions").create_state_machine(
        name=name,
        definition=resource.properties["DefinitionString"],
        roleArn=resource.properties["RoleArn"],
    )
    arn = created["stateMachineArn"]
    deployment.state_machine_arns.append(arn)
    return Identity(arn, {"Arn": arn, "Name": name})


def _create_nothing(_deployment: Deployment, resource: Resource) -> Identity:
    return Identity(resource.logical_id)


RESOURCE_TYPES = {
    "AWS::CDK::Metadata": ResourceType(_create_nothing, frozenset({"Analytics"})),
    "AWS::IAM::Policy": ResourceType(
        _create_policy, frozenset({"PolicyDocument", "PolicyName", "Roles"})
    ),
    "AWS::IAM::Role": ResourceType(
        _create_role, frozenset({"AssumeRolePolicyDocument", "ManagedPolicyArns", "RoleName"})
    ),
    "AWS::Lambda::Function": ResourceType(
        _create_function,
        frozenset(
            {
                "Code",
                "DurableConfig",
                "Environment",
                "FunctionName",
                "Handler",
                "Layers",
                "LoggingConfig",
                "MemorySize",
                "Role",
                "Runtime",
                "Timeout",
            }
        ),
        frozenset({"Architectures", "Description", "Tags", "TracingConfig"}),
    ),
    "AWS::Lambda::LayerVersion": ResourceType(
        _create_layer,
        frozenset({"Content", "LayerName"}),
        frozenset({"CompatibleArchitectures", "CompatibleRuntimes", "Description", "LicenseInfo"}),
    ),
    "AWS::Lambda::Version": ResourceType(_create_version, frozenset({"FunctionName"})),
    "AWS::Logs::LogGroup": ResourceType(
        _create_log_group, frozenset({"LogGroupName"}), frozenset({"RetentionInDays", "Tags"})
    ),
    "AWS::StepFunctions::StateMachine": ResourceType(
        _create_state_machine,
        frozenset({"DefinitionString", "RoleArn", "StateMachineName", "StateMachineType"}),
        frozenset({"LoggingConfiguration", "Tags", "TracingConfiguration"}),
    ),
}
