# SPDX-License-Identifier: MIT-0
"""The resource types that can be deployed here, and which of their properties have an effect."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .assembly import PROJECT, StackArtifact
from .definition import refuse_unsupported_states
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
from .template import Identity

# Assets are named by their content, so one unpacked for another run is the same.
UNPACKED_ASSETS = PROJECT / ".local" / "assets"


# moto's policy engine decides them otherwise than IAM does.
UNSUPPORTED_POLICY_ELEMENTS = {"Condition", "NotPrincipal", "NotResource"}


@dataclass(frozen=True)
class Resource:
    """One resource of a template, its properties resolved."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    # What it is since an earlier deployment.
    existing: Identity | None = None

    def of(self, name: str, default: Any = None) -> Any:
        return self.properties.get(name, default)


@dataclass(frozen=True)
class Target:
    """Where resources are created, and what is remembered of them."""

    stack: StackArtifact
    endpoint: Endpoint
    state_machine_arns: list[str]
    versions: list[FunctionVersion]
    granted: set["Grant"]

    def name(self, resource: Resource, name_property: str) -> str:
        """The name a template gives, or one made of the stack's and the logical id."""
        return str(resource.of(name_property) or f"{self.stack.name}-{resource.logical_id}")

    def asset(self, location: Mapping[str, Any]) -> Path:
        """The directory of a code or layer asset."""
        if "ZipFile" in location:
            return _inline_code(str(location["ZipFile"]))
        key = location.get("S3Key", "")
        path = self.stack.assets.get(key)
        if path is None or not path.exists():
            raise LocalError(f"the assembly has no asset {key}")
        if path.is_dir():
            return path
        directory = UNPACKED_ASSETS / path.stem
        try:
            with zipfile.ZipFile(path) as archive:
                archive.extractall(directory)
        except zipfile.BadZipFile as error:
            raise LocalError(f"the asset {key} cannot be unpacked: {error}") from None
        return directory


@dataclass(frozen=True)
class Grant:
    """A policy that stands in a role."""

    role: str
    policy: str

    def revoke(self, endpoint: Endpoint) -> None:
        endpoint.client("iam").delete_role_policy(RoleName=self.role, PolicyName=self.policy)


def _inline_code(source: str) -> Path:
    """A directory with the code that stands in the template: it is a module named index."""
    directory = UNPACKED_ASSETS / hashlib.sha256(source.encode()).hexdigest()
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "index.py").write_text(source)
    return directory


def refuse_unsupported(resource_type: str, properties: Mapping[str, Any]) -> None:
    """Refuse a type, or a property that matters, before anything is created.

    Raises:
        LocalError: it is not supported here, or a property is missing
    """
    known = RESOURCE_TYPES.get(resource_type)
    if known is None:
        raise LocalError("this type is not supported here")
    for name in properties:
        if name not in known.used | known.without_effect:
            raise LocalError(f"the property {name} is not supported here")
    for name in known.required:
        if name not in properties:
            raise LocalError(f"the property {name} is missing")


def create(resource: Resource, target: Target) -> Identity:
    """Create one resource, or update the one there is.

    Raises:
        LocalError: a property has a value that is not supported here
    """
    return RESOURCE_TYPES[resource.type].create(resource, target)


def _refuse_renaming(resource: Resource, name_property: str, old: str, new: str) -> None:
    if old != new:
        raise LocalError(f"the property {name_property} cannot change here: {old} to {new}")


def _create_function(resource: Resource, target: Target) -> Identity:
    runtime = resource.of("Runtime", "")
    if not runtime.startswith("python"):
        raise LocalError(f"the property Runtime must be a Python, got {runtime}")
    name = target.name(resource, "FunctionName")
    logging = resource.of("LoggingConfig", {})
    target.endpoint.lambda_service.create_function(
        FunctionConfiguration(
            name=name,
            handler=resource.of("Handler"),
            runtime=runtime,
            code=target.asset(resource.of("Code")),
            layers=tuple(map(target.endpoint.lambda_service.layer, resource.of("Layers", []))),
            environment=resource.of("Environment", {}).get("Variables", {}),
            timeout_seconds=int(resource.of("Timeout", 3)),
            memory_mb=int(resource.of("MemorySize", 128)),
            role_arn=resource.of("Role"),
            log_group=logging.get("LogGroup", f"/aws/lambda/{name}"),
            json_logs=logging.get("LogFormat") == "JSON",
            durable=_durable_config(resource.of("DurableConfig")),
        )
    )
    return Identity(name, {"Arn": function_arn(name)})


def _durable_config(config: Mapping[str, Any] | None) -> DurableConfig | None:
    if config is None:
        return None
    return DurableConfig(
        execution_timeout_seconds=int(config["ExecutionTimeout"]),
        retention_days=int(config.get("RetentionPeriodInDays", 14)),
    )


def _create_version(resource: Resource, target: Target) -> Identity:
    if resource.existing is not None:
        # CDK gives a version another logical id whenever its function has changed.
        return resource.existing
    version = target.endpoint.lambda_service.publish_version(resource.of("FunctionName"))
    target.versions.append(version)
    return Identity(version.arn, {"Version": version.number, "FunctionArn": version.arn})


def _create_alias(resource: Resource, target: Target) -> Identity:
    arn = target.endpoint.lambda_service.create_alias(
        resource.of("FunctionName"), resource.of("Name"), resource.of("FunctionVersion")
    )
    return Identity(arn, {"AliasArn": arn})


def _create_layer(resource: Resource, target: Target) -> Identity:
    directory = target.asset(resource.of("Content"))
    name = target.name(resource, "LayerName")
    return Identity(target.endpoint.lambda_service.publish_layer(name, directory))


def _create_role(resource: Resource, target: Target) -> Identity:
    name = target.name(resource, "RoleName")
    iam = target.endpoint.client("iam")
    if resource.existing is not None:
        _refuse_renaming(resource, "RoleName", resource.existing.ref, name)
    else:
        trust = json.dumps(resource.of("AssumeRolePolicyDocument"))
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    role = iam.get_role(RoleName=name)["Role"]
    for policy_arn in resource.of("ManagedPolicyArns", []):
        iam.attach_role_policy(RoleName=name, PolicyArn=policy_arn)
    return Identity(name, {"Arn": role["Arn"], "RoleId": role["RoleId"]})


def _create_policy(resource: Resource, target: Target) -> Identity:
    iam = target.endpoint.client("iam")
    name = resource.of("PolicyName")
    for statement in resource.of("PolicyDocument")["Statement"]:
        for element in UNSUPPORTED_POLICY_ELEMENTS & set(statement):
            raise LocalError(f"the property PolicyDocument has {element}, not supported here")
    document = json.dumps(resource.of("PolicyDocument"))
    for role in resource.of("Roles", []):
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)
        target.granted.add(Grant(role, name))
    return Identity(name)


def _create_log_group(resource: Resource, target: Target) -> Identity:
    name = target.name(resource, "LogGroupName")
    if resource.existing is not None:
        _refuse_renaming(resource, "LogGroupName", resource.existing.ref, name)
    else:
        target.endpoint.client("logs").create_log_group(logGroupName=name)
    return Identity(name, {"Arn": f"arn:{PARTITION}:logs:{REGION}:{ACCOUNT}:log-group:{name}:*"})


def _create_state_machine(resource: Resource, target: Target) -> Identity:
    if resource.of("StateMachineType", "STANDARD") != "STANDARD":
        raise LocalError("the property StateMachineType must be STANDARD here")
    name = target.name(resource, "StateMachineName")
    step_functions = target.endpoint.client("stepfunctions")
    settings = {"definition": resource.of("DefinitionString"), "roleArn": resource.of("RoleArn")}
    refuse_unsupported_states(settings["definition"])
    if resource.existing is not None:
        _refuse_renaming(resource, "StateMachineName", resource.existing.attributes["Name"], name)
        step_functions.update_state_machine(stateMachineArn=resource.existing.ref, **settings)
        return resource.existing
    arn = step_functions.create_state_machine(name=name, **settings)["stateMachineArn"]
    target.state_machine_arns.append(arn)
    return Identity(arn, {"Arn": arn, "Name": name})


def _create_nothing(resource: Resource, _target: Target) -> Identity:
    return Identity(resource.logical_id)


@dataclass(frozen=True)
class ResourceType:
    """How one type is created, the properties that takes, and those that change nothing here."""

    create: Callable[[Resource, Target], Identity]
    used: frozenset[str]
    without_effect: frozenset[str]
    required: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, create: Callable[[Resource, Target], Identity], used: str, without_effect: str = ""
    ) -> "ResourceType":
        """From lists of names; in that of the used ones, those that are required have a `!`."""
        names = used.split()
        return cls(
            create,
            frozenset(name.rstrip("!") for name in names),
            frozenset(without_effect.split()),
            tuple(name.rstrip("!") for name in names if name.endswith("!")),
        )


RESOURCE_TYPES = {
    "AWS::CDK::Metadata": ResourceType.of(_create_nothing, "", "Analytics"),
    "AWS::IAM::Policy": ResourceType.of(_create_policy, "PolicyDocument! PolicyName! Roles"),
    "AWS::IAM::Role": ResourceType.of(
        _create_role, "AssumeRolePolicyDocument! ManagedPolicyArns RoleName", "Description Tags"
    ),
    "AWS::Lambda::Alias": ResourceType.of(
        _create_alias, "FunctionName! FunctionVersion! Name!", "Description"
    ),
    "AWS::Lambda::Function": ResourceType.of(
        _create_function,
        "Code! DurableConfig Environment FunctionName Handler! Layers LoggingConfig MemorySize "
        "Role! Runtime! Timeout",
        "Architectures Description Tags TracingConfig",
    ),
    "AWS::Lambda::LayerVersion": ResourceType.of(
        _create_layer,
        "Content! LayerName",
        "CompatibleArchitectures CompatibleRuntimes Description LicenseInfo",
    ),
    "AWS::Lambda::Version": ResourceType.of(_create_version, "FunctionName!", "Description"),
    # Nothing here calls functions on a service's behalf, so nothing asks for a permission.
    "AWS::Lambda::Permission": ResourceType.of(
        _create_nothing, "", "Action FunctionName Principal SourceAccount SourceArn"
    ),
    "AWS::Logs::LogGroup": ResourceType.of(
        _create_log_group, "LogGroupName", "RetentionInDays Tags"
    ),
    "AWS::StepFunctions::StateMachine": ResourceType.of(
        _create_state_machine,
        "DefinitionString! RoleArn! StateMachineName StateMachineType",
        "LoggingConfiguration Tags TracingConfiguration",
    ),
}
