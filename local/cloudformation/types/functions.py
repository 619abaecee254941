# SPDX-License-Identifier: MIT-0
"""Lambda's resource types: functions, versions, aliases, layers and permissions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...endpoint.endpoint import Endpoint
from ...errors import LocalError
from ...functions.function import DurableConfig, FunctionConfiguration, function_arn
from ...functions.sandboxes.managed_packages import DURABLE_RUNTIMES
from ...iam.function_policy import InvokePermission
from ..code_assets import asset_directory
from ..resource import Resource, ResourceType, StackContext
from ..templates.physical_resource import PhysicalResource
from .access.trust import require_trust
from .events.invoke_configs import require_destination
from .function_variables import environment_problems, variables

VERSION = "AWS::Lambda::Version"


@dataclass(frozen=True)
class FunctionPermission:
    """A statement of a function's policy."""

    function_name: str
    permission: InvokePermission

    def delete(self, endpoint: Endpoint) -> None:
        endpoint.lambda_service.functions.remove_permission(self.function_name, self.permission)


@dataclass(frozen=True)
class UnretainedVersion:
    """A published version that the template does not retain."""

    arn: str

    def delete(self, endpoint: Endpoint) -> None:
        endpoint.lambda_service.functions.delete_version(self.arn)


def _check_function(properties: Mapping[str, Any]) -> Iterable[str]:
    yield from _check_runtime(properties)
    yield from environment_problems(properties)


def _check_runtime(properties: Mapping[str, Any]) -> Iterable[str]:
    runtime = properties.get("Runtime", "")
    if not isinstance(runtime, str):
        return
    if not runtime.startswith("python"):
        yield f"the property Runtime must be a Python, got {runtime}"
    elif "DurableConfig" in properties and runtime not in DURABLE_RUNTIMES:
        known = " or ".join(sorted(DURABLE_RUNTIMES))
        yield f"the property Runtime of a durable function must be {known}, got {runtime}"


def _create_function(resource: Resource, context: StackContext) -> PhysicalResource:
    for problem in environment_problems(resource.properties):
        raise LocalError(problem)
    name = context.name(resource, "FunctionName")
    require_trust(
        resource.of("Role"),
        "lambda",
        "The role defined for the function cannot be assumed by Lambda.",
    )
    logging = resource.of("LoggingConfig", {})
    dead_letter_arn = resource.of("DeadLetterConfig", {}).get("TargetArn")
    if dead_letter_arn:
        require_destination(dead_letter_arn, resource.of("Role"), "dead-letter queue")
    context.functions.create_function(
        FunctionConfiguration(
            name=name,
            handler=resource.of("Handler"),
            runtime=resource.of("Runtime"),
            code=asset_directory(context.stack, resource.of("Code")),
            layers=tuple(map(context.functions.layer, resource.of("Layers", []))),
            environment=variables(resource.of("Environment", {})),
            timeout_seconds=int(resource.of("Timeout", 3)),
            memory_mb=int(resource.of("MemorySize", 128)),
            role_arn=resource.of("Role"),
            log_group=logging.get("LogGroup", f"/aws/lambda/{name}"),
            json_logs=logging.get("LogFormat") == "JSON",
            durable=_durable_config(resource.of("DurableConfig")),
            architecture=resource.of("Architectures", ["x86_64"])[0],
            log_level=logging.get("ApplicationLogLevel", "INFO"),
            dead_letter_arn=dead_letter_arn,
        )
    )
    return PhysicalResource(name, {"Arn": function_arn(name)})


def _durable_config(config: Mapping[str, Any] | None) -> DurableConfig | None:
    if config is None:
        return None
    return DurableConfig(
        execution_timeout_seconds=int(config["ExecutionTimeout"]),
        retention_days=int(config.get("RetentionPeriodInDays", 14)),
        kms_key_arn=config.get("KMSKeyArn") or None,
    )


def _create_version(resource: Resource, context: StackContext) -> PhysicalResource:
    # CDK gives a version another logical id whenever its function has changed.
    if resource.existing is not None:
        return resource.existing
    version = context.functions.publish_version(resource.of("FunctionName"))
    return PhysicalResource(
        version.arn,
        {"Version": version.number, "FunctionArn": version.arn},
        () if resource.is_retained else (UnretainedVersion(version.arn),),
    )


def _create_alias(resource: Resource, context: StackContext) -> PhysicalResource:
    arn = context.functions.create_alias(
        resource.of("FunctionName"), resource.of("Name"), resource.of("FunctionVersion")
    )
    return PhysicalResource(arn, {"AliasArn": arn})


def _create_layer(resource: Resource, context: StackContext) -> PhysicalResource:
    directory = asset_directory(context.stack, resource.of("Content"))
    name = context.name(resource, "LayerName")
    arn = context.functions.publish_layer(name, directory)
    return PhysicalResource(arn, {"LayerVersionArn": arn})


def _create_permission(resource: Resource, context: StackContext) -> PhysicalResource:
    permission = FunctionPermission(
        resource.of("FunctionName"),
        InvokePermission(
            resource.of("Action"),
            resource.of("Principal"),
            resource.of("SourceArn"),
            resource.of("SourceAccount"),
        ),
    )
    context.functions.add_permission(permission.function_name, permission.permission)
    return PhysicalResource(resource.logical_id, removables=(permission,))


TYPES = {
    "AWS::Lambda::Alias": ResourceType.of(
        _create_alias, "FunctionName! FunctionVersion! Name!", "Description"
    ),
    "AWS::Lambda::Function": ResourceType.of(
        _create_function,
        "Architectures Code! DeadLetterConfig DurableConfig Environment FunctionName Handler! "
        "Layers LoggingConfig MemorySize Role! Runtime! Timeout",
        # None of them changes what a handler does here: a sandbox has this machine's disk and
        # network, and as many run at once as the endpoint allows.
        "Description EphemeralStorage KmsKeyArn RecursiveLoop ReservedConcurrentExecutions "
        "RuntimeManagementConfig SnapStart Tags TracingConfig VpcConfig",
        check=_check_function,
    ),
    "AWS::Lambda::LayerVersion": ResourceType.of(
        _create_layer,
        "Content! LayerName",
        "CompatibleArchitectures CompatibleRuntimes Description LicenseInfo",
    ),
    "AWS::Lambda::Permission": ResourceType.of(
        _create_permission, "Action! FunctionName! Principal! SourceAccount SourceArn"
    ),
    VERSION: ResourceType.of(_create_version, "FunctionName!", "CodeSha256 Description"),
}
