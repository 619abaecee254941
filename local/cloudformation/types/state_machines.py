# SPDX-License-Identifier: MIT-0
"""Step Functions' resource types: state machines, their versions and aliases, activities."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...endpoint.endpoint import Endpoint
from ...environment import environment
from ...errors import LocalError
from ...step_functions.definition import require_definition, waits_for_child
from ...step_functions.machines.type import EXPRESS, STANDARD
from ..assembly import StackArtifact
from ..code_assets import asset_text
from ..resource import Resource, ResourceType, StackContext
from ..templates.draft import UNKNOWN_NAME, Draft
from ..templates.physical_resource import PhysicalResource
from .access.trust import require_actions, require_trust
from .delete_call import delete_call

STATE_MACHINE = "AWS::StepFunctions::StateMachine"
MANAGED_RULE = "StepFunctionsGetEventsForStepFunctionsExecutionRule"
INITIAL_REVISION = "INITIAL"
ALL_AT_ONCE = "ALL_AT_ONCE"
# The properties of which one has the definition.
_SOURCES = frozenset({"Definition", "DefinitionS3Location", "DefinitionString"})
_SUBSTITUTION = re.compile(r"\$\{(\w+)\}")


def _check_state_machine(properties: Mapping[str, Any]) -> Iterable[str]:
    kind = properties.get("StateMachineType", STANDARD)
    if kind not in (STANDARD, EXPRESS):
        yield f"the property StateMachineType must be {STANDARD} or {EXPRESS}, got {kind}"
    if not _SOURCES & set(properties):
        yield "the property DefinitionString is missing"


def definition_of(resource: Resource, stack: StackArtifact) -> str:
    """The definition as JSON text, with its substitutions made.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html

    Raises:
        LocalError: DefinitionS3Location names no asset of the stack
    """
    text = _definition_text(resource, stack)
    values = resource.of("DefinitionSubstitutions", {})

    def substitute(match: re.Match[str]) -> str:
        if match[1] not in values:
            return match[0]
        # Within a JSON text: quotes of the value must not end it.
        value = values[match[1]]
        return json.dumps(value)[1:-1] if isinstance(value, str) else json.dumps(value)

    return _SUBSTITUTION.sub(substitute, text)


def _definition_text(resource: Resource, stack: StackArtifact) -> str:
    location = resource.of("DefinitionS3Location")
    if location is not None:
        return asset_text(stack, location.get("Key", ""))
    text = resource.of("DefinitionString")
    return str(text) if text is not None else json.dumps(resource.of("Definition"))


def problem_of_draft(
    properties: Mapping[str, Any], draft: Draft, stack: StackArtifact
) -> str | None:
    """What is wrong with a definition for all values that are not known yet."""
    if not _SOURCES & set(properties):
        return None
    wanted = {*_SOURCES, "DefinitionSubstitutions", "StateMachineType"} & set(properties)
    try:
        resolved = draft.resolve({name: properties[name] for name in wanted})
        resource = Resource("", STATE_MACHINE, resolved)
        definition = definition_of(resource, stack)
    except (LocalError, LookupError, ValueError, TypeError, AttributeError):
        # Perhaps for a placeholder alone; the deployment itself would tell.
        return None
    try:
        require_definition(definition, resource.of("StateMachineType", STANDARD), UNKNOWN_NAME)
    except LocalError as error:
        return str(error)
    return None


def _create_state_machine(resource: Resource, context: StackContext) -> PhysicalResource:
    name = context.name(resource, "StateMachineName")
    step_functions = context.endpoint.client("stepfunctions")
    settings = {
        "definition": definition_of(resource, context.stack),
        "roleArn": resource.of("RoleArn"),
    }
    kind = resource.of("StateMachineType", STANDARD)
    require_definition(settings["definition"], kind)
    require_trust(
        resource.of("RoleArn"),
        "states",
        "Neither the global service principal states.amazonaws.com, nor the regional one is "
        "authorized to assume the provided role.",
    )
    _require_managed_rule(resource.of("RoleArn"), settings["definition"])
    if resource.existing is not None:
        resource.refuse_change("StateMachineName", resource.existing.attributes["Name"], name)
        resource.refuse_change(
            "StateMachineType", resource.previous.get("StateMachineType", STANDARD), kind
        )
        step_functions.update_state_machine(stateMachineArn=resource.existing.ref, **settings)
        arn = resource.existing.ref
    else:
        arn = step_functions.create_state_machine(name=name, type=kind, **settings)[
            "stateMachineArn"
        ]
    described = step_functions.describe_state_machine(stateMachineArn=arn)
    revision = described.get("revisionId", INITIAL_REVISION)
    return PhysicalResource(arn, {"Arn": arn, "Name": name, "StateMachineRevisionId": revision})


def _require_managed_rule(role_arn: str, definition: str) -> None:
    """Refuse a role that may not make the rule by which a task learns of its child's end.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
    """
    if waits_for_child(definition):
        require_actions(
            role_arn,
            environment().arn("events", f"rule/{MANAGED_RULE}"),
            ("events:PutTargets", "events:PutRule", "events:DescribeRule"),
            f"'{role_arn}' is not authorized to create managed-rule",
        )


@dataclass(frozen=True)
class StateMachineVersion:
    """A published version that the template does not retain."""

    arn: str

    def delete(self, endpoint: Endpoint) -> None:
        client = endpoint.client("stepfunctions")
        client.delete_state_machine_version(stateMachineVersionArn=self.arn)


def _create_version(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.existing is not None and resource.properties == resource.previous:
        return resource.existing
    request = {
        "stateMachineArn": resource.of("StateMachineArn"),
        "description": resource.of("Description"),
        "revisionId": resource.of("StateMachineRevisionId"),
    }
    arn = context.endpoint.client("stepfunctions").publish_state_machine_version(
        **{name: value for name, value in request.items() if value is not None}
    )["stateMachineVersionArn"]
    removables = () if resource.is_retained else (StateMachineVersion(arn),)
    return PhysicalResource(arn, {"Arn": arn}, removables)


@dataclass(frozen=True)
class StateMachineAlias:
    """An alias of a state machine."""

    arn: str

    def delete(self, endpoint: Endpoint) -> None:
        client = endpoint.client("stepfunctions")
        client.delete_state_machine_alias(stateMachineAliasArn=self.arn)


def _check_alias(properties: Mapping[str, Any]) -> Iterable[str]:
    preference = properties.get("DeploymentPreference")
    if (preference is None) == ("RoutingConfiguration" not in properties):
        yield "it must have either RoutingConfiguration or DeploymentPreference"
    if preference is not None and preference.get("Type") != ALL_AT_ONCE:
        yield f"the property DeploymentPreference must have the Type {ALL_AT_ONCE} here"


def _create_alias(resource: Resource, context: StackContext) -> PhysicalResource:
    step_functions = context.endpoint.client("stepfunctions")
    name = context.name(resource, "Name")
    request = {"routingConfiguration": _routing(resource)}
    if resource.of("Description") is not None:
        request["description"] = resource.of("Description")
    machine = request["routingConfiguration"][0]["stateMachineVersionArn"].rsplit(":", 1)[0]
    arn = f"{machine}:{name}"
    if resource.existing is not None and resource.existing.ref == arn:
        step_functions.update_state_machine_alias(stateMachineAliasArn=arn, **request)
    else:
        step_functions.create_state_machine_alias(name=name, **request)
    removables = () if resource.is_retained else (StateMachineAlias(arn),)
    return PhysicalResource(arn, {"Arn": arn}, removables)


def _routing(resource: Resource) -> list[dict[str, Any]]:
    preference = resource.of("DeploymentPreference")
    if preference is not None:
        return [{"stateMachineVersionArn": preference["StateMachineVersionArn"], "weight": 100}]
    return [
        {"stateMachineVersionArn": item["StateMachineVersionArn"], "weight": int(item["Weight"])}
        for item in resource.of("RoutingConfiguration")
    ]


def _create_activity(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    resource.refuse_replacement("Name")
    name = context.name(resource, "Name")
    step_functions = context.endpoint.client("stepfunctions")
    arn = step_functions.create_activity(name=name)["activityArn"]
    deleted = delete_call("stepfunctions", "delete_activity", activityArn=arn)
    return PhysicalResource(arn, {"Arn": arn, "Name": name}, resource.removables(deleted))


TYPES = {
    "AWS::StepFunctions::Activity": ResourceType.of(
        _create_activity, "Name!", "EncryptionConfiguration Tags"
    ),
    STATE_MACHINE: ResourceType.of(
        _create_state_machine,
        "Definition DefinitionS3Location DefinitionString DefinitionSubstitutions RoleArn! "
        "StateMachineName StateMachineType",
        "EncryptionConfiguration LoggingConfiguration Tags TracingConfiguration",
        check=_check_state_machine,
    ),
    "AWS::StepFunctions::StateMachineAlias": ResourceType.of(
        _create_alias,
        "DeploymentPreference Description Name RoutingConfiguration",
        check=_check_alias,
    ),
    "AWS::StepFunctions::StateMachineVersion": ResourceType.of(
        _create_version, "Description StateMachineArn! StateMachineRevisionId"
    ),
}
