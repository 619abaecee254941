# SPDX-License-Identifier: MIT-0
"""The resource types that can be deployed here, and which of their properties have an effect."""

import json
from collections.abc import Mapping
from typing import Any

from ..environment import ACCOUNT, PARTITION, REGION
from ..errors import LocalError
from ..functions.function import DurableConfig, FunctionConfiguration, function_arn
from ..iam.function_policy import InvokePermission
from ..step_functions.definition import refuse_unsupported_states
from .monitoring import MONITORING_TYPES
from .removable import EventRule, FunctionPermission, RolePolicy, Version
from .resource import Resource, ResourceType, StackContext
from .template import PhysicalResource

# moto's policy engine decides them otherwise than IAM does.
UNSUPPORTED_POLICY_ELEMENTS = {"Condition", "NotPrincipal", "NotResource"}


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


def create(resource: Resource, context: StackContext) -> PhysicalResource:
    """Create one resource, or update the one there is.

    Raises:
        LocalError: a property has a value that is not supported here
    """
    return RESOURCE_TYPES[resource.type].create(resource, context)


def _refuse_renaming(resource: Resource, name_property: str, old: str, new: str) -> None:
    if old != new:
        raise LocalError(f"the property {name_property} cannot change here: {old} to {new}")


def _create_function(resource: Resource, context: StackContext) -> PhysicalResource:
    runtime = resource.of("Runtime", "")
    if not runtime.startswith("python"):
        raise LocalError(f"the property Runtime must be a Python, got {runtime}")
    name = context.name(resource, "FunctionName")
    logging = resource.of("LoggingConfig", {})
    context.functions.create_function(
        FunctionConfiguration(
            name=name,
            handler=resource.of("Handler"),
            runtime=runtime,
            code=context.asset(resource.of("Code")),
            layers=tuple(map(context.functions.layer, resource.of("Layers", []))),
            environment=resource.of("Environment", {}).get("Variables", {}),
            timeout_seconds=int(resource.of("Timeout", 3)),
            memory_mb=int(resource.of("MemorySize", 128)),
            role_arn=resource.of("Role"),
            log_group=logging.get("LogGroup", f"/aws/lambda/{name}"),
            json_logs=logging.get("LogFormat") == "JSON",
            durable=_durable_config(resource.of("DurableConfig")),
            architecture=resource.of("Architectures", ["x86_64"])[0],
        )
    )
    return PhysicalResource(name, {"Arn": function_arn(name)})


def _durable_config(config: Mapping[str, Any] | None) -> DurableConfig | None:
    if config is None:
        return None
    return DurableConfig(
        execution_timeout_seconds=int(config["ExecutionTimeout"]),
        retention_days=int(config.get("RetentionPeriodInDays", 14)),
    )


def _create_version(resource: Resource, context: StackContext) -> PhysicalResource:
    # CDK gives a version another logical id whenever its function has changed.
    physical = resource.existing or _publish_version(resource, context)
    if not resource.is_retained:
        context.removable.add(Version(physical.ref))
    return physical


def _publish_version(resource: Resource, context: StackContext) -> PhysicalResource:
    version = context.functions.publish_version(resource.of("FunctionName"))
    context.versions.append(version)
    return PhysicalResource(version.arn, {"Version": version.number, "FunctionArn": version.arn})


def _create_alias(resource: Resource, context: StackContext) -> PhysicalResource:
    arn = context.functions.create_alias(
        resource.of("FunctionName"), resource.of("Name"), resource.of("FunctionVersion")
    )
    return PhysicalResource(arn, {"AliasArn": arn})


def _create_layer(resource: Resource, context: StackContext) -> PhysicalResource:
    directory = context.asset(resource.of("Content"))
    name = context.name(resource, "LayerName")
    return PhysicalResource(context.functions.publish_layer(name, directory))


def _create_role(resource: Resource, context: StackContext) -> PhysicalResource:
    name = context.name(resource, "RoleName")
    iam = context.endpoint.client("iam")
    if resource.existing is not None:
        _refuse_renaming(resource, "RoleName", resource.existing.ref, name)
    else:
        trust = json.dumps(resource.of("AssumeRolePolicyDocument"))
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    role = iam.get_role(RoleName=name)["Role"]
    for policy_arn in resource.of("ManagedPolicyArns", []):
        iam.attach_role_policy(RoleName=name, PolicyArn=policy_arn)
    return PhysicalResource(name, {"Arn": role["Arn"], "RoleId": role["RoleId"]})


def _create_policy(resource: Resource, context: StackContext) -> PhysicalResource:
    iam = context.endpoint.client("iam")
    name = resource.of("PolicyName")
    for statement in resource.of("PolicyDocument")["Statement"]:
        for element in UNSUPPORTED_POLICY_ELEMENTS & set(statement):
            raise LocalError(f"the property PolicyDocument has {element}, not supported here")
    document = json.dumps(resource.of("PolicyDocument"))
    for role in resource.of("Roles", []):
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)
        context.removable.add(RolePolicy(role, name))
    return PhysicalResource(name)


def _create_permission(resource: Resource, context: StackContext) -> PhysicalResource:
    permission = FunctionPermission(
        resource.of("FunctionName"),
        InvokePermission(resource.of("Action"), resource.of("Principal"), resource.of("SourceArn")),
    )
    context.functions.add_permission(permission.function_name, permission.permission)
    context.removable.add(permission)
    return PhysicalResource(resource.logical_id)


def _create_rule(resource: Resource, context: StackContext) -> PhysicalResource:
    pattern, state = resource.of("EventPattern"), resource.of("State", "ENABLED")
    if not isinstance(pattern, dict) or not pattern:
        raise LocalError("the property EventPattern must be an object that is not empty")
    if state not in ("ENABLED", "DISABLED"):
        raise LocalError(f"the property State must be ENABLED or DISABLED here, got {state}")
    targets = resource.of("Targets", [])
    for rule_target in targets:
        for key in set(rule_target) - {"Arn", "Id"}:
            raise LocalError(f"the property Targets has {key}, not supported here")
        if ":lambda:" not in rule_target["Arn"]:
            raise LocalError(f"the property Targets has {rule_target['Arn']}: functions alone here")
    rule = EventRule(context.name(resource, "Name"))
    arn = rule.put(context.endpoint, json.dumps(pattern), state, targets)
    context.removable.add(rule)
    return PhysicalResource(rule.name, {"Arn": arn})


def _create_log_group(resource: Resource, context: StackContext) -> PhysicalResource:
    name = context.name(resource, "LogGroupName")
    if resource.existing is not None:
        _refuse_renaming(resource, "LogGroupName", resource.existing.ref, name)
    else:
        context.endpoint.client("logs").create_log_group(logGroupName=name)
    return PhysicalResource(
        name, {"Arn": f"arn:{PARTITION}:logs:{REGION}:{ACCOUNT}:log-group:{name}:*"}
    )


def _create_state_machine(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.of("StateMachineType", "STANDARD") != "STANDARD":
        raise LocalError("the property StateMachineType must be STANDARD here")
    name = context.name(resource, "StateMachineName")
    step_functions = context.endpoint.client("stepfunctions")
    settings = {"definition": resource.of("DefinitionString"), "roleArn": resource.of("RoleArn")}
    refuse_unsupported_states(settings["definition"])
    if resource.existing is not None:
        _refuse_renaming(resource, "StateMachineName", resource.existing.attributes["Name"], name)
        step_functions.update_state_machine(stateMachineArn=resource.existing.ref, **settings)
        return resource.existing
    arn = step_functions.create_state_machine(name=name, **settings)["stateMachineArn"]
    context.state_machine_arns.append(arn)
    return PhysicalResource(arn, {"Arn": arn, "Name": name})


def _create_nothing(resource: Resource, _target: StackContext) -> PhysicalResource:
    return PhysicalResource(resource.logical_id)


RESOURCE_TYPES = {
    **MONITORING_TYPES,
    "AWS::CDK::Metadata": ResourceType.of(_create_nothing, "", "Analytics"),
    "AWS::Events::Rule": ResourceType.of(
        _create_rule, "EventPattern! Name State Targets", "Description"
    ),
    "AWS::IAM::Policy": ResourceType.of(_create_policy, "PolicyDocument! PolicyName! Roles"),
    "AWS::IAM::Role": ResourceType.of(
        _create_role, "AssumeRolePolicyDocument! ManagedPolicyArns RoleName", "Description Tags"
    ),
    "AWS::Lambda::Alias": ResourceType.of(
        _create_alias, "FunctionName! FunctionVersion! Name!", "Description"
    ),
    "AWS::Lambda::Function": ResourceType.of(
        _create_function,
        "Architectures Code! DurableConfig Environment FunctionName Handler! Layers LoggingConfig "
        "MemorySize Role! Runtime! Timeout",
        "Description Tags TracingConfig",
    ),
    "AWS::Lambda::LayerVersion": ResourceType.of(
        _create_layer,
        "Content! LayerName",
        "CompatibleArchitectures CompatibleRuntimes Description LicenseInfo",
    ),
    "AWS::Lambda::Version": ResourceType.of(_create_version, "FunctionName!", "Description"),
    "AWS::Lambda::Permission": ResourceType.of(
        _create_permission, "Action! FunctionName! Principal! SourceArn", "SourceAccount"
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
